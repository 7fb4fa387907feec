"""Checkers: worker processes that check strangers' files, from the first byte to the report, within limits.

A file that breaks a limit ends its worker and nothing else; the caller is told which limit, and a new worker takes its
place.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Final

from taxonomy.context import Context
from taxonomy.errors import LimitError
from taxonomy.intake.form import Form
from taxonomy.pool import Pool
from taxonomy.sandbox import Worker
from taxonomy.settings import Bounds
from taxonomy.validation import wire
from taxonomy.validation.findings import Report
from taxonomy.validation.wire import Taken

_WAY_OUT: Final = (
    "Split it into smaller records, or check it on your own machine, which has no such limit: svssv validate."
)
_BUSY: Final = "Other files are being checked just now. Send yours again in a few seconds."


class Checkers:
    """So many checkers, shared by threads; each checks one file at a time. The first file starts the first one."""

    def __init__(self, bounds: Bounds | None = None, *, size: int = 2) -> None:
        self._bounds = bounds or Bounds()
        self._limits = self._bounds.limits
        start = functools.partial(Worker, "taxonomy.validation.worker", (), self._limits)
        self._pool = Pool(start, size=size, warm=0, queue=size, busy=_BUSY, closed="Checking has ended.")
        self._told: tuple[Context, bytes] | None = None

    def check(
        self,
        data: bytes,
        name: str,
        *,
        context: Context,
        kind: str | None = None,
        today: date | None = None,
        mapping: Mapping[str, str] | None = None,
        before: tuple[bytes, str] | None = None,
    ) -> Report:
        """Read what a file holds and check the records in it; ``name`` is the file's name as the user knows it.

        ``before`` is a file, with its name, that holds the report of an earlier check. The report is the one that
        ``examine`` gives.

        Raises:
            InputError: the file, or the earlier report, cannot be read; says what, where and what next.
            LimitError: it asked for more than its share, or every checker stayed busy.
        """
        said = {"name": name, "kind": kind, "mapping": dict(mapping or {}), "today": today and today.isoformat()}
        return self._ask({**said, "back": ""}, data, context, before)[0]

    def give_back(
        self,
        data: bytes,
        name: str,
        *,
        context: Context,
        kind: str | None = None,
        mapping: Mapping[str, str] | None = None,
        before: tuple[bytes, str] | None = None,
    ) -> tuple[Report, bytes]:
        """The same, with the file as it is given back to its owner (``annotate.given_back``).

        Raises:
            InputError: the file, or the earlier report, cannot be read, or the file cannot be written again.
            LimitError: it asked for more than its share, or every checker stayed busy.
        """
        said = {"name": name, "kind": kind, "mapping": dict(mapping or {}), "today": None, "back": "file"}
        return self._ask(said, data, context, before)

    def take(self, data: bytes, name: str, *, context: Context) -> tuple[Report, Taken | None]:
        """Check a file that holds one record, and give that record where it conforms, to be handed in.

        Raises:
            InputError: the file cannot be read, or holds no record or several.
            LimitError: it asked for more than its share, or every checker stayed busy.
        """
        report, record = self._ask(self._plain(name, "record"), data, context, None)
        return report, wire.record_in(record) if record else None

    def fill_in(self, data: bytes, name: str, *, context: Context) -> tuple[Report, Form]:
        """Check a file that holds one record, and put what it says into a form.

        Raises:
            InputError: the file cannot be read, or holds no record or several.
            LimitError: it asked for more than its share, or every checker stayed busy.
        """
        report, form = self._ask(self._plain(name, "form"), data, context, None)
        return report, Form.from_json(form.decode())

    @staticmethod
    def _plain(name: str, back: str) -> dict[str, object]:
        return {"name": name, "kind": None, "mapping": {}, "today": None, "back": back}

    def _ask(
        self, said: Mapping[str, object], data: bytes, context: Context, before: tuple[bytes, str] | None
    ) -> tuple[Report, bytes]:
        known, (earlier, earlier_name) = self._known(context), before or (b"", "")
        head = {
            **said,
            "context": len(known),
            "before": len(earlier),
            "before_name": earlier_name,
            "bounds": asdict(self._bounds),
        }
        request = b"".join((json.dumps(head).encode(), b"\n", known, earlier, data))
        with self._pool.worker() as worker:
            try:
                answer = worker.call(request)
            except LimitError as error:
                raise LimitError(error.limit, f"{self._excess(error.limit)} {_WAY_OUT}") from error
        length, _, rest = answer.partition(b"\n")
        return wire.report_in(rest[: int(length)]), rest[int(length) :]

    def close(self) -> None:
        """End every checker; a check under way fails. Does nothing the second time."""
        self._pool.close()

    def __enter__(self) -> Checkers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _known(self, context: Context) -> bytes:
        if self._told is None or self._told[0] is not context:
            self._told = (context, wire.context_out(context))
        return self._told[1]

    def _excess(self, limit: str) -> str:
        """What was passed, with its figure."""
        most = "the most that one check may take here"
        match limit:
            case "time":
                return f"Checking this file took longer than {self._limits.seconds:g} seconds, {most}."
            case "memory":
                return f"Checking this file took more than {(self._limits.memory or 0) >> 20} MB, {most}."
            case "bytes":
                return f"The report on this file is larger than {(self._limits.answer or 0) >> 20} MB, {most}."
        return "This file is too complex to be checked here."
