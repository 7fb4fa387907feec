"""Finding: from what somebody typed, whatever it is, to the things that may have been meant, the best first.

What was typed is text. It is folded into plain words before anything else looks at it, and it is kept nowhere.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from taxonomy.errors import LimitError, StoreError
from taxonomy.questions.results import Answer, Row
from taxonomy.search import index
from taxonomy.search.reasons import Called, reason
from taxonomy.search.words import SMALL, folded, grams, nearest, stem
from taxonomy.store.numbers import ReleaseNumber

KINDS: Final = (
    "area",
    "service",
    "organisation",
    "agreement",
    "fund",
    "concept",
    "question",
    "source",
    "term",
    "figure",
    "record",
)
COLUMNS: Final = ("name", "kind", "what", "where", "matched", "thing")
_NONE: Final = frozenset[int]()  # no value is written with its label beside it
MOST: Final = 1000  # results of one search that are listed
WORDS: Final = 12  # words of a search that are looked for
LONGEST: Final = 200  # characters of a search that are looked at
SECONDS: Final = 2.0  # of work on one search
_CANDIDATES: Final = 60  # words that are compared with a misspelt one
_STEPS: Final = 20_000  # of SQLite's machine, between two looks at the clock
_AT_ONCE: Final = 500  # values in one query
_AFTER: Final = "\U0010ffff"  # comes after every word
_EXACT: Final[Mapping[str, int]] = {"codes": 0, "name": 1, "bare": 1, "others": 2}
_BEGINS, _REST = 3, 4
_LEAST: Final = 0.0  # how well something fits by its words that hardly does; less is better
_SHORT: Final = 2  # letters of a word that is not taken for the beginning of others
_WEIGHTS: Final = "10.0, 6.0, 8.0, 1.5"  # of names, other names, codes, and what is said about a thing
_BEING_PREPARED: Final = "Search is being prepared for this release. Try again in a minute."
_ALIKE: Final = (
    "SELECT gram.word FROM gram JOIN word USING (word) WHERE gram IN ({}) "
    "GROUP BY gram.word ORDER BY 2.0 * COUNT(*) / (length + 1 + ?) DESC, gram.word LIMIT ?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing that was found."""

    thing: str  # its IRI; of a question, its name
    kind: str  # one of KINDS
    name: str
    what: str  # what it is, in words; empty where nothing more is recorded than its kind
    where: str  # the areas it is for; empty where none is recorded
    matched: str  # by what else it was found, where neither its name, nor what, nor where says so
    exact: bool  # whether it is called just what was sought


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search gave."""

    words: tuple[str, ...]  # what was looked for; empty where nothing that was typed is a word
    hits: tuple[Hit, ...] = ()  # the best first
    counts: Mapping[str, int] = field(default_factory=dict)  # by kind, of all that fit, listed or not
    instead: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # word that nothing has → those like it
    alike: tuple[str, ...] = ()  # words like those typed that were looked for too, since nothing has all as typed
    some: bool = False  # whether nothing holds every word, and these hold some of them
    cut: bool = False  # whether more was typed than was looked for

    @property
    def total(self) -> int:
        """How many things fit."""
        return sum(self.counts.values())

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of what was found: first those of what is called just so, then the others in their order."""
        exact = [hit.kind for hit in self.hits if hit.exact]
        return tuple(dict.fromkeys((*exact, *(kind for kind in KINDS if kind in {hit.kind for hit in self.hits}))))

    def of(self, kind: str) -> tuple[Hit, ...]:
        """The hits of one kind."""
        return tuple(hit for hit in self.hits if hit.kind == kind)


