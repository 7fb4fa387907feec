"""A file in; the facts of its records, each with the place where it stood, out. Nothing of the file is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from taxonomy.context import Context
from taxonomy.errors import InputError
from taxonomy.intake import rdf, workbook
from taxonomy.records import Record, Submission
from taxonomy.settings import Bounds

__all__ = ["KINDS", "read", "read_bytes"]


def read(
    path: Path | str, *, kind: str | None = None, context: Context | None = None, bounds: Bounds | None = None
) -> Submission:
    """Read the records in a file.

    ``kind`` (workbook or rdf) is told from the file itself where it is not given; ``bounds`` say what it may hold and
    take, without them what the site allows.

    Raises:
        InputError: the file cannot be read; says what, where and what next.
        LimitError: reading it takes more than its share.
    """
    path, bounds = Path(path), bounds or Bounds()
    try:
        if path.stat().st_size > bounds.bytes:
            raise InputError(f"The file is larger than {bounds.bytes / 2**20:g} MB.", where=path.name)
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"The file cannot be opened ({error.strerror}).", where=str(path)) from None
    return read_bytes(data, path.name, kind=kind, context=context, bounds=bounds)


def read_bytes(
    data: bytes,
    name: str,
    *,
    kind: str | None = None,
    context: Context | None = None,
    bounds: Bounds | None = None,
) -> Submission:
    """Read the records in what a file holds; ``name`` is the file's name as the user knows it.

    Raises:
        InputError: it cannot be read; says what, where and what next.
        LimitError: it, or reading it, is too large.
    """
    name = Path(name.replace("\\", "/")).name[:100]
    if kind is not None and kind not in _READERS:
        raise InputError(f"There is no kind of file {kind!r}.", where=name, hint=f"Use {' or '.join(_READERS)}.")
    reader = _READERS[kind or _kind(data, name)]
    bounds = bounds or Bounds()
    try:
        read = reader(data, name, context or Context.bundled(), bounds)
    except InputError as error:
        raise InputError(error.detail, where=", ".join(filter(None, (name, error.where))), hint=error.hint) from None
    if len(read.records) > bounds.records:
        raise InputError(
            f"The file holds {len(read.records):,} records; the most is {bounds.records:,}.",
            where=name,
            hint="Split it.",
        )
    return read


def _kind(data: bytes, name: str) -> str:
    """What a file is: by its first bytes, else by its name."""
    suffix = Path(name).suffix.lower()
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")) or suffix in {".xlsx", ".xlsm", ".xls"}:
        return "workbook"
    if suffix in rdf.SYNTAXES:
        return "rdf"
    raise InputError(
        f"Files that end in {suffix} are not read." if suffix else "The file's name has no ending.",
        where=name,
        hint=f"Use an Excel workbook (.xlsx) or RDF ({', '.join(rdf.SYNTAXES)}).",
    )


def _read_rdf(data: bytes, name: str, context: Context, bounds: Bounds) -> Submission:
    records, problems = rdf.records(rdf.read(data, rdf.syntax_of(data, name), bounds), context)
    return Submission(
        file=name, kind="rdf", sha256=hashlib.sha256(data).hexdigest(), records=records, problems=problems
    )


def _read_workbook(data: bytes, name: str, context: Context, bounds: Bounds) -> Submission:
    filled = workbook.read(workbook.open_sheets(data, bounds), context)
    if len(filled.places) > rdf.FACTS:
        raise InputError(
            f"The workbook holds more than {rdf.FACTS:,} facts, too many for one record.", hint="Take some out."
        )
    whole = rdf.complete(filled.places, filled.owner, context)
    return Submission(
        file=name,
        kind="workbook",
        sha256=hashlib.sha256(data).hexdigest(),
        records=(Record(owner=filled.owner, places=whole, things=filled.things, proposals=filled.proposals),),
        columns=filled.columns,
        cells=filled.cells,
        problems=tuple(filled.problems),
    )


_READERS: Final[Mapping[str, Callable[[bytes, str, Context, Bounds], Submission]]] = {
    "workbook": _read_workbook,
    "rdf": _read_rdf,
}
KINDS: Final = tuple(_READERS)
