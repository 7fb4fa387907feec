"""The W3C's tests of the syntaxes of RDF 1.1: what our reading of records makes of each, and what our answers say.

A record is one graph of things with IRIs. So a file that says more is refused on purpose, and told why: a named graph,
a thing without an IRI, an IRI that is whole only beside the file's own address. What else is refused, or read
otherwise, is listed in ``exceptions.csv``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Quad, QuerySolutions, RdfFormat, Store, Triple, parse
from tests.conformance.test_evaluation import exceptions

from taxonomy.errors import InputError
from taxonomy.intake import parsing
from taxonomy.store import embedded
from taxonomy.store.base import Request
from taxonomy.store.readers import ReaderPool

BASE = "http://www.w3.org/2013/"
ELSEWHERE = "https://example.org/elsewhere/file"  # another address of the same file
ANY = "https://example.org/any"
TESTS = """
PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#>
SELECT DISTINCT ?kind ?file ?result WHERE {
  ?test a ?kind ; mf:action ?file .
  FILTER STRSTARTS(STR(?kind), "http://www.w3.org/ns/rdftest#")
  OPTIONAL { ?test mf:result ?result }
}
"""


@dataclass(frozen=True, slots=True)
class Suite:
    """One folder of tests, all of one syntax."""

    folder: str
    address: str
    syntax: str  # as our intake calls it
    form: RdfFormat
    tests: int


SUITES = [
    Suite("turtle", f"{BASE}TurtleTests/", "turtle", RdfFormat.TURTLE, 291),
    Suite("ntriples", f"{BASE}N-TriplesTests/", "ntriples", RdfFormat.N_TRIPLES, 68),
    Suite("nquads", f"{BASE}N-QuadsTests/", "nquads", RdfFormat.N_QUADS, 85),
    Suite("trig", f"{BASE}TriGTests/", "trig", RdfFormat.TRIG, 335),
    Suite("rdf-xml", f"{BASE}RDFXMLTests/", "rdfxml", RdfFormat.RDF_XML, 162),
]
BY_FOLDER = pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.folder)


@dataclass(frozen=True, slots=True)
class Case:
    """One test: a file that is right or wrong, and, where that is given, what it says."""

    suite: Suite
    name: str
    kind: str
    data: bytes
    result: Path | None

    @property
    def wrong(self) -> bool:
        return "Negative" in self.kind

    def read(self, address: str = "") -> list[Quad]:
        """What the engine alone reads."""
        address = address or self.suite.address + self.name.removeprefix(f"{self.suite.folder}/")
        return list(parse(self.data, format=self.suite.form, base_iri=address, rename_blank_nodes=True))

    def wanted(self) -> list[Quad]:
        """What the W3C says that the file says; the engine's word, where the test asks only that it can be read."""
        if self.result is None:
            return self.read()
        form = RdfFormat.from_extension(self.result.suffix[1:])
        return list(parse(path=self.result, format=form, lenient=True, rename_blank_nodes=True))

    def more_than_a_record(self) -> Iterator[str]:
        """What it says that no record may, as words of the refusals that tell of it."""
        wanted = self.wanted()
        if any(not isinstance(quad.graph_name, DefaultGraph) for quad in wanted):
            yield "named graph"
        if any(isinstance(term, BlankNode) for quad in wanted for term in (quad.subject, quad.object)):
            yield "blank node"
        if same(self.read()) != same(self.read(ELSEWHERE)):
            yield "IRI"


def cases(suites: Path, suite: Suite) -> list[Case]:
    folder = suites / suite.folder
    manifest = Store()
    manifest.bulk_extend(
        parse(path=folder / "manifest.ttl", format=RdfFormat.TURTLE, base_iri=f"{suite.address}manifest.ttl")
    )
    found = manifest.query(TESTS)
    assert isinstance(found, QuerySolutions)

    def place(iri: str) -> Path:
        return folder / iri.removeprefix(suite.address)

    return [
        Case(
            suite=suite,
            name=f"{suite.folder}/{row['file'].value.removeprefix(suite.address)}",
            kind=row["kind"].value.rpartition("#")[2],
            data=place(row["file"].value).read_bytes(),
            result=place(row["result"].value) if row["result"] else None,
        )
        for row in found
    ]


def same(quads: list[Quad] | list[Triple]) -> frozenset[Triple]:
    """What is said, whatever the names of its blank nodes and of its graph."""
    return embedded.normal(ANY, (quad.triple if isinstance(quad, Quad) else quad for quad in quads))


def of(suite: Suite) -> set[str]:
    return {name for name in exceptions() if name.startswith(f"{suite.folder}/")}


@BY_FOLDER
def test_the_suite_is_whole(suites: Path, suite: Suite) -> None:
    assert len(cases(suites, suite)) == suite.tests


@BY_FOLDER
def test_every_file_that_is_wrong_is_refused_with_its_line(suites: Path, suite: Suite) -> None:
    for case in cases(suites, suite):
        if case.wrong:
            with pytest.raises(InputError) as caught:
                parsing.facts(case.data, suite.syntax)
            assert "line" in caught.value.where, case.name


@BY_FOLDER
def test_every_file_that_is_right_is_read_as_the_w3c_says_or_refused_on_purpose(suites: Path, suite: Suite) -> None:
    otherwise = set()
    for case in cases(suites, suite):
        if case.wrong:
            continue
        more = list(case.more_than_a_record())
        try:
            read = parsing.facts(case.data, suite.syntax).triples
        except InputError as error:
            if not any(words in str(error) for words in more):
                otherwise.add(case.name)
        else:
            if more or same(read) != same(case.wanted()):
                otherwise.add(case.name)
    assert otherwise == of(suite)


@BY_FOLDER
def test_most_files_that_are_right_are_read_or_little_would_be_shown(suites: Path, suite: Suite) -> None:
    right = [case for case in cases(suites, suite) if not case.wrong]
    plain = [case for case in right if not list(case.more_than_a_record())]
    assert len(plain) > len(right) / 4
    assert len(of(suite)) < len(right) / 10


@pytest.fixture(scope="module")
def said(suites: Path) -> dict[str, frozenset[Triple]]:
    """What every file that is right says, as one graph."""
    return {
        BASE + case.name: frozenset(quad.triple for quad in case.wanted())
        for suite in SUITES
        for case in cases(suites, suite)
        if not case.wrong
    }


@pytest.fixture(scope="module")
def readers(said: dict[str, frozenset[Triple]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReaderPool]:
    path = tmp_path_factory.mktemp("syntaxes") / "store"
    embedded.write(path, said)
    with ReaderPool(path, size=1) as pool:
        yield pool


@pytest.mark.parametrize(
    "form",
    [
        RdfFormat.TURTLE,
        RdfFormat.TRIG,
        RdfFormat.N_TRIPLES,
        RdfFormat.N_QUADS,
        RdfFormat.RDF_XML,
        RdfFormat.JSON_LD,
        RdfFormat.N3,
    ],
    ids=lambda form: form.file_extension,
)
def test_whatever_a_graph_says_an_answer_says_it_in_every_syntax(
    said: dict[str, frozenset[Triple]], readers: ReaderPool, form: RdfFormat
) -> None:
    otherwise = []
    for name, triples in said.items():
        query = Request(
            query="CONSTRUCT WHERE { ?s ?p ?o }", default_graphs=(name,), named_graphs=(), graphs=form.media_type
        )
        reply = readers.ask(query)
        if same(list(parse(reply.body, format=form, lenient=True))) != same(list(triples)):
            otherwise.append(name.removeprefix(BASE))
    assert otherwise == []
