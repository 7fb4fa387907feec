"""A file in; the facts of its records, each with the place where it stood, out. Nothing of the file is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from taxonomy import documents, standards
from taxonomy.context import Context
from taxonomy.errors import InputError, TooLargeError, UnknownKindError
from taxonomy.intake import rdf, workbook
from taxonomy.intake.filling import Filled
from taxonomy.records import CARRIER, Problem, Record, Submission
from taxonomy.sealing import Seal
from taxonomy.settings import Bounds
from taxonomy.standards import tabular

__all__ = ["KINDS", "Means", "read", "read_bytes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a reader reads with."""

    context: Context
    bounds: Bounds
    mapping: Mapping[str, str]
    seal: Seal | None  # None: what is for the steward alone is not read


Reader = Callable[[bytes, str, Means], Submission]


def read(
    path: Path | str,
    *,
    kind: str | None = None,
    context: Context | None = None,
    bounds: Bounds | None = None,
    mapping: Mapping[str, str] | None = None,
    seal: Seal | None = None,
) -> Submission:
    """Read the records in a file.

    ``kind`` (workbook, csv, rdf, oruk, 360giving or ocds) is told from the file itself where it is not given;
    ``bounds`` say what it may hold and take, without them what the site allows. ``mapping`` says of headings of a
    table, or of the cells that they stand in, as which of our headings they are to be read; as "", not at all. With a
    ``seal``, what is for the steward alone comes sealed; without one it is not read.

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
    return read_bytes(data, path.name, kind=kind, context=context, bounds=bounds, mapping=mapping, seal=seal)


def read_bytes(
    data: bytes,
    name: str,
    *,
    kind: str | None = None,
    context: Context | None = None,
    bounds: Bounds | None = None,
    mapping: Mapping[str, str] | None = None,
    seal: Seal | None = None,
) -> Submission:
    """Read the records in what a file holds; ``name`` is the file's name as the user knows it.

    Raises:
        InputError: it cannot be read; says what, where and what next.
        TooLargeError: it holds more than the bounds allow.
        UnknownKindError: it is a kind of file that is not read.
        NoRecordError: it describes no organisation.
        LimitError: reading it takes more than its share.
    """
    name = Path(name.replace("\\", "/")).name[-100:]  # its ending says what it is
    if kind is not None and kind not in _READERS:
        raise UnknownKindError(f"There is no kind of file {kind!r}.", where=name, hint=f"Use {' or '.join(_READERS)}.")
    bounds = bounds or Bounds()
    if len(data) > bounds.bytes:
        raise _larger(name, bounds)
    try:
        reader = _READERS[kind] if kind else _reader(data, name)
        means = Means(context=context or Context.bundled(), bounds=bounds, mapping=mapping or {}, seal=seal)
        read = reader(data, name, means)
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


def _reader(data: bytes, name: str) -> Reader:
    """What reads a file: by its first bytes, else by its name."""
    suffix = Path(name).suffix.lower()
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")) or suffix in {".xlsx", ".xlsm", ".xls", ".ods"}:
        return _READERS["workbook"]
    if suffix in {".csv", ".tsv"}:
        return _READERS["csv"]
    if suffix in rdf.SYNTAXES:
        return _READERS["rdf"]
    if suffix == ".json":
        return _read_json
    raise UnknownKindError(
        f"Files that end in {suffix} are not read." if suffix else "The file's name has no ending.",
        hint=f"Use an Excel workbook (.xlsx), .ods, .csv, RDF ({', '.join(rdf.SYNTAXES)}) or .json of a standard.",
    )


def _read_json(data: bytes, name: str, means: Means) -> Submission:
    """JSON is of the kind that it looks like."""
    document = documents.read(data, means.bounds.limits)
    kind = standards.kind_of(document.value)
    if kind:
        return _read_document(kind, document, data, name, means.context)
    if _LINKED.isdisjoint(document.value if isinstance(document.value, dict) else ()):
        raise UnknownKindError(
            "This JSON is of no standard that we know.",
            hint=f"Use JSON-LD, or say which standard it is: {', '.join(standards.READERS)}.",
        )
    return _read_rdf(data, name, means)


_LINKED: Final = frozenset({"@context", "@graph", "@id"})


def _read_rdf(data: bytes, name: str, means: Means) -> Submission:
    records, problems = rdf.records(rdf.read(data, rdf.syntax_of(data, name), means.bounds), means.context)
    return Submission(
        file=name, kind="rdf", sha256=hashlib.sha256(data).hexdigest(), records=records, problems=problems
    )


def _read_sheets(kind: str, data: bytes, name: str, means: Means) -> Submission:
    opened = workbook.open_sheets(data, name, means.bounds, csv=kind == "csv", seal=means.seal)
    if tabular.is_like(opened.sheets):
        return _read_grants(opened, data, name, means.context)
    found = workbook.read(opened, means.context, means.mapping)
    return Submission(
        file=name,
        kind=kind,
        sha256=hashlib.sha256(data).hexdigest(),
        records=tuple(_record(each, means.context) for each in found.records),
        columns=found.columns,
        cells=found.cells,
        matches=found.found.matches,
        problems=found.problems,
        carried=tuple(map(tuple, opened.sheets.get(CARRIER, ()))),
        boxes=opened.boxes,
    )


def _record(stated: Filled | Record, context: Context) -> Record:
    if len(stated.places) > rdf.FACTS:
        raise TooLargeError(f"A record holds more than {rdf.FACTS:,} facts, too many for one.", hint="Take some out.")
    places = rdf.complete(stated.places, stated.owner, context)
    return Record(owner=stated.owner, places=places, things=stated.things, proposals=stated.proposals)


def _read_standard(kind: str, data: bytes, name: str, means: Means) -> Submission:
    """A document of somebody else's standard; grants may come as a spreadsheet as well."""
    if kind == "360giving" and not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        opened = workbook.open_sheets(data, name, means.bounds, csv=not data.startswith(b"PK"), seal=means.seal)
        return _read_grants(opened, data, name, means.context)
    return _read_document(kind, documents.read(data, means.bounds.limits), data, name, means.context)


def _read_document(kind: str, document: documents.Document, data: bytes, name: str, context: Context) -> Submission:
    found = _of_standard(kind, standards.READERS[kind](document, context), data, name, context)
    twice = (Problem(rule="memberTwice", place=document.place(pointer)) for pointer in document.repeated)
    return replace(found, problems=(*twice, *found.problems))


def _read_grants(opened: workbook.Opened, data: bytes, name: str, context: Context) -> Submission:
    grants = tabular.Grants(opened.sheets)
    found = _of_standard("360giving", standards.READERS["360giving"](grants, context), data, name, context)
    return replace(
        found,
        columns=grants.columns,
        cells=grants.cells,
        problems=(*opened.aside, *found.problems),
        boxes=opened.boxes,
    )


def _of_standard(kind: str, read: standards.Read, data: bytes, name: str, context: Context) -> Submission:
    return Submission(
        file=name,
        kind=kind,
        sha256=hashlib.sha256(data).hexdigest(),
        records=tuple(_record(each, context) for each in read.records),
        problems=read.problems,
    )


_READERS: Final[Mapping[str, Reader]] = {
    "workbook": partial(_read_sheets, "workbook"),
    "csv": partial(_read_sheets, "csv"),
    "rdf": _read_rdf,
    **{kind: partial(_read_standard, kind) for kind in standards.READERS},
}
KINDS: Final = tuple(_READERS)
