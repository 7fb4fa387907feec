"""The engines that say what breaks the shapes: pySHACL, whose word holds, and a fast one that is held to it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import version
from typing import Final, NamedTuple, Protocol

import pyshacl_turbo
import rdflib
from pyoxigraph import RdfFormat, Triple, parse, serialize
from pyshacl_turbo.rdf import Input
from rdflib.namespace import SH

from taxonomy.errors import InputError
from taxonomy.validation import graphs
from taxonomy.values import Iri

REFERENCE: Final = "pyshacl"
FAST: Final = "pyshacl-turbo"
AUTO: Final = "auto"


class Result(NamedTuple):
    """One line of what an engine says, without anything that two engines word differently."""

    shape: Iri
    focus: Iri
    path: Iri | None  # None: no path, or one of several steps
    value: str | None
    component: Iri


class Engine(Protocol):
    """Runs one set of shapes over any number of graphs."""

    name: str

    def report(self, facts: bytes, foci: Iterable[str] | None = None) -> rdflib.Graph:
        """The SHACL validation report on some facts, which come as N-Triples.

        ``foci`` may spare the engine work: what it says of other things is not asked for.
        """
        ...


class Reference:
    """pySHACL: nothing is read but what it is given, and nothing is run but the shapes."""

    name = REFERENCE

    def __init__(self, shapes: rdflib.Graph) -> None:
        self._shapes = shapes
        self._alone = threading.Lock()  # it keeps what it works out in the graph of shapes

    def report(self, facts: bytes, foci: Iterable[str] | None = None) -> rdflib.Graph:  # noqa: ARG002  # no gain here
        """The report on some facts."""
        import pyshacl  # only here: to import it takes longer than to check a hundred records by the other engine

        report: rdflib.Graph
        with self._alone:
            _, report, _ = pyshacl.validate(
                graphs.graph(quad.triple for quad in parse(facts, format=RdfFormat.N_TRIPLES)),
                shacl_graph=self._shapes,
                advanced=False,
                js=False,
                inplace=False,
                inference="none",
                do_owl_imports=False,
                meta_shacl=False,
            )
        return report


class Fast:
    """pyshacl-turbo, with shapes compiled once; it gets text that is said to be N-Triples, never a name to look up."""

    name = FAST

    def __init__(self, shapes: rdflib.Graph) -> None:
        self._shapes = pyshacl_turbo.CompiledShapes(shapes)

    def report(self, facts: bytes, foci: Iterable[str] | None = None) -> rdflib.Graph:
        """The report on some facts."""
        # a prefix of no use, so that no name of a thing is taken for a short one of a prefix that the shapes bind
        given = Input(facts.decode(), "nt", None, {}, {"": ""}, preserve_ids=True)
        report: rdflib.Graph
        _, report, _ = self._shapes.validate(given, focus_nodes=None if foci is None else list(foci))
        return report


_MADE: Final[Mapping[str, Callable[[], Engine]]] = {
    FAST: lambda: Fast(graphs.lean()),
    REFERENCE: lambda: Reference(graphs.shapes()),
}
NAMES: Final = (AUTO, *_MADE)


@cache
def engine(name: str) -> Engine:
    """An engine that runs the shapes of a record, made once.

    >>> engine(AUTO).name
    'pyshacl-turbo'

    Raises:
        InputError: there is no such engine.
    """
    if name == AUTO:
        return engine(FAST)
    if name not in _MADE:
        raise InputError(f"There is no engine {name!r}.", hint=f"Use {' or '.join(NAMES)}.")
    return _MADE[name]()


def full_name(name: str) -> str:
    """An engine's name with its version, for a report.

    >>> full_name(REFERENCE).startswith("pyshacl 0.")
    True
    """
    return f"{name} {version(name)}"


def results(report: rdflib.Graph) -> Iterator[Result]:
    """What a report says, line by line, in no order."""
    for each in report.objects(None, SH.result):
        path, value = report.value(each, SH.resultPath), report.value(each, SH.value)
        yield Result(
            shape=Iri(report.value(each, SH.sourceShape)),
            focus=Iri(report.value(each, SH.focusNode)),
            path=Iri(path) if isinstance(path, rdflib.URIRef) else None,
            value=None if value is None else str(value),
            component=Iri(report.value(each, SH.sourceConstraintComponent)),
        )


def ntriples(facts: Iterable[Triple]) -> bytes:
    """Facts as the text that every engine takes."""
    return serialize(map(graphs.plain, facts), format=RdfFormat.N_TRIPLES) or b""
