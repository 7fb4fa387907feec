"""The modules of the ontology: a file for each, and the terms that it declares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from taxonomy import assets
from taxonomy.errors import CurationError
from taxonomy.namespaces import BASE, DCTERMS, OWL, RDF, SV

ONTOLOGY: Final = BASE + "ontology"
_TYPE, _MODULE = NamedNode(RDF + "type"), NamedNode(OWL + "Ontology")
_IMPORTS, _TITLE = NamedNode(OWL + "imports"), NamedNode(DCTERMS + "title")
_ABOUT = NamedNode(DCTERMS + "description")


@dataclass(frozen=True, slots=True)
class Module:
    """One module: its name as in its IRI, what it is about, and the IRIs of the terms of ours that it declares."""

    name: str  # as in defined/services; empty for the file that names the modules
    title: str
    about: str
    path: Path
    terms: frozenset[str]


@cache
def load(folder: Path | None = None) -> tuple[Module, ...]:
    """The modules below a folder (the knowledge folder ``ontology`` when none is named), in the order of import.

    >>> [module.name for module in load() if "https://w3id.org/svssv/ontology#Service" in module.terms]
    ['service']

    Raises:
        CurationError: a file is no Turtle, or declares no ontology; names the file.
    """
    found: dict[str, Module] = {}
    order: dict[str, int] = {}
    for path in sorted((folder or assets.folder("ontology")).rglob("*.ttl")):
        try:
            triples = [quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)]
        except (SyntaxError, OSError) as error:
            raise CurationError(path, str(error)) from error
        module = _module(path, triples)
        found[module.name] = module
        imported = (_name(triple.object) for triple in triples if triple.predicate == _IMPORTS)
        order |= {name: place for place, name in enumerate(imported)}
    return tuple(sorted(found.values(), key=lambda module: (order.get(module.name, len(order)), module.name)))


def _module(path: Path, triples: list[Triple]) -> Module:
    typed = {(triple.subject, triple.object) for triple in triples if triple.predicate == _TYPE}
    itself = next((subject for subject, kind in typed if kind == _MODULE), None)
    if itself is None:
        raise CurationError(path, "declares no owl:Ontology")
    terms = {subject.value for subject, _ in typed if isinstance(subject, NamedNode) and subject.value.startswith(SV)}
    said = {triple.predicate: getattr(triple.object, "value", "") for triple in triples if triple.subject == itself}
    return Module(_name(itself), said.get(_TITLE, ""), said.get(_ABOUT, ""), path, frozenset(terms))


def _name(iri: object) -> str:
    return str(getattr(iri, "value", "")).removeprefix(ONTOLOGY).strip("/")
