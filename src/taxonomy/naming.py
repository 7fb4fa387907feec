"""Names for the things of a record: the short form of what a thing is called, and an IRI that no other thing has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

from taxonomy.context import fold
from taxonomy.namespaces import EXAMPLE, ID
from taxonomy.values import Iri

MADE_UP: Final = EXAMPLE + "id/"  # below it stand the things of made-up records
_FORMED: Final = re.compile(rf"(?:{re.escape(ID)}|{re.escape(MADE_UP)})([a-z]+)/[a-z0-9]+(?:-[a-z0-9]+)*")


def slug(name: str) -> str:
    """The short name of a thing in its IRI.

    >>> slug("Made-Up Centre (North)")
    'made-up-centre-north'
    """
    words = re.findall(r"[a-z0-9]+", fold(name))
    return "-".join(words)[:60].strip("-") or "unnamed"


def base(*, practice: bool) -> str:
    """What the IRIs of a record's things begin with."""
    return MADE_UP if practice else ID


def is_ours(iri: str, kind: str) -> bool:
    """Whether an IRI has the form of a thing of ours, of one kind.

    >>> is_ours("https://example.org/id/service/made-up-counselling", "service")
    True
    """
    formed = _FORMED.fullmatch(iri)
    return formed is not None and formed[1] == kind


Kept = Mapping[tuple[str, str], Iri]  # a kind and a folded name: the IRI that the thing has had since its first use


class Names:
    """The IRIs of one organisation's things: each is given once.

    ``kept`` are those that some things have already: an IRI does not change when the thing gets another name.
    """

    def __init__(self, owner: Iri, kept: Kept | None = None) -> None:
        self.owner = owner
        self.base = base(practice=owner.startswith(EXAMPLE))
        self._kept = {
            key: iri for key, iri in (kept or {}).items() if iri.startswith(self.base) and is_ours(iri, key[0])
        }
        self._taken = set(self._kept.values())
        self._left = dict(self._kept)  # of which each is for the first thing of its name
        self._given: Counter[str] = Counter()

    def own(self, name: str) -> str:
        """A slug that no other organisation's thing of that name will have."""
        start, short = self.owner.slug, slug(name)
        return short if short.startswith(f"{start}-") else f"{start}-{short}"

    def named(self, kind: str, name: str) -> Iri:
        """For a thing with a name.

        >>> Names(Iri("https://example.org/id/organisation/made-up")).named("service", "Counselling")
        'https://example.org/id/service/made-up-counselling'
        """
        return self._left.pop((kind, fold(name)), None) or self.given(f"{kind}/{self.own(name)}")

    def kept(self, kind: str, name: str) -> Iri | None:
        """The IRI that a thing of this kind and name has already, where it has one."""
        return self._kept.get((kind, fold(name)))

    def given(self, local: str) -> Iri:
        """For a kind and a slug; the second thing of that slug gets a number."""
        while True:
            self._given[local] += 1
            number = self._given[local]
            iri = Iri(f"{self.base}{local}" + (f"-{number}" if number > 1 else ""))
            if iri not in self._taken:
                return iri

    def part(self, parent: Iri, kind: str) -> Iri:
        """For a part, below its parent.

        >>> Names(Iri()).part(Iri("https://example.org/id/service/made-up-counselling"), "rule")
        'https://example.org/id/service/made-up-counselling/rule/1'
        """
        self._given[f"{parent}/{kind}"] += 1
        return Iri(f"{parent}/{kind}/{self._given[f'{parent}/{kind}']}")
