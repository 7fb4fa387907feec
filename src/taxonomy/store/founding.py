"""What kind of home a folder is: written down once, when it is made, and the same for ever."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from taxonomy.errors import StoreError
from taxonomy.store import files

_FORMAT: Final = 1
_FILE: Final = "home.json"


def founded(path: Path) -> bool:
    """Whether there is a home, of whichever kind."""
    return (path / _FILE).exists()


def found(path: Path, *, practice: bool) -> None:
    """Make a folder a home.

    Raises:
        OSError: it cannot be written.
    """
    files.write(path / _FILE, json.dumps({"format": _FORMAT, "practice": practice}) + "\n")


def is_practice(path: Path) -> bool:
    """Whether a home is for made-up records, which nothing may leave.

    Raises:
        StoreError: there is no home, it cannot be read, or it was made by another version; says how to make one.
    """
    try:
        facts: Any = json.loads((path / _FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StoreError(f"There is no home at {path}. Make one with: svssv init {path}") from None
    except (OSError, ValueError) as error:
        raise StoreError(f"The home at {path} cannot be read: {error}") from error
    if not isinstance(facts, dict) or facts.get("format") != _FORMAT:
        raise StoreError(f"The home at {path} was made by another version of svssv.")
    return bool(facts["practice"])
