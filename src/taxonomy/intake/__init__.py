"""A file in; the facts of its records, each with the place where it stood, out. Nothing of the file is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from taxonomy.context import Context
from taxonomy.errors import InputError, TooLargeError, UnknownKindError
from taxonomy.intake import rdf, workbook
from taxonomy.intake.filling import Filled
from taxonomy.records import CARRIER, Record, Submission
from taxonomy.settings import Bounds

__all__ = ["KINDS", "read", "read_bytes"]


def read(
    path: Path | str,
    *,
    kind: str | None = None,
    context: Context | None = None,
    bounds: Bounds | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Submission:
    """Read the records in a file.

    ``kind`` (workbook, csv or rdf) is told from the file itself where it is not given; ``bounds`` say what it may hold
    and take, without them what the site allows. ``mapping`` says of headings of a table, or of the cells that they
    stand in, as which of our headings they are to be read; as "", not at all.

    Raises:
        InputError: the file cannot be read; says what, where and what next.
        LimitError: reading it takes more than its share.
    """
    path, bounds = Path(path), bounds or Bounds()
    try:
        with path.open("rb") as file:
            data = file.read(bounds.bytes + 1)  # one more tells that it is too large, however large it says it is
    except OSError as error:
        raise InputError(f"The file cannot be opened ({error.strerror}).", where=str(path)) from None
    return read_bytes(data, path.name, kind=kind, context=context, bounds=bounds, mapping=mapping)


def read_bytes(
    data: bytes,
    name: str,
    *,
    kind: str | None = None,
    context: Context | None = None,
    bounds: Bounds | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Submission:
    """Read the records in what a file holds; ``name`` is the file's name as the user knows it.

    Raises:
        InputError: it cannot be read; says what, where and what next.
        TooLargeError: it holds more than the bounds allow.
        UnknownKindError: it is a kind of file that is not read.
        NoRecordError: it describes no organisation.
        LimitError: reading it takes more than its share.
    """
    name = Path(name.replace("\\", "/")).name[:100]
    if kind is not None and kind not in _READERS:
        raise UnknownKindError(f"There is no kind of file {kind!r}.", where=name, hint=f"Use {' or '.join(_READERS)}.")
    kind = kind or _kind(data, name)
    bounds = bounds or Bounds()
    if len(data) > bounds.bytes:
        raise _larger(name, bounds)
    try:
        read = _READERS[kind](data, name, context or Context.bundled(), bounds, mapping or {})
    except InputError as error:
        where = ", ".join(filter(None, (name, error.where)))
        raise type(error)(error.detail, where=where, hint=error.hint) from None
    if len(read.records) > bounds.records:
        raise TooLargeError(
            f"The file holds {len(read.records):,} records; the most is {bounds.records:,}.",
            where=name,
            hint="Split it.",
        )
    return read


def _larger(name: str, bounds: Bounds) -> TooLargeError:
    return TooLargeError(f"The file is larger than {bounds.bytes / 2**20:g} MB.", where=name, hint="Split it.")


def _kind(data: bytes, name: str) -> str:
    """What a file is: by its first bytes, else by its name."""
    suffix = Path(name).suffix.lower()
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")) or suffix in {".xlsx", ".xlsm", ".xls", ".ods"}:
        return "workbook"
    if suffix in {".csv", ".tsv"}:
        return "csv"
    if suffix in rdf.SYNTAXES:
        return "rdf"
    raise UnknownKindError(
        f"Files that end in {suffix} are not read." if suffix else "The file's name has no ending.",
        where=name,
        hint=f"Use an Excel workbook (.xlsx), .ods, .csv or RDF ({', '.join(rdf.SYNTAXES)}).",
    )


def _read_rdf(data: bytes, name: str, context: Context, bounds: Bounds, _mapping: Mapping[str, str]) -> Submission:
    records, problems = rdf.records(rdf.read(data, rdf.syntax_of(data, name), bounds), context)
    return Submission(
        file=name, kind="rdf", sha256=hashlib.sha256(data).hexdigest(), records=records, problems=problems
    )


def _read_workbook(data: bytes, name: str, context: Context, bounds: Bounds, mapping: Mapping[str, str]) -> Submission:
    return _read_sheets("workbook", data, name, context, bounds, mapping)


def _read_csv(data: bytes, name: str, context: Context, bounds: Bounds, mapping: Mapping[str, str]) -> Submission:
    return _read_sheets("csv", data, name, context, bounds, mapping)


def _read_sheets(
    kind: str, data: bytes, name: str, context: Context, bounds: Bounds, mapping: Mapping[str, str]
) -> Submission:
    opened = workbook.open_sheets(data, name, bounds, csv=kind == "csv")
    found = workbook.read(opened, context, mapping)
    return Submission(
        file=name,
        kind=kind,
        sha256=hashlib.sha256(data).hexdigest(),
        records=tuple(_record(each, context) for each in found.records),
        columns=found.columns,
        cells=found.cells,
        matches=found.found.matches,
        problems=found.problems,
        carried=tuple(map(tuple, opened.sheets.get(CARRIER, ()))),
    )


def _record(filled: Filled, context: Context) -> Record:
    if len(filled.places) > rdf.FACTS:
        raise TooLargeError(f"A record holds more than {rdf.FACTS:,} facts, too many for one.", hint="Take some out.")
    places = rdf.complete(filled.places, filled.owner, context)
    return Record(owner=filled.owner, places=places, things=filled.things, proposals=filled.proposals)


_READERS: Final[Mapping[str, Callable[[bytes, str, Context, Bounds, Mapping[str, str]], Submission]]] = {
    "workbook": _read_workbook,
    "csv": _read_csv,
    "rdf": _read_rdf,
}
KINDS: Final = tuple(_READERS)
