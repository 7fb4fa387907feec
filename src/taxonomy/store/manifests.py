"""The manifest of a release: what it holds, and how that can be shown later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from taxonomy.store import numbers
from taxonomy.store.numbers import ReleaseNumber

PRACTICE: Final = "Made-up records, for practice only."  # what every page, dump and citation of a practice home says
_FORMAT: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a release holds; ``hash`` is over the hashes of its graphs but ``graph/releases``, which holds dates."""

    number: int
    built: datetime
    seconds: float  # what the build took
    note: str
    practice: bool  # made-up records are in it, or may be
    counts: Mapping[str, int]  # triples (each once), graphs, services, agreements, …
    graphs: Mapping[str, str]  # graph IRI → SHA-256 of its sorted N-Triples lines
    hash: str
    files: Mapping[str, str]  # file of the store → SHA-256, because what no check asks for may be damaged too
    records: tuple[str, ...]  # graphs that came through the desk; all others through review of the repository
    basis: int | None  # the release in service when this one was built
    looks: tuple[str, ...] = ()  # what a quality query found that may be right, in words
    seal: str = ""  # of the ledger's last decision before it was built; empty where there was no ledger
    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # added, altered, removed graphs since then
    revision: int = 0  # how often a release of this number was replaced, each time without what was withdrawn
    replaces: Mapping[str, str] = field(default_factory=dict)  # release in whose place it stands → day, as 2026-11-30

    def __post_init__(self) -> None:
        for name in ("counts", "graphs", "files", "changed", "replaces"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def name(self) -> ReleaseNumber:
        """The number by which it is shown and asked: 3, or 3.1 where it took the place of release 3."""
        return numbers.joined(self.number, self.revision)

    @property
    def notice(self) -> str:
        """What every copy of it has to say of itself; empty where it has nothing to say."""
        return PRACTICE if self.practice else ""

    @property
    def revised(self) -> date | None:
        """The day on which it took the place of the one before it; None where it is the first of its number."""
        return date.fromisoformat(max(self.replaces.values())) if self.replaces else None

    @property
    def mark(self) -> str:
        """What tells its content from that of other releases, as far as is known."""
        return self.hash or f"{self.name} {self.built.isoformat()}"

    def to_json(self) -> str:
        """The manifest as it is kept."""
        facts = {each.name: getattr(self, each.name) for each in fields(self)}
        facts["built"] = self.built.isoformat()
        return json.dumps({"format": _FORMAT, **facts}, default=dict, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def told(cls, name: ReleaseNumber, built: datetime, *, practice: bool) -> Manifest:
        """What is known of a release that a server elsewhere holds: the rest is empty, and means not known."""
        number, revision = numbers.parts(name)
        unknown: dict[str, Any] = {name: {} for name in ("counts", "graphs", "files")}
        return cls(
            number=number,
            revision=revision,
            built=built,
            practice=practice,
            seconds=0.0,
            note="",
            hash="",
            records=(),
            basis=None,
            **unknown,
        )

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Read a kept manifest.

        Raises:
            ValueError: it is not one.
        """
        facts: dict[str, Any] = json.loads(text)
        if facts.pop("format", None) != _FORMAT:
            raise ValueError("it was written by another version of svssv")
        facts["built"] = datetime.fromisoformat(facts["built"])
        facts["records"] = tuple(facts["records"])
        facts["looks"] = tuple(facts.get("looks", ()))
        facts["changed"] = {how: tuple(graphs) for how, graphs in facts["changed"].items()}
        try:
            return cls(**facts)
        except TypeError as error:
            raise ValueError(str(error)) from error
