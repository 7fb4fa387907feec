"""Every error this package raises on purpose.

TaxonomyError
├── NotFoundError        the question was sound; there is no such thing
│   ├── SeveralError         there is more than one of that name
│   └── GoneError            there was, and it is kept no longer
│       └── ReplacedError        a release in which something had to be withdrawn; names the one in its place
├── NotHereError         it takes a home, and here is none
├── CurationError        a file we curate is wrong; names the file
├── InputError           a file or value that somebody gave us cannot be read
│   ├── TooLargeError        it holds more than may be read at once
│   ├── UnknownKindError     it is a kind of file that we do not read
│   └── NoRecordError        it can be read, and is no record
├── QueryError           a query, or a value given to it, is wrong
│   └── RefusedQueryError    sound SPARQL that this service does not do
├── LimitError           a request asked for more than its share
├── NotAllowedError      the acting person may not do this, or not now
│   └── ConflictError        somebody else was faster: look again before you decide
├── StoreError           the store could not be opened or read
│   └── WithheldError        something is being withdrawn from the release in service, which answers again soon
└── EnginesDisagreeError two engines find different faults in one record

Each carries its facts as attributes as well as in its message. The faces decide what they mean: exit codes in
``taxonomy.cli``, HTTP statuses in ``taxonomy.site``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from taxonomy.days import written


class TaxonomyError(Exception):
    """The root of every error raised on purpose; its text is one line for a person."""


class NotFoundError(TaxonomyError):
    """There is no such thing; names the nearest ones.

    >>> str(NotFoundError("question", "servces-in-area", near=["services-in-area"]))
    "No question has the name 'servces-in-area'. Did you mean services-in-area?"
    """

    def __init__(self, kind: str, key: str, *, near: Sequence[str] = ()) -> None:
        self.kind, self.key, self.near = kind, key, tuple(near)
        hint = f" Did you mean {' or '.join(self.near)}?" if self.near else ""
        super().__init__(f"No {kind} has the name {key!r}.{hint}")


class SeveralError(NotFoundError):
    """A name has more than one meaning; names them.

    >>> str(SeveralError("area", "Leicestershire", near=["E10000018 (county)", "E23000021 (police force area)"]))
    "More than one area has the name 'Leicestershire'. Say which: E10000018 (county) or E23000021 (police force area)."
    """

    def __init__(self, kind: str, key: str, *, near: Sequence[str]) -> None:
        super().__init__(kind, key, near=near)
        self.args = (f"More than one {kind} has the name {key!r}. Say which: {' or '.join(self.near)}.",)


class GoneError(NotFoundError):
    """There was such a thing, and it is kept no longer; names what is.

    >>> str(GoneError("release", "1", near=["2"]))
    'The release 1 is no longer kept. The nearest is 2.'
    """

    def __init__(self, kind: str, key: str, *, near: Sequence[str] = ()) -> None:
        super().__init__(kind, key, near=near)
        hint = f" The nearest is {self.near[0]}." if self.near else ""
        self.args = (f"The {kind} {key} is no longer kept.{hint}",)


class ReplacedError(GoneError):
    """Something in a release had to be withdrawn: it is gone, and another one stands in its place.

    >>> str(ReplacedError(3, by="3.1", on=date(2026, 11, 30)))
    'Release 3 was replaced by release 3.1 on 30 November 2026, because something in it had to be withdrawn.'
    """

    def __init__(self, number: int | str, *, by: int | str, on: date) -> None:
        super().__init__("release", str(number), near=[str(by)])
        self.by, self.on = by, on
        why = "because something in it had to be withdrawn"
        self.args = (f"Release {number} was replaced by release {by} on {written(on)}, {why}.",)


class NotHereError(TaxonomyError):
    """What was asked takes a home with its releases, and a server elsewhere is read instead."""


class CurationError(TaxonomyError):
    """A file we curate is wrong; names the file, and what to mend."""

    def __init__(self, path: Path | str, detail: str) -> None:
        self.path, self.detail = Path(path), detail
        super().__init__(f"{path}: {detail}")


class InputError(TaxonomyError):
    """A file or value that somebody gave us cannot be read.

    ``where`` is the file, sheet or line as the user sees it; ``hint`` says what to do next.
    """

    def __init__(self, detail: str, *, where: str = "", hint: str = "") -> None:
        self.detail, self.where, self.hint = detail, where, hint
        super().__init__(" ".join(part for part in (f"{where}:" if where else "", detail, hint) if part))


class TooLargeError(InputError):
    """A file holds more than may be read at once; says how much that is."""


class UnknownKindError(InputError):
    """A file is of a kind that we do not read; names the kinds that we do."""


class NoRecordError(InputError):
    """A file can be read, and describes no organisation."""


class QueryError(TaxonomyError):
    """A query, or a value given to it, is wrong; ``line`` and ``column`` count from 1, 0 where unknown."""

    def __init__(self, detail: str, *, line: int = 0, column: int = 0, hint: str = "") -> None:
        self.detail, self.line, self.column, self.hint = detail, line, column, hint
        place = f"line {line}, column {column}: " if line else ""
        super().__init__(f"{place}{detail}" + (f" {hint}" if hint else ""))


class RefusedQueryError(QueryError):
    """Sound SPARQL that this service does not do: updates, federation, deep nesting; the message says why."""


class LimitError(TaxonomyError):
    """A request asked for more than its share.

    ``limit`` is one of ``time``, ``memory``, ``bytes``, ``complexity``, ``busy``, ``budget`` and ``caller`` (who asked
    has left, and nobody reads this); ``detail`` names the figure and the way to get the whole answer; ``wait`` is in
    how many seconds to ask again, 0 where unknown.
    """

    def __init__(self, limit: str, detail: str, *, wait: float = 0.0) -> None:
        self.limit, self.detail, self.wait = limit, detail, wait
        super().__init__(detail)


class EnginesDisagreeError(TaxonomyError):
    """Two engines find different faults in one record; names the record and the rule, never a value."""

    def __init__(self, record: str, rule: str) -> None:
        self.record, self.rule = record, rule
        super().__init__(
            f"The fast engine and pySHACL do not agree on the record of {record}, by the rule {rule}. "
            "Nothing is reported. Check again with --engine pyshacl, and tell us about it."
        )


class NotAllowedError(TaxonomyError):
    """The acting person may not do this, or not now; says who could, or when."""


class ConflictError(NotAllowedError):
    """What the acting person decided on is no longer as they saw it, or somebody else is at work on it."""


class StoreError(TaxonomyError):
    """The store could not be opened or read."""


class WithheldError(StoreError):
    """Something is being withdrawn from the release in service, which answers again when that is done."""
