"""What must be in no answer from this moment on, although a release of the home may hold it still.

An urgent withdrawal writes down, first of all, which graphs have to go: one small file in ``withheld/``, that names
them and repeats nothing they say. While it is there, whoever reads the home refuses every release that holds one of
them. It is taken away when no release does. So a withdrawal that is interrupted leaves nothing in an answer.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from taxonomy.errors import StoreError
from taxonomy.store import files

_FOLDER: Final = "withheld"
_SUFFIX: Final = ".json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """One urgent withdrawal that is under way."""

    graphs: tuple[str, ...]  # IRIs of the graphs that have to go
    submissions: tuple[int, ...]  # the versions in the ledger whose contents have to go
    by: int  # the person in the ledger who decided it
    reason: str  # which repeats nothing of what goes
    in_service: str  # the release that was in service, which its successor will be
    begun: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def day(self) -> date:
        """When it was begun."""
        return datetime.fromisoformat(self.begun).date()

    def touches(self, graphs: Iterable[str]) -> bool:
        """Whether any of these graphs has to go."""
        return not set(self.graphs).isdisjoint(graphs)


def write(home: Path, withheld: Withheld) -> None:
    """From when this returns, nobody who reads the home answers from these graphs; it survives a power cut.

    Raises:
        StoreError: the disk would not take it.
    """
    folder = home / _FOLDER
    try:
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)  # who runs the site may be another user, and has to know
        files.write(folder / f"{withheld.id}{_SUFFIX}", json.dumps(asdict(withheld)), shared=True)
        files.sync(home)
    except OSError as error:
        raise StoreError(f"What has to go could not be written down in {folder}: {error.strerror}.") from error


def read(home: Path) -> tuple[Withheld, ...]:
    """The urgent withdrawals that are under way, oldest first.

    Raises:
        StoreError: one cannot be read, so that nobody knows what must not be answered.
    """
    folder = f"{home}/{_FOLDER}"  # as text, for this is asked at every query
    try:
        names = [name for name in os.listdir(folder) if name.endswith(_SUFFIX) and name[0] != "."]  # noqa: PTH208  # looked at for every query: names are enough
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise StoreError(f"What must not be answered cannot be read in {folder}: {error.strerror}.") from error
    found = (_read(home / _FOLDER / name) for name in names)
    return tuple(sorted((each for each in found if each), key=lambda each: each.begun))


def end(home: Path, withheld: Withheld) -> None:
    """Nothing holds it any more."""
    (home / _FOLDER / f"{withheld.id}{_SUFFIX}").unlink(missing_ok=True)
    files.sync(home / _FOLDER)


def _read(path: Path) -> Withheld | None:
    try:
        facts: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Withheld(**facts | {name: tuple(facts[name]) for name in ("graphs", "submissions")})
    except FileNotFoundError:
        return None  # it ended just now
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{path} is damaged, so nothing is answered: {error}") from error
