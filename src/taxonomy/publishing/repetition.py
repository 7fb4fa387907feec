"""Whether a text repeats something of a record: a name, an address, the name of a thing in an IRI.

What has to be withdrawn may stand in words that people wrote around it: a reason, a note of a release, a query that was
cited. What is found here is what is said in the same words; whoever withdraws reads the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from taxonomy import namespaces as ns

_TEXTS: Final = (ns.XSD + "string", ns.RDF + "langString")
_WORD: Final = re.compile(r"\w+")
_POSTCODE: Final = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\b")
_SHORTEST: Final = 5  # characters of a text that tells something by itself
_RUN: Final = 3  # words in a row that two texts do not share by chance
_IDS: Final = (ns.ID, f"{ns.EXAMPLE}id/")


class Repetition:
    """What some records say, to find it in other texts.

    >>> said = Repetition([b'<https://example.org/id/service/a> <https://example.org/at> "12 Acacia Road, BS1 4QA" .'])
    >>> said.found_in("moved from acacia road, bs14qa"), said.found_in("moved to another road")
    (True, False)
    """

    def __init__(self, records: Iterable[bytes], *, known: Iterable[str] = ()) -> None:
        """The ``records`` are N-Triples; ``known`` are IRIs that are no secret, such as the owner's."""
        self._whole, self._runs, self._postcodes = set[str](), set[tuple[str, ...]](), set[str]()
        open_to_all = set(known)
        for record in records:
            for quad in parse(record, RdfFormat.N_TRIPLES):
                if isinstance(quad.subject, NamedNode) and quad.subject.value not in open_to_all:
                    self._whole.update(_names(quad.subject.value))
                if isinstance(quad.object, Literal) and quad.object.datatype.value in _TEXTS:
                    self._add(quad.object.value.casefold())

    def found_in(self, text: str) -> bool:
        """Whether a text repeats something of the records."""
        folded = text.casefold()
        return (
            any(each in folded for each in self._whole)
            or not self._postcodes.isdisjoint(_postcodes(folded))
            or not self._runs.isdisjoint(_runs(folded))
        )

    def _add(self, text: str) -> None:
        if len(text) >= _SHORTEST:
            self._whole.add(text)
        self._runs |= _runs(text)
        self._postcodes |= _postcodes(text)


def _names(iri: str) -> Iterable[str]:
    """An IRI as it is written whole, and as a question takes it."""
    yield iri.casefold()
    for base in _IDS:
        if iri.startswith(base):
            yield iri.removeprefix(base).casefold()


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text)
    return {tuple(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1)}


def _postcodes(text: str) -> set[str]:
    return {outward + inward for outward, inward in _POSTCODE.findall(text)}
