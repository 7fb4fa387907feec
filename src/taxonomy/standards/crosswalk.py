"""Crosswalks of the standards: where each field of a standard stands in a record, and which have no place there.

They are tables in ``data/crosswalks/``. A row has a path in the standard, our class and property for it, the form in
which the value comes, and a note for people where something needs to be said.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, get_args

from taxonomy import assets
from taxonomy import namespaces as ns
from taxonomy.errors import CurationError
from taxonomy.values import Iri

Form = Literal[
    "",  # one value, or something that holds further fields
    "frame",  # something that the reader of the standard takes apart itself
    "thing",  # the same, and each is a thing of its own in a record
    "same",  # read as the path that stands as value
    "code",  # a word from a list of the standard, with a row for each word
    "spare",  # read where nothing before it gave the property
    "known",  # read where it names something that we know
    "first",  # of the fields below it, the first that can be placed; the others say the same
    "months",  # a day, carried as whole months after the end
    "oldest",  # of several days, the oldest
    "number",  # an organisation's number in a register
    "term",  # a word from a list of ours; the next four are its fields
    "address",
    "name",
    "list",
    "key",
]
Direction = Literal[
    "both",
    "read",
    "part",  # read, and something of it is lost
    "none",  # no place in a record
    "frame",  # holds the file together and states nothing
]
_PREFIXES: Final = {**ns.PREFIXES, "concept": ns.CONCEPT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One field of a standard, or one word of one of its lists, and our name for it."""

    path: str
    title: str  # what it is, in plain words
    form: Form
    about: Iri | None  # our class of the thing that it describes
    property: Iri | None
    code: str  # the word of the standard's list, or the kind of word from a list of ours
    value: str  # what is stated, whatever stands there; the path for form same; the register for form number
    direction: Direction
    heading: str  # its word in spreadsheets, where the standard has them
    note: str


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """All the rows of one standard."""

    rows: tuple[Row, ...]
    _at: Mapping[str, tuple[Row, ...]]
    _beneath: Mapping[str, tuple[str, ...]]

    def at(self, path: str) -> tuple[Row, ...]:
        """The rows of one field; none where the standard has no such field."""
        return self._at.get(path, ())

    def beneath(self, path: str) -> tuple[str, ...]:
        """The names of the fields right below one, in the order in which they are read."""
        return self._beneath.get(path, ())


@cache
def load(name: str) -> Crosswalk:
    """The crosswalk of one standard.

    >>> [str(row.property) for row in load("open-referral-uk").at("service/minimum_age")]
    ['https://w3id.org/svssv/ontology#minimumAge']

    Raises:
        CurationError: the table breaks the form; names the file and the row.
    """
    path = assets.folder("data") / "crosswalks" / f"{name}.tsv"
    rows = tuple(_row(path, number, cells) for number, cells in table(path))
    at: defaultdict[str, list[Row]] = defaultdict(list)
    beneath: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        at[row.path].append(row)
        parent, _, key = row.path.rpartition("/")
        beneath[parent].setdefault(key)
    return Crosswalk(
        rows,
        {path: tuple(each) for path, each in at.items()},
        {path: tuple(keys) for path, keys in beneath.items()},
    )


@cache
def registers() -> Mapping[str, bool]:
    """The codes of registers that identifiers of organisations begin with, and whether records carry their numbers.

    >>> registers()["GB-CHC"], registers()["360G"]
    (True, False)
    """
    path = assets.folder("data") / "crosswalks" / "identifier-lists.tsv"
    return {cells["list"]: cells["carried"] == "yes" for _, cells in table(path)}


def table(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table below its head, each with its line.

    Raises:
        CurationError: it cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CurationError(path, f"cannot be read ({error.strerror})") from error
    told = sum(line.startswith("#") for line in lines)
    rows = csv.DictReader(lines[told:], delimiter="\t", quoting=csv.QUOTE_NONE, restval="")
    yield from enumerate(rows, start=told + 2)


def _row(path: Path, line: int, cells: Mapping[str, str]) -> Row:
    form: Form | None = next((each for each in get_args(Form) if each == cells["form"]), None)
    direction: Direction | None = next((each for each in get_args(Direction) if each == cells["direction"]), None)
    if form is None or direction is None:
        raise CurationError(path, f"line {line} has a form or a direction that nobody knows")
    return Row(
        path=cells["path"],
        title=cells["title"],
        form=form,
        about=Iri(ns.SV + cells["about"]) if cells["about"] else None,
        property=Iri(_long(cells["property"])) if cells["property"] else None,
        code=cells["code"],
        value=_long(cells["value"]),
        direction=direction,
        heading=cells.get("heading", ""),
        note=cells["note"],
    )


def _long(short: str) -> str:
    prefix, colon, local = short.partition(":")
    return _PREFIXES[prefix] + local if colon and prefix in _PREFIXES else short
