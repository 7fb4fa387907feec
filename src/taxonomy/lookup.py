"""Looking things up in a release: what each is called, and which one a name, a code or a short name means."""

from __future__ import annotations

import difflib
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import cached_property
from typing import Final

from taxonomy import namespaces
from taxonomy.analysis import gazetteer
from taxonomy.analysis.gazetteer import Gazetteer, Match
from taxonomy.errors import NotFoundError, SeveralError
from taxonomy.kept import Kept
from taxonomy.questions.binding import Given
from taxonomy.questions.results import Answer

ADDRESS: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]{1,2000}")
_AT_ONCE: Final = 200  # IRIs whose labels are looked up in one query
_NAMELESS: Final = 4 * 2**20  # bytes of IRIs without a label that are kept: anybody may ask for any number of them


class Lookup(ABC):
    """The names of a release; a knowledge graph is one. What was looked up once is not asked again."""

    @abstractmethod
    def _plain(self, name: str, /, **given: Given) -> Answer:
        """The answer to a named question, with values as they are and without labels."""

    def label(self, iri: str) -> str:
        """The label of a thing; its shortened IRI where it has none."""
        return self._known_labels.get(iri) or self.labels([iri]).get(iri) or namespaces.shorten(iri)

    def labels(self, iris: Iterable[str]) -> dict[str, str]:
        """The labels of these things, without those that have none."""
        wanted = [iri for iri in dict.fromkeys(iris) if ADDRESS.fullmatch(iri)]
        known, nameless = self._known_labels, self._nameless
        missing = [iri for iri in wanted if iri not in known and nameless.get(iri) is None]
        for start in range(0, len(missing), _AT_ONCE):
            some = missing[start : start + _AT_ONCE]
            found = {str(row["thing"]): str(row["label"] or "") for row in self._plain("labels", thing=some)}
            known |= {iri: label for iri, label in found.items() if label}
            for iri in some:
                if iri not in known:
                    nameless.put(iri, iri)
        return {iri: known[iri] for iri in wanted if iri in known}

    def area(self, key: str) -> str:
        """The IRI of an area, from its GSS or ODS code, short name, label, other name or IRI.

        Of several areas with one name the one in force is meant; where that is not one, none is.

        Raises:
            NotFoundError: there is none; names the nearest.
            SeveralError: there are more than one; names them.
        """
        found = self._gazetteer.named(key)
        if len(found) == 1:
            return found[0].name.iri
        if found:
            raise SeveralError("area", key, near=[place.called for place in found])
        raise NotFoundError("area", key, near=self._gazetteer.near(key))

    def areas(self, words: str) -> tuple[Match, ...]:
        """Areas found by words of a name, of another or a former name, or by a code; best first.

        Where no name has such words, areas whose names are spelt nearly so.
        """
        return self._gazetteer.search(words)

    def thing(self, key: str, *, base: str = namespaces.ID) -> str:
        """The IRI of a thing that this release names, from ``<kind>/<slug>`` or its IRI.

        ``base`` is where short names live: things, or ``namespaces.CONCEPT`` for concepts. In a practice home a
        made-up thing has the same short name under ``https://example.org/``.

        Raises:
            NotFoundError: this release names no such thing; gives the nearest.
        """
        bases = [base, namespaces.EXAMPLE + base.removeprefix(namespaces.BASE)]
        candidates = [key] if ADDRESS.fullmatch(key) else [each + key for each in bases]
        if found := list(self.labels(candidates)):
            return found[0]
        if ADDRESS.fullmatch(key) and self._mentioned(key):
            return key
        kind = "concept" if base == namespaces.CONCEPT else "thing"
        iris = [str(row["thing"]) for row in self._plain("names")]
        names = [iri.removeprefix(each) for each in bases for iri in iris if iri.startswith(each)]
        raise NotFoundError(kind, key, near=_near(key.removeprefix(base), names))

    def _mentioned(self, iri: str) -> bool:
        return bool(self._plain("mentions", thing=iri).rows)

    @cached_property
    def _known_labels(self) -> dict[str, str]:
        return {}

    @cached_property
    def _nameless(self) -> Kept[str]:
        return Kept(_NAMELESS, len)

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        return gazetteer.of(self._plain("known-areas"))


def _near(key: str, names: list[str], *, most: int = 3) -> list[str]:
    """The names whose last step begins as the key does, then those that hold it, then those spelt nearly so.

    >>> _near("isva", ["service/cse", "service/isva-avon", "group/team-isva-kent", "service/visva"])
    ['service/isva-avon', 'service/visva', 'group/team-isva-kent']
    """
    written = key.casefold()
    holding = [name for name in dict.fromkeys(names) if written and written in name.casefold()]
    holding.sort(key=lambda name: (not re.search(f"(^|/){re.escape(written)}[^/]*$", name.casefold()), len(name), name))
    return list(dict.fromkeys([*holding[:most], *difflib.get_close_matches(key, names, n=most)]))[:most]
