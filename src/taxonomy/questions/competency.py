"""The competency questions: what the product is meant to answer, and how far the present data do.

``data/competency-questions.yaml`` states each once, with the named questions, checks and rules that answer it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, cast, get_args

import yaml

from taxonomy import assets
from taxonomy.errors import CurationError

State = Literal["answered", "partly", "awaiting source"]
User = Literal["researcher", "commissioner", "validator"]

_KEYS: Final = {"id", "part", "user", "asks", "questions", "checks", "rules", "state", "missing"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetencyQuestion:
    """One question in our own words, and where its answer is."""

    id: str  # CQ-nn
    part: str
    user: User
    asks: str
    state: State
    missing: str = ""  # what no source says yet, or what the answer leaves open
    questions: tuple[str, ...] = ()  # named questions, whose headers name this one
    checks: tuple[str, ...] = ()  # quality queries, by file stem
    rules: tuple[str, ...] = ()  # shapes for records, by local name


@cache
def load() -> tuple[CompetencyQuestion, ...]:
    """Every competency question, in order.

    >>> load()[0].id
    'CQ-01'

    Raises:
        CurationError: the file is missing, or an entry of it is not in the agreed form; says which.
    """
    return read(assets.folder("data") / "competency-questions.yaml")


def read(path: Path) -> tuple[CompetencyQuestion, ...]:
    """The competency questions of a file.

    Raises:
        CurationError: the file is missing, or an entry of it is not in the agreed form; says which.
    """
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CurationError(path, f"cannot be read: {error}") from error
    if not isinstance(entries, list):
        raise CurationError(path, "is not a list of competency questions")
    return tuple(_entry(entry, number, path) for number, entry in enumerate(entries, start=1))


def _entry(entry: object, number: int, path: Path) -> CompetencyQuestion:
    where = f"entry {number}"
    if not isinstance(entry, dict):
        raise CurationError(path, f"{where} is not a list of keys and values")
    if unknown := sorted(map(str, entry.keys() - _KEYS)):
        raise CurationError(path, f"{where} has an unknown key {unknown[0]!r}; known: {', '.join(sorted(_KEYS))}")
    if entry.get("state") not in get_args(State):
        raise CurationError(path, f"{where}: state is one of {', '.join(get_args(State))}")
    if entry.get("user") not in get_args(User):
        raise CurationError(path, f"{where}: user is one of {', '.join(get_args(User))}")
    texts = {key: _text(entry, key, where, path) for key in ("id", "part", "asks")}
    if entry["state"] != "answered" and not entry.get("missing"):
        raise CurationError(path, f"{where} is not fully answered and does not say what is missing")
    return CompetencyQuestion(
        **texts,
        user=cast("User", entry["user"]),
        state=cast("State", entry["state"]),
        missing=str(entry.get("missing", "")),
        questions=_names(entry, "questions", where, path),
        checks=_names(entry, "checks", where, path),
        rules=_names(entry, "rules", where, path),
    )


def _text(entry: dict[str, Any], key: str, where: str, path: Path) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CurationError(path, f"{where} has no {key}")
    return value.strip()


def _names(entry: dict[str, Any], key: str, where: str, path: Path) -> tuple[str, ...]:
    value = entry.get(key, [])
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise CurationError(path, f"{where}: {key} is not a list of names")
    return tuple(value)
