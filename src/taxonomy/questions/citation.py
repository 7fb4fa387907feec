"""How to cite one answer: what was asked of which release, what came back, and words for a list of references."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any, Final

from taxonomy.days import written
from taxonomy.errors import NotFoundError
from taxonomy.questions import catalogue
from taxonomy.store.numbers import ReleaseNumber

AUTHOR: Final = "SVSSV maintainers"
WORK: Final = "SVSSV: an open taxonomy and knowledge graph of specialist sexual violence services in England"
_BITS: Final = 60  # of the hash, in an id of 12 characters
_LETTERS: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # none that looks like another
_BIBTEX: Final = str.maketrans({sign: f"\\{sign}" for sign in "&%$#_{}"} | {"\\": r"\textbackslash{}", "~": r"\~{}"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One answer of one release. The same query of the same release has the same ``id``, whoever asks.

    >>> Citation(text="ASK {}", release=3, release_hash="", asked=datetime(2026, 11, 30, tzinfo=UTC), rows=1).id
    '...'
    """

    text: str  # the query as it was sent
    release: ReleaseNumber
    release_hash: str
    asked: datetime
    rows: int
    hash: str | None = None  # SHA-256 of the sorted rows; None where the answer cannot be compared later
    reasons: tuple[str, ...] = ()  # why it has no hash
    question: str | None = None  # the name of the question that the text was bound from
    given: Mapping[str, tuple[str, ...]] | None = None  # the values it was asked with
    notice: str = ""  # what every copy has to say of itself
    address: str = ""  # where the citation is kept; empty where it is not

    @property
    def id(self) -> str:
        """Twelve characters that stand for the query and the release."""
        about = f"{self.release}\n{self.release_hash}\n{self.text}".encode("utf-8", "surrogatepass")
        number = int.from_bytes(hashlib.sha256(about).digest()[:8], "big") >> (64 - _BITS)
        return "".join(_LETTERS[number >> shift & 31] for shift in range(_BITS - 5, -1, -5))

    @property
    def title(self) -> str:
        """What was asked, in words."""
        if self.question is None:
            return "Answer to a SPARQL query"
        try:
            summary = catalogue.load()[self.question].summary
        except NotFoundError:
            summary = self.question  # a file of one's own
        values = "; ".join(f"{name}: {', '.join(each)}" for name, each in sorted((self.given or {}).items()))
        return f"{summary} ({values})" if values else summary

    @property
    def measure(self) -> str:
        """How many rows, with their hash or why there is none."""
        rows = "1 row" if self.rows == 1 else f"{self.rows:,} rows"
        return f"{rows}, sha256:{self.hash}" if self.hash else f"{rows}, not repeatable: {' '.join(self.reasons)}"

    def __str__(self) -> str:
        """The suggested citation, as text."""
        parts = [
            f"{AUTHOR} ({self.asked.year}). {self.title} [Data set].",
            f"{WORK}, release {self.release}.",
            f"{self.measure.rstrip('.')}.",
            f"Asked on {written(self.asked)}.",
            *([self.address] if self.address else []),
            *([self.notice] if self.notice else []),
        ]
        return " ".join(parts)

    @property
    def bibtex(self) -> str:
        """An entry for BibTeX."""
        pairs = {
            "author": f"{{{AUTHOR}}}",
            "title": f"{{{self.title.translate(_BIBTEX)}}}",
            "year": str(self.asked.year),
            "howpublished": f"{WORK}, release {self.release}",
            "note": " ".join(
                part
                for part in (self.measure.translate(_BIBTEX).rstrip(".") + ".", self.notice.translate(_BIBTEX))
                if part
            ),
            "url": self.address,
            "urldate": f"{self.asked:%Y-%m-%d}",
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in pairs.items() if value)
        return f"@misc{{svssv-{self.id},\n{lines}}}\n"

    @property
    def ris(self) -> str:
        """An entry in RIS, as reference managers read it."""
        pairs = [
            ("TY", "DATA"),
            ("AU", AUTHOR),
            ("TI", self.title),
            ("T2", WORK),
            ("ET", f"Release {self.release}"),
            ("PY", str(self.asked.year)),
            ("DA", f"{self.asked:%Y/%m/%d}"),
            ("N1", self.measure),
            *([("N1", self.notice)] if self.notice else []),
            *([("UR", self.address)] if self.address else []),
            ("ID", f"svssv-{self.id}"),
            ("ER", ""),
        ]
        return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in pairs)

    def at(self, address: str) -> Citation:
        """The same citation, kept at an address."""
        return replace(self, address=address)

    def to_json(self, **more: object) -> str:
        """The facts of the citation, and more if there is, as one JSON object."""
        facts: dict[str, Any] = {each.name: getattr(self, each.name) for each in fields(self)}
        facts["asked"] = self.asked.astimezone(UTC).isoformat(timespec="seconds")
        facts["given"] = {name: list(values) for name, values in (self.given or {}).items()}
        return json.dumps({"id": self.id, **facts, **more}, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Citation:
        """The citation that ``to_json`` wrote."""
        facts: dict[str, Any] = json.loads(text)
        facts.pop("id")
        facts["asked"] = datetime.fromisoformat(facts["asked"])
        facts["reasons"] = tuple(facts["reasons"])
        facts["given"] = {name: tuple(values) for name, values in facts["given"].items()}
        return cls(**facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """When something was asked, of which release, and with which values."""

    release: ReleaseNumber
    release_hash: str
    at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def citation(self, text: str, **facts: Any) -> Citation:
        """The citation of what came back."""
        return Citation(
            text=text,
            release=self.release,
            release_hash=self.release_hash,
            asked=self.at,
            given=self.given,
            **facts,
        )
