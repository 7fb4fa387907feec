"""Documents for the tests of standards: small made-up files, and the real ones where they lie beside the checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode

from taxonomy.context import Context
from taxonomy.namespaces import CONCEPT, DCTERMS, EXAMPLE, GSS, ID, RDFS, SV
from taxonomy.records import Place, Record

FILES = Path(__file__).parent / "files"
_SHORT = {SV: "sv:", RDFS: "rdfs:", DCTERMS: "dcterms:", CONCEPT: "", GSS: "", ID: "", EXAMPLE + "id/": "example:"}


class Plain:
    """A document whose places are its pointers."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def place(self, pointer: str, /) -> Place:
        return Place(pointer=pointer)


@pytest.fixture(scope="session")
def known() -> Context:
    return Context.bundled()


@pytest.fixture(scope="session")
def reference(shared: Path) -> Path:
    return shared / "reference"


def said(record: Record, thing: str) -> dict[str, list[str]]:
    """What a record says of a thing, by property: names without their beginning, values as text."""
    found: dict[str, list[str]] = {}
    for triple in record.triples:
        assert isinstance(triple.subject, NamedNode)
        if _short(triple.subject.value) == thing:
            value = triple.object.value  # type: ignore[union-attr]  # it is no blank node
            found.setdefault(_short(triple.predicate.value), []).append(_short(value))
    return found


def _short(iri: str) -> str:
    return next((f"{short}{iri.removeprefix(long)}" for long, short in _SHORT.items() if iri.startswith(long)), iri)
