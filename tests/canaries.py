"""Looking for a text in every file of a home: in its bytes, in what is packed, in databases and stores."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from taxonomy.store.embedded import SealedStore

_SQLITE = b"SQLite format 3\0"


def seen(home: Path, canaries: Iterable[str]) -> dict[str, set[str]]:
    """Each canary that is somewhere in a home → the files, and the stores, that hold it."""
    wanted = [each.casefold() for each in canaries]
    found: dict[str, set[str]] = {}
    for path in sorted(home.rglob("*")):
        place = str(path.relative_to(home))
        for text in _texts(path):
            for each in wanted:
                if each in text.casefold():
                    found.setdefault(each, set()).add(place)
    return found


def _texts(path: Path) -> Iterable[str]:
    if path.name == "store" and path.is_dir():
        store = SealedStore(path)
        for name in (None, *store.names()):
            yield f"{name} {' '.join(str(triple) for triple in store.triples(name))}"
    if not path.is_file() or path.is_symlink():
        return
    content = path.read_bytes()
    for encoding in ("utf-8", "utf-16-le"):
        yield content.decode(encoding, "ignore")
    if path.suffix == ".gz":
        yield gzip.decompress(content).decode("utf-8", "ignore")
    if content.startswith(_SQLITE):
        with closing(sqlite3.connect(path)) as database:
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for name in names:
                if not name.startswith("text"):  # the words of a search are kept for themselves, and hold no text
                    yield repr(database.execute(f'SELECT * FROM "{name}"').fetchall())  # noqa: S608  our own tables
