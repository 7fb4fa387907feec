"""Making the search index of a release: one SQLite file, made beside its place and moved into it when it is whole."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from taxonomy import namespaces
from taxonomy.errors import StoreError
from taxonomy.questions import catalogue
from taxonomy.questions.catalogue import Catalogue
from taxonomy.search.words import folded, grams, stem
from taxonomy.store import files
from taxonomy.store.embedded import SealedStore
from taxonomy.store.numbers import ReleaseNumber
from taxonomy.store.releases import Home

_FORMAT: Final = 1  # of the file; another one is made again
NAME: Final = "name"
_CODE, _ALSO = "code", "also called"
_COLUMNS: Final = ("name", "others", "codes", "about")  # of what is searched by word
_SORTED: Final = {"things": ("thing",), "names": ("rank", "thing", "text"), "facts": ("thing", "text", "how")}
_ADDED: Final = re.compile(r"\s*\([^()]*\)\s*$")
_ABOUT: Final = ("type", "area")  # what a result says of itself in places of their own

_SCHEMA: Final = """
CREATE TABLE about (format INTEGER NOT NULL, hash TEXT NOT NULL);
CREATE TABLE entry (
    id INTEGER PRIMARY KEY, thing TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    what TEXT NOT NULL, place TEXT NOT NULL
);
CREATE TABLE called (
    entry INTEGER NOT NULL, part TEXT NOT NULL, how TEXT NOT NULL, text TEXT NOT NULL, folded TEXT NOT NULL
);
CREATE TABLE word (word TEXT PRIMARY KEY, length INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE gram (gram TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (gram, word)) WITHOUT ROWID;
CREATE VIRTUAL TABLE text USING fts5 (
    name, others, codes, about, content = '', prefix = '2 3 4',
    tokenize = "unicode61 remove_diacritics 2"
);
CREATE INDEX entry_by_thing ON entry (thing);
CREATE INDEX called_by_entry ON called (entry);
CREATE INDEX called_by_words ON called (folded);
"""


@dataclass(slots=True)
class Entry:
    """What is known of one thing before it is written: each text with the way in which it belongs to the thing."""

    thing: str  # an IRI; of a question, its name
    kind: str
    name: str = ""
    names: dict[str, str] = field(default_factory=dict)  # other name or code → how
    facts: dict[str, str] = field(default_factory=dict)  # words about it → how


def prepare(home: Home, number: ReleaseNumber) -> Path:
    """Make the search index of a release, in place of one that is there.

    Raises:
        NotFoundError: there is no such release.
        StoreError: its store cannot be read, or the file cannot be written.
    """
    manifest, path = home.manifest(number), home.search_path(number)
    write(path, entries(SealedStore(home.store_path(number)), catalogue.load()), manifest.hash)
    return path


def whole(path: Path, release_hash: str) -> bool:
    """Whether a file is the index of a release, in the form that is read here."""
    try:
        with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as file:
            return is_of(file, release_hash) and file.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except sqlite3.Error:
        return False


def is_of(file: sqlite3.Connection, release_hash: str) -> bool:
    """Whether an open index says that it is that of a release; raises ``sqlite3.Error`` where it says nothing."""
    return bool(file.execute("SELECT format, hash FROM about").fetchone() == (_FORMAT, release_hash))


def entries(store: SealedStore, questions: Catalogue) -> Iterator[Entry]:
    """What the index of a release holds: its things with their names and facts, and the questions."""
    things, names, facts = (
        sorted(store.ask(questions[f"search-{name}"].text), key=lambda row: tuple(row[column] for column in columns))
        for name, columns in _SORTED.items()
    )
    found = {row["thing"]: Entry(row["thing"], row["kind"]) for row in things}
    for row in names:
        if entry := found.get(row["thing"]):
            if row["how"] == NAME and not entry.name:
                entry.name = row["text"]
            elif row["text"] != entry.name:
                entry.names.setdefault(row["text"], _ALSO if row["how"] == NAME else row["how"])
    for row in facts:
        if entry := found.get(row["thing"]):
            entry.facts.setdefault(row["text"], row["how"])
    for entry in found.values():
        entry.name = entry.name or namespaces.shorten(entry.thing)
        if entry.kind == "term":
            entry.names.setdefault(namespaces.shorten(entry.thing), "written as")
        yield entry
    for name in questions:
        question = questions[name]
        subjects = dict.fromkeys((*question.tags, *question.answers), "subject")
        yield Entry(name, "question", question.summary, {name: "short name"}, subjects)


def write(path: Path, found: Iterable[Entry], release_hash: str) -> None:
    """Write an index, whole or not at all.

    Raises:
        StoreError: the file cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=".search-", dir=path.parent)
        os.close(handle)
        draft = Path(name)
        try:
            with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as file:
                file.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
                file.execute("BEGIN")
                _fill(file, found)
                file.execute("INSERT INTO text (text) VALUES ('optimize')")
                file.execute("INSERT INTO about VALUES (?, ?)", (_FORMAT, release_hash))
                file.execute("COMMIT")
            files.put(draft, path, shared=True)
        finally:
            draft.unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"The search index {path} could not be written: {error}.") from error


def _fill(file: sqlite3.Connection, found: Iterable[Entry]) -> None:
    vocabulary: set[str] = set()
    for number, entry in enumerate(found, 1):
        called = list(_called(entry))
        told = {how: [text for _, each, text in called if each == how] for how in _ABOUT}
        file.execute(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)",
            (number, entry.thing, entry.kind, entry.name, *("; ".join(told[how]) for how in _ABOUT)),
        )
        columns: Mapping[str, list[str]] = defaultdict(list)
        for part, how, text in called:
            plain = " ".join(folded(text))
            columns[part].append(plain)
            stems = " ".join(map(stem, plain.split()))
            file.execute("INSERT INTO called VALUES (?, ?, ?, ?, ?)", (number, part, how, text, stems))
        texts = {part: " ".join(columns[part]) for part in _COLUMNS}
        file.execute(
            "INSERT INTO text (rowid, name, others, codes, about) VALUES (?, ?, ?, ?, ?)", (number, *texts.values())
        )
        vocabulary.update(word for text in texts.values() for word in text.split())
    words = sorted(vocabulary)
    file.executemany("INSERT INTO word VALUES (?, ?)", ((word, len(word)) for word in words))
    spelt = (word for word in words if not word.isnumeric())
    file.executemany("INSERT INTO gram VALUES (?, ?)", ((gram, word) for word in spelt for gram in sorted(grams(word))))


def _called(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """Each text by which an entry is found: the part of the index it belongs to, how it belongs to it, and the text."""
    yield "name", NAME, entry.name
    if (bare := _ADDED.sub("", entry.name)) != entry.name:
        yield "bare", NAME, bare  # a name is known without what was added to tell it from others
    for text, how in entry.names.items():
        part = "codes" if how == _CODE else "others"
        yield part, how, text
        if part == "codes" and (number := text.rpartition("-")[2]) != text:
            yield part, how, number  # a number of a register is known without the register's name
    for text, how in entry.facts.items():
        yield "about", how, text
