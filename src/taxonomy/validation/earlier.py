"""An earlier report on the same records, so that the next check can say what has changed: as JSON, or in a workbook.

A workbook that was given back with comments carries its report on a hidden sheet. Both are a stranger's bytes, so they
are read in a process of its own (``taxonomy.sandbox``), as data, and only what a comparison needs is taken.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from taxonomy import inside, sandbox
from taxonomy.errors import InputError
from taxonomy.frames import Outlet
from taxonomy.intake import workbook
from taxonomy.records import CARRIER
from taxonomy.settings import Bounds
from taxonomy.validation import wire
from taxonomy.validation.findings import Finding, Report
from taxonomy.validation.rules import LEVELS, rules
from taxonomy.values import Iri

COLUMNS: Final = ("level", "rule", "owner", "record", "name", "field", "value", "sheet", "cell")
HEAD: Final = ("file", "checked_on", "checked_at", "rules_version", "stopped")

_BOUNDS: Final = Bounds()
_MOST: Final = 100_000  # findings
_LONGEST: Final = 1_000  # characters of one text
_WHAT_IS_ONE: Final = "Use the report as JSON, or the workbook that was given back with comments."


def open_file(path: Path | str) -> Report:
    """The earlier report that a file holds.

    Raises:
        InputError: it cannot be opened, or holds none.
        LimitError: reading it takes more than its share.
    """
    path = Path(path)
    try:
        if path.stat().st_size > _BOUNDS.bytes:
            raise InputError(f"The file is larger than {_BOUNDS.bytes / 2**20:g} MB.", where=path.name)
        return read(path.read_bytes(), path.name)
    except OSError as error:
        raise InputError(f"The file cannot be opened ({error.strerror}).", where=str(path)) from None


def read(data: bytes, name: str) -> Report:
    """The earlier report that a file holds; ``name`` is the file's name as the user knows it.

    Raises:
        InputError: it holds none.
        LimitError: reading it takes more than its share.
    """
    try:
        answer = sandbox.run("taxonomy.validation.earlier", data, _BOUNDS.limits)
    except InputError as error:
        raise InputError(error.detail, where=name, hint=error.hint) from None
    return wire.report_in(answer)


def carried(rows: Sequence[Sequence[str]]) -> Report | None:
    """The report that a workbook carries, from the rows of its hidden sheet; None where it carries none."""
    if not rows or len(rows[0]) < 2:
        return None
    head = _parsed(rows[0][1].encode())
    said = [dict(zip(COLUMNS, row, strict=False)) for row in rows[2:] if row and row[0]]
    return _report({**head, "findings": said}) if head else None


def head_of(report: Report) -> str:
    """What the first row of the hidden sheet says of a report."""
    return json.dumps({name: _plain(getattr(report, name)) for name in HEAD}, ensure_ascii=False)


def answer(request: bytes, out: Outlet) -> None:
    """Write the earlier report that some bytes hold.

    Raises:
        InputError: they hold none.
    """
    if request.startswith(b"PK"):
        found = carried(workbook.open_sheets(request, "", _BOUNDS).sheets.get(CARRIER, ()))
        if found is None:
            raise InputError("The workbook carries no earlier report.", hint=_WHAT_IS_ONE)
    else:
        found = _report(_parsed(request))
        if found is None:
            raise InputError("The file is no report of an earlier check.", hint=_WHAT_IS_ONE)
    out.write(wire.report_out(found))


def _parsed(data: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _report(said: Mapping[str, Any]) -> Report | None:
    findings = said.get("findings")
    if not isinstance(findings, list) or not isinstance(said.get("rules_version"), str):
        return None
    found = (_finding(each) for each in findings[:_MOST] if isinstance(each, dict))
    checked_at = _time(said.get("checked_at"))
    return Report(
        file=_text(said, "file"),
        kind="",
        sha256="",
        records=(),
        findings=tuple(each for each in found if each),
        checked_on=checked_at.date() if checked_at else date.min,
        checked_at=checked_at,
        rules_version=_text(said, "rules_version"),
        stopped=said.get("stopped") is True,
    )


def _finding(said: Mapping[str, Any]) -> Finding | None:
    """One finding; None where it is of a rule that is no more, and so can neither be fixed nor left."""
    rule = rules().get(Iri(_text(said, "rule")))
    if rule is None or said.get("level") not in LEVELS:
        return None
    found = Finding(
        level=rule.level,
        rule=rule.iri,
        message=rule.message,
        how_to_fix=rule.how_to_fix,
        name=_text(said, "name"),
        field=_text(said, "field"),
        value=_text(said, "value") or None,
        sheet=_text(said, "sheet") or None,
        cell=_text(said, "cell") or None,
    )
    owner, record = _text(said, "owner"), _text(said, "record")
    return replace(found, owner=Iri(owner) if owner else None, record=Iri(record) if record else None)


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value[:_LONGEST] if isinstance(value, str) else ""


def _time(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


if __name__ == "__main__":
    inside.serve(answer)
