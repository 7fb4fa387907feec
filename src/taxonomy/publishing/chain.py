"""The chain of decisions: each is sealed over the one before it, so that a change to any of them shows.

Contents and reasons are sealed through a commitment with a salt of their own. Once both are destroyed, nothing that is
left tells what they were, nor lets anybody try guesses, and the chain is still whole.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

START: Final = "0" * 64  # what the first decision is sealed over


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What is sealed of one decision: all of it but the words, which may have to be destroyed."""

    number: int  # from 1, without gaps
    submission: int
    owner: str  # IRI of the organisation
    graph: str
    contents: str  # commitment to the version's file, content and report
    what: str
    person: int
    when: datetime
    reason: str  # commitment to the reason

    def seal(self, previous: str) -> str:
        """The seal of this decision over the one before it."""
        return _seal(asdict(self), previous)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """What is sealed of one decision on a proposal to the register: all but what it repeats of records."""

    number: int  # in one row of numbers with the decisions on submissions
    proposal: int
    what: str
    contents: str  # commitment to what was decided, and why
    person: int
    when: datetime

    def seal(self, previous: str) -> str:
        """The seal of this decision over the one before it."""
        return _seal(asdict(self), previous)


def _seal(facts: dict[str, Any], previous: str) -> str:
    """SHA-256 of what is sealed and of the seal before, as canonical JSON, in hexadecimal.

    The same moment in another zone has the same seal.
    """
    told = facts | {"when": facts["when"].astimezone(UTC).isoformat(), "previous": previous}
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def salt() -> bytes:
    """Sixteen random bytes; without them a commitment to a short text could be undone by guessing."""
    return secrets.token_bytes(16)


def commitment(salt: bytes, parts: Iterable[bytes]) -> str:
    """A hash that stands for some parts without telling them; each is counted, so that none runs into the next.

    >>> commitment(b"", [b"ab", b"c"]) == commitment(b"", [b"a", b"bc"])
    False
    """
    digest = hashlib.sha256(salt)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()
