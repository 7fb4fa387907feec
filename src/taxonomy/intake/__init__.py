"""A file in; the facts of one record, each with the place where it stood, out. Nothing of the file is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from taxonomy.errors import InputError
from taxonomy.intake import rdf, workbook
from taxonomy.intake.context import Context
from taxonomy.intake.parsing import MOST
from taxonomy.intake.submission import Place, Problem, Submission

__all__ = ["KINDS", "Context", "Place", "Problem", "Submission", "read", "read_bytes"]

LARGEST: Final = 10 * 2**20  # bytes of a file


def read(path: Path | str, *, kind: str | None = None, context: Context | None = None) -> Submission:
    """Read one record from a file.

    ``kind`` (workbook or rdf) is told from the file's name where it is not given.

    Raises:
        InputError: the file cannot be read; says what, where and what next.
        LimitError: reading it takes more than its share.
    """
    path = Path(path)
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(
                f"The file is larger than {LARGEST // 2**20} MB, too much for one record.", where=path.name
            )
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"The file cannot be opened ({error.strerror}).", where=str(path)) from None
    return read_bytes(data, path.name, kind=kind, context=context)


def read_bytes(data: bytes, name: str, *, kind: str | None = None, context: Context | None = None) -> Submission:
    """Read one record from what a file holds; ``name`` is the file's name as the user knows it.

    Raises:
        InputError: it cannot be read; says what, where and what next.
        LimitError: it, or reading it, is too large.
    """
    name = Path(name.replace("\\", "/")).name[:100]
    if kind is not None and kind not in _READERS:
        raise InputError(f"There is no kind of file {kind!r}.", where=name, hint=f"Use {' or '.join(_READERS)}.")
    reader = _READERS[kind or _kind(data, name)]
    try:
        return reader(data, name, context or Context.bundled())
    except InputError as error:
        raise InputError(error.detail, where=", ".join(filter(None, (name, error.where))), hint=error.hint) from None


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
        hint="Use an Excel workbook (.xlsx), Turtle (.ttl) or N-Triples (.nt).",
    )


def _read_rdf(data: bytes, name: str, context: Context) -> Submission:
    stated = rdf.read(data, rdf.SYNTAXES.get(Path(name).suffix.lower(), "turtle"))
    owner = rdf.owner_of(stated, context)
    whole = rdf.complete(stated, owner, context)
    proposals, new = rdf.proposals_of(stated, context)
    return Submission(
        file=name,
        kind="rdf",
        sha256=hashlib.sha256(data).hexdigest(),
        owner=owner,
        triples=tuple(whole),
        places=whole,
        things=rdf.things_of(whole),
        proposals=proposals,
        problems=(*rdf.problems_of(stated, owner, context), *new),
    )


def _read_workbook(data: bytes, name: str, context: Context) -> Submission:
    filled = workbook.read(workbook.open_sheets(data), context)
    if len(filled.places) > MOST:
        raise InputError(
            f"The workbook holds more than {MOST:,} facts, too many for one record.", hint="Take some out."
        )
    whole = rdf.complete(filled.places, filled.owner, context)
    return Submission(
        file=name,
        kind="workbook",
        sha256=hashlib.sha256(data).hexdigest(),
        owner=filled.owner,
        triples=tuple(whole),
        places=whole,
        things=filled.things,
        columns=filled.columns,
        cells=filled.cells,
        proposals=filled.proposals,
        problems=tuple(filled.problems),
    )


_READERS: Final[Mapping[str, Callable[[bytes, str, Context], Submission]]] = {
    "workbook": _read_workbook,
    "rdf": _read_rdf,
}
KINDS: Final = tuple(_READERS)
