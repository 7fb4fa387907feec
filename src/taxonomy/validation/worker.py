"""The worker that checks a stranger's file from its first byte to the report: it reads it, and runs every rule over it.

Started by ``taxonomy.validation.checkers``; nothing else imports it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from taxonomy import inside, intake, restricted
from taxonomy.context import Context
from taxonomy.frames import Outlet
from taxonomy.intake import parsing, sheets
from taxonomy.intake.form import Form
from taxonomy.records import Record, Submission
from taxonomy.settings import Bounds
from taxonomy.validation import annotate, earlier, wire
from taxonomy.validation.engine import examine
from taxonomy.values import Iri

_ON_THE_SPOT = (parsing, sheets)  # loaded here, before memory is counted


def answer(request: bytes, out: Outlet) -> None:
    """Write the report on one file."""
    head, _, rest = request.partition(b"\n")
    asked = json.loads(head)
    known, before, data = _cut(rest, asked["context"], asked["before"])
    context, bounds = _context(known), Bounds(**asked["bounds"])
    earlier_report = earlier.read(before, asked["before_name"]) if before else None
    read = intake.read_bytes(
        data, asked["name"], kind=asked["kind"], context=context, bounds=bounds, mapping=asked["mapping"]
    )
    today = date.fromisoformat(asked["today"]) if asked["today"] else None
    report = examine(read, context=context, today=today, before=earlier_report)
    said = wire.report_out(report)
    out.write(b"%d\n" % len(said))
    out.write(said)
    match asked["back"]:
        case "file":
            out.write(annotate.given_back(data, report, bounds=bounds))
        case "form":
            out.write(Form.of_file(data, asked["name"], context, bounds=bounds).to_json().encode())
        case "record" if report.conforms:
            out.write(wire.record_out(read.only))


def _cut(data: bytes, *lengths: int) -> Iterator[bytes]:
    """The parts of a request, and last the rest of it."""
    for length in lengths:
        yield data[:length]
        data = data[length:]
    yield data


@lru_cache(maxsize=1)
def _context(data: bytes) -> Context:
    """The context of the last request, mostly that of this one too: it changes only with a release."""
    return wire.context_in(data)


def _prepare() -> None:
    """Load the rules and the engine, by checking nothing."""
    nothing = Submission(file="", kind="rdf", sha256="", records=(Record(owner=Iri("https://example.org/id/x")),))
    restricted.layout()
    examine(nothing, context=Context(types={}, schemes={}, labels={}, wider={}, names={}))


if __name__ == "__main__":
    inside.serve(answer, before=_prepare)
