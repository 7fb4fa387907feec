"""What records propose to the register: organisations that they name, and that nobody describes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from taxonomy.context import spoken
from taxonomy.fields import TYPE
from taxonomy.intake.admission import PROPOSED
from taxonomy.namespaces import SV
from taxonomy.values import Iri

ORGANISATION: Final = Iri(SV + "Organisation")
WRITTEN: Final = SV + "nameAsPrinted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An organisation as one record names it."""

    name: str  # as the record writes it; empty: it gives the address alone
    parts: tuple[str, ...]  # what it is said to be, such as funder or commissioner; sorted


def named(content: bytes) -> Mapping[Iri, Named]:
    """The organisations that a record names and does not describe; ``content`` is N-Triples.

    >>> here = "https://example.org/id"
    >>> line = f"<{here}/agreement/a/part/1> <{SV}funder> <{here}/organisation/made-up-trust> ."
    >>> [(iri.slug, each.parts) for iri, each in named(line.encode()).items()]
    [('made-up-trust', ('funder',))]
    """
    described: set[str] = set()
    names: dict[str, str] = {}
    parts: defaultdict[str, set[str]] = defaultdict(set)
    for quad in parse(content, RdfFormat.N_TRIPLES):
        subject, path, value = (getattr(term, "value", "") for term in quad.triple)
        if path != WRITTEN:
            described.add(subject)
        elif isinstance(quad.object, Literal):
            names[subject] = min(value, names.get(subject, value))
        if path != TYPE and isinstance(quad.object, NamedNode) and PROPOSED.fullmatch(value):
            parts[value].add(spoken(Iri(path).slug))
    return {
        Iri(iri): Named(name=names.get(iri, ""), parts=tuple(sorted(said)))
        for iri, said in sorted(parts.items())
        if iri not in described
    }


def everything(content: bytes) -> tuple[frozenset[str], frozenset[str]]:
    """Each IRI that a record mentions; and of these the ones that it describes."""
    mentioned: set[str] = set()
    described: set[str] = set()
    for quad in parse(content, RdfFormat.N_TRIPLES):
        mentioned |= {term.value for term in (quad.subject, quad.object) if isinstance(term, NamedNode)}
        if isinstance(quad.subject, NamedNode) and quad.predicate.value != WRITTEN:
            described.add(quad.subject.value)
    return frozenset(mentioned), frozenset(described)
