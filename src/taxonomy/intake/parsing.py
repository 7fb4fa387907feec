"""The worker that parses a stranger's RDF: bytes in; facts, each with its line in the file, out.

It runs in a process of its own with limits (``taxonomy.sandbox``); nothing else imports a parser for uploaded RDF.
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from taxonomy import inside, restricted
from taxonomy.errors import InputError
from taxonomy.frames import Outlet
from taxonomy.intake import jsonld, lines, rdfxml
from taxonomy.intake.lines import Lines, too_many, unreadable
from taxonomy.intake.terms import RELATIVE

LONGEST: Final = 10_000  # characters of one text
LONGEST_IRI: Final = 2_000  # characters
_TEXTS: Final = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
}
SYNTAXES: Final = (*_TEXTS, "rdfxml", "jsonld")


@dataclass(slots=True)
class Facts:
    """What a file says, and where."""

    triples: list[Triple]
    lines: list[int]  # of each triple
    pointers: list[str]  # of each triple, in JSON; else empty


def facts(data: bytes, syntax: str, most: int = 1_000_000) -> Facts:
    """Each fact of a file with its line; ``most`` is how many it may hold.

    Raises:
        InputError: it cannot be read; names the line.
    """
    match syntax:
        case "jsonld":
            read = list(jsonld.read(data))
            quads, places = [quad for quad, _ in read], [place[0] for _, place in read]
        case "rdfxml":
            read = []
            quads, places = _line_by_line(rdfxml.plain(data, most), RdfFormat.RDF_XML, most)
        case _:
            read = []
            quads, places = _at_once(_text(data), syntax, most)
    if len(quads) > most:
        raise too_many(most, places[most])
    triples = [_checked(quad, line) for quad, line in zip(quads, places, strict=True)]
    return Facts(triples, places, [place[1] for _, place in read])


def _text(data: bytes) -> bytes:
    """UTF-8 text that is not obviously something else."""
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise unreadable(data.count(b"\n", 0, error.start) + 1, "it is not UTF-8 text.") from None
    if "\0" in text:
        raise unreadable(data.count(b"\n", 0, data.index(0)) + 1, "it holds a NUL character.")
    if re.match(r"\s*<(?:\?xml|!doctype|!entity|html)", text, re.IGNORECASE):
        raise unreadable(1, "it is XML or a web page.")
    if not text.strip():
        raise InputError("The file is empty.")
    return data


def _at_once(data: bytes, syntax: str, most: int) -> tuple[list[Quad], list[int]]:
    """The facts of a text, and their lines: found side by side, or line by line where the two do not agree."""
    by_line = syntax in {"ntriples", "nquads"}
    places = lines.of_statements(data) if by_line else lines.of_objects(data, most)
    if len(places) > most:
        raise too_many(most, places[most])
    try:
        quads = list(parse(data, format=_TEXTS[syntax]))
    except SyntaxError as error:
        raise unreadable(error.lineno or 1, f"{error.msg}.") from None
    if len(quads) == len(places):
        return quads, places
    return _line_by_line(data, _TEXTS[syntax], most)


def _line_by_line(data: bytes, form: RdfFormat, most: int) -> tuple[list[Quad], list[int]]:
    fed = Lines(data)
    found: list[tuple[Quad, int]] = []
    try:
        quads = islice(parse(fed, format=form), most + 1)  # type: ignore[arg-type]  # it only reads
        found.extend((quad, fed.line) for quad in quads)
    except SyntaxError as error:
        raise unreadable(error.lineno or fed.line, f"{error.msg}.") from None
    return [quad for quad, _ in found], [line for _, line in found]


def _checked(quad: Quad, line: int) -> Triple:
    """The triple of a fact, where a record may hold such a one.

    Raises:
        InputError: it is of a named graph, names no thing, is too long, or is for the steward alone.
    """
    triple, graph = quad.triple, quad.graph_name
    if any(isinstance(term, NamedNode) and term.value.startswith(restricted.TERM) for term in triple):
        raise unreadable(
            line,
            "what is for the steward alone has no place in RDF.",
            f'Write it in a workbook, on the sheet "{restricted.layout().sheet}", where it is sealed.',
        )
    for term in (triple.subject, triple.object):
        if isinstance(term, NamedNode):
            if len(term.value) > LONGEST_IRI:
                raise unreadable(line, f"an IRI is longer than {LONGEST_IRI:,} characters.")
            if term.value.startswith(RELATIVE):
                raise unreadable(line, "an IRI is not whole.", "Begin it with https:// and the name of a site.")
        elif isinstance(term, BlankNode):
            raise unreadable(line, "something has no IRI (a blank node).", "Give everything an IRI of its own.")
        elif isinstance(term, Triple):
            raise unreadable(line, "a statement stands inside a statement.")
        elif len(term.value) > LONGEST:
            raise unreadable(line, f"a text is longer than {LONGEST:,} characters.", "Shorten it.")
    if not isinstance(graph, DefaultGraph):
        raise unreadable(line, "it holds a named graph.", "Take the name of the graph out: a record is one graph.")
    return triple


def answer(request: bytes, out: Outlet) -> None:
    """Write where the facts of a file stand, as one line of JSON, and then each fact."""
    head, _, data = request.partition(b"\n")
    found = facts(data, *json.loads(head))
    out.write(json.dumps([found.lines, found.pointers], separators=(",", ":")).encode() + b"\n")
    out.write(serialize(found.triples, format=RdfFormat.N_TRIPLES) or b"")


if __name__ == "__main__":
    inside.serve(answer, before=restricted.layout)
