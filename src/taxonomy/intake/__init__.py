"""A file in; the facts of one record, each with the place where it stood, out. Nothing of the file is kept."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from taxonomy.errors import InputError
from taxonomy.intake import rdf
from taxonomy.intake.context import Context
from taxonomy.intake.submission import Place, Problem, Submission

__all__ = ["KINDS", "Context", "Place", "Problem", "Submission", "read", "read_bytes"]

KINDS: Final = ("workbook", "rdf")
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
    context = context or Context.bundled()
    try:
        return _read_rdf(data, name, context)
    except InputError as error:
        raise InputError(error.detail, where=", ".join(filter(None, (name, error.where))), hint=error.hint) from None


def _read_rdf(data: bytes, name: str, context: Context) -> Submission:
    suffix = Path(name).suffix.lower()
    stated = rdf.read(data, rdf.SYNTAXES.get(suffix, "turtle"))
    owner = rdf.owner_of(stated, context)
    whole = rdf.complete(stated, owner, context)
    return Submission(
        file=name,
        kind="rdf",
        sha256=hashlib.sha256(data).hexdigest(),
        owner=owner,
        triples=tuple(whole),
        places=whole,
        things=rdf.things_of(whole),
        problems=rdf.problems_of(stated, owner, context),
    )