def find(path: Path, release_hash: str, text: str, *, kind: str | None = None) -> Found:
    """What an index holds that fits a text; ``kind`` narrows the hits to one of KINDS, and leaves the counts.

    Raises:
        StoreError: there is no whole index of that release yet.
        LimitError: it took too long.
    """
    typed = text[:LONGEST].strip()
    spoken = folded(typed)
    several = tuple(dict.fromkeys(word for word in spoken if word not in SMALL)) or tuple(dict.fromkeys(spoken))
    words, cut = several[:WORDS], len(text.strip()) > LONGEST or len(several) > WORDS
    with _opened(path, release_hash) as file:
        if not words:
            return Found(words=(), cut=cut)
        search = _Search(file, words, kind)
        hits = search.hits(spoken)
        counts = search.counts()
    return Found(
        words=words,
        hits=hits,
        counts=counts,
        instead=search.instead,
        alike=search.alike,
        some=search.some and bool(hits),
        cut=cut,
    )


def to_answer(found: Found, *, release: ReleaseNumber, notice: str = "") -> Answer:
    """The hits as rows, for tables; what has no IRI is named as its address names it."""
    rows = tuple(
        Row(
            COLUMNS,
            (hit.name, hit.kind, hit.what or None, hit.where or None, hit.matched or None, hit.thing),
            _NONE,
            {},
        )
        for hit in found.hits
    )
    if found.total > len(rows) == MOST:
        notice = f"{notice} The best {MOST:,} of all that fit ({found.total:,} of every kind) are listed.".strip()
    return Answer(columns=COLUMNS, rows=rows, text="", question="search", release=release, notice=notice)


@contextlib.contextmanager
def _opened(path: Path, release_hash: str) -> Iterator[sqlite3.Connection]:
    started = time.thread_time()
    try:
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        with contextlib.closing(sqlite3.connect(address, uri=True)) as file:
            file.set_progress_handler(lambda: time.thread_time() - started > SECONDS, _STEPS)
            if not index.is_of(file, release_hash):
                raise StoreError(_BEING_PREPARED)
            yield file
    except sqlite3.Error as error:
        if "interrupted" in str(error):
            raise LimitError("time", "This search took too long. Use fewer or longer words.") from error
        raise StoreError(_BEING_PREPARED) from error


