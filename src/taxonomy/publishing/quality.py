"""The quality queries as a gate: a row of one is a fault, and a release with a fault is not made.

A query whose header says ``gate: told`` finds what may be right after all, such as two organisations of one name: its
rows are counted and told, and stop nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode

from taxonomy import namespaces
from taxonomy.errors import CurationError
from taxonomy.questions.catalogue import header_of
from taxonomy.store.embedded import Graphs, SealedStore, ask


def passed(store_path: Path, root: Path) -> tuple[str, ...]:
    """Ask a store every quality query of ``root``; what may be right after all, in words.

    Raises:
        CurationError: the store holds a fault; names the query, the first row, how many more, and how to mend them.
    """
    told = []
    for file, words, fault in _found(store_path, root):
        if fault:
            raise CurationError(file, words)
        told.append(words)
    return tuple(told)


def told(store_path: Path, root: Path) -> tuple[str, ...]:
    """What every quality query of ``root`` finds in a store that nobody can mend any more, in words."""
    return tuple(words for _, words, _ in _found(store_path, root))


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one quality query finds."""

    summary: str
    mend: str
    things: tuple[str, ...]  # IRIs of what it is about
    fault: bool  # no release is built with it


def looks(graphs: Graphs, root: Path, *, about: Collection[str]) -> Iterator[Look]:
    """What the quality queries of ``root`` find in graphs: every fault, and doubts ``about`` some things.

    >>> from taxonomy import assets
    >>> list(looks({}, assets.root(), about=()))
    []
    """
    files = sorted((root / "queries" / "quality").glob("*.rq"))
    texts = [file.read_text(encoding="utf-8") for file in files]
    wanted = frozenset(about)
    for file, text, rows in zip(files, texts, ask(graphs, texts), strict=True):
        header = header_of(text, file)
        fault = header.get("gate") != "told"
        named = [{term.value for term in row.values() if isinstance(term, NamedNode)} for row in rows]
        if hits := [each for each in named if fault or not wanted.isdisjoint(each)]:
            things = tuple(sorted(frozenset[str]().union(*hits)))
            yield Look(summary=header["summary"], mend=header["mend"], things=things, fault=fault)


def _found(store_path: Path, root: Path) -> Iterator[tuple[Path, str, bool]]:
    """The file of each query that finds something, what it found, and whether that is a fault."""
    store = SealedStore(store_path)
    for file in sorted((root / "queries" / "quality").glob("*.rq")):
        query = file.read_text(encoding="utf-8")
        if rows := store.ask(query):
            header = header_of(query, file)
            words = f"{header['summary']}: {_words(rows)}. To mend: {header['mend']}"
            yield file, words, header.get("gate") != "told"


def _words(rows: list[dict[str, str]]) -> str:
    first = ", ".join(f"{name} {namespaces.shorten(value)}" for name, value in rows[0].items())
    return f"{first}{f' ({len(rows) - 1} more)' if len(rows) > 1 else ''}"