class _Search:
    """One search of one open index."""

    def __init__(self, file: sqlite3.Connection, words: Sequence[str], kind: str | None) -> None:
        self._file, self._words, self._kind = file, words, kind
        self.instead: dict[str, tuple[str, ...]] = {}
        self.alike: tuple[str, ...] = ()
        self.some = False
        self._sought = {word: self._beginnings(word) for word in words}
        self._match = self._fitting()

    def hits(self, spoken: Sequence[str]) -> tuple[Hit, ...]:
        """What fits, the best first: what is called exactly so, then what begins so, then the rest."""
        best = self._exactly(" ".join(self.instead.get(word, (stem(word),))[0] for word in spoken))
        found = dict.fromkeys(best, _LEAST) | self._ranked()
        entries = self._by_entry("SELECT id, thing, kind, name, what, place FROM entry WHERE id IN ({})", [*found])
        called = self._by_entry(
            "SELECT entry, how, text, folded FROM called WHERE entry IN ({}) ORDER BY rowid", [*found]
        )
        reasons = {each: reason([Called(*row) for row in called[each]], self._sought) for each in found}

        def rank(each: int) -> tuple[int, int, int, float, int]:
            tier = best.get(each, _REST)
            kind = KINDS.index(entries[each][0][1]) if tier < _BEGINS else 0
            return tier, kind, -reasons[each].held, found[each], each

        return tuple(
            Hit(
                thing=thing,
                kind=kind,
                name=name,
                what=what,
                where=where,
                matched=reasons[each].text,
                exact=best.get(each, _REST) < _BEGINS,
            )
            for each in sorted(found, key=rank)
            for thing, kind, name, what, where in entries[each]
            if self._kind in (None, kind)
        )[:MOST]

    def counts(self) -> Mapping[str, int]:
        """How many things of each kind fit, in the order of the kinds."""
        fitting = "SELECT kind, COUNT(*) FROM text JOIN entry ON id = text.rowid WHERE text MATCH ? GROUP BY kind"
        counted: dict[str, int] = dict(self._rows(fitting, self._match))
        return {kind: counted[kind] for kind in KINDS if kind in counted}

    def _fitting(self) -> str:
        """What is asked of the index: every word; else every word or one like it; else any of them."""
        every = _joined(" AND ", self._sought.values())
        if len(self._words) == 1 or self._fits(every):
            return every
        wider = {word: tuple(dict.fromkeys((*forms, *self._near(word)))) for word, forms in self._sought.items()}
        meant = _joined(" AND ", wider.values())
        if self._fits(meant):
            own = set(map(stem, self._words))
            self.alike = tuple(dict.fromkeys(form for forms in wider.values() for form in forms if form not in own))
            self.instead, self._sought = {}, wider
            return meant
        self.some = True
        return _joined(" OR ", self._sought.values())

    def _fits(self, match: str) -> bool:
        return bool(self._rows("SELECT 1 FROM text WHERE text MATCH ? LIMIT 1", match))

    def _beginnings(self, word: str) -> tuple[str, ...]:
        """The beginnings of words that stand for a word: its own, or the words like it where nothing begins so."""
        own = stem(word)
        if self._rows("SELECT 1 FROM word WHERE word >= ? AND word < ? LIMIT 1", own, own + _AFTER):
            return (own,)
        if near := self._near(word):
            self.instead[word] = near
        return near[:1] or (own,)

    def _near(self, word: str) -> tuple[str, ...]:
        """The words of the index that may have been meant."""
        if word.isnumeric():
            return ()
        pieces = sorted(grams(word))
        alike = _ALIKE.format(", ".join("?" * len(pieces)))
        return nearest(word, (found for (found,) in self._rows(alike, *pieces, len(pieces), _CANDIDATES)))

    def _exactly(self, spoken: str) -> dict[int, int]:
        """The things that are called just so, or whose name begins so: how well each fits, 0 the best."""
        found: dict[int, int] = {}
        for entry, part in self._rows("SELECT entry, part FROM called WHERE folded = ? AND part != 'about'", spoken):
            found[entry] = min(found.get(entry, _REST), _EXACT[part])
        beginning = "SELECT entry FROM called WHERE folded > ? AND folded < ? AND part = 'name' LIMIT ?"
        for (entry,) in self._rows(beginning, f"{spoken} ", f"{spoken} {_AFTER}", MOST):
            found.setdefault(entry, _BEGINS)
        return found

    def _ranked(self) -> dict[int, float]:
        """What fits, with how well by the words that it holds, a small number the best."""
        ranked = f"SELECT text.rowid, bm25(text, {_WEIGHTS}) AS rank FROM text"  # noqa: S608  # our own numbers
        if self._kind:
            ranked += " JOIN entry ON id = text.rowid WHERE text MATCH ? AND kind = ? ORDER BY rank LIMIT ?"
            return dict(self._rows(ranked, self._match, self._kind, MOST))
        return dict(self._rows(f"{ranked} WHERE text MATCH ? ORDER BY rank LIMIT ?", self._match, MOST))

    def _by_entry(self, query: str, entries: Sequence[int]) -> Mapping[int, list[tuple[Any, ...]]]:
        """The rows about some entries, each without its number."""
        found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for start in range(0, len(entries), _AT_ONCE):
            some = entries[start : start + _AT_ONCE]
            for number, *rest in self._rows(query.format(", ".join("?" * len(some))), *some):
                found[number].append(tuple(rest))
        return found

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self._file.execute(query, values).fetchall()


def _joined(how: str, sought: Iterable[Sequence[str]]) -> str:
    """Words as the index is asked for them: beginnings, in quotes, so that none of them is a sign of its language."""
    return how.join("(" + " OR ".join(f'"{form}"{_open(form)}' for form in forms) + ")" for forms in sought)


def _open(form: str) -> str:
    """The sign for any end; one or two letters begin too many words."""
    return "*" if len(form) > _SHORT else ""
