"""Any number of records, checked in batches; of many, a few are checked by pySHACL as well."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from taxonomy.context import Context
from taxonomy.errors import EnginesDisagreeError, InputError
from taxonomy.records import Record
from taxonomy.validation import batches, crews, engines
from taxonomy.validation.batches import Batch, Case
from taxonomy.validation.crews import Order
from taxonomy.validation.faults import Fault, distinct, faults
from taxonomy.validation.rules import rules
from taxonomy.values import Iri

Progress = Callable[[int, int], object]  # records that are done, of how many

_ONE_IN: Final = 200  # records of a large run are audited
_AT_LEAST: Final = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found in some records."""

    faults: tuple[tuple[Fault, ...], ...]  # of each record, in the order in which they were given; some twice
    engine: str  # its name, with its version
    audited: int  # records that pySHACL has checked as well
    marked: frozenset[tuple[Iri, Iri]]  # a shape that other rules ask about, and a thing that it marks


def check_all(
    records: Sequence[Record],
    context: Context,
    today: date,
    *,
    engine: str = engines.AUTO,
    jobs: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """The faults of each record, as if it were checked alone.

    Raises:
        EnginesDisagreeError: pySHACL finds other faults in a record of the sample.
        InputError: there is no such engine, or no such cluster.
        LimitError: a worker process took more than its share.
    """
    if jobs is not None and jobs < 1:
        raise InputError(f"{jobs} processes cannot check anything.", hint="Use a number above zero.")
    chosen = engines.engine(engine).name
    large = len(records) > crews.MANY
    audited = _sample(records, today) if large and chosen != engines.REFERENCE else frozenset()
    found: dict[int, tuple[Fault, ...]] = {}
    witness: dict[int, tuple[Fault, ...]] = {}
    marks = {rule.only_with for rule in rules().values() if rule.only_with}
    marked: set[tuple[Iri, Iri]] = set()
    for order, results in crews.crew(jobs, scheduler, records=len(records)).run(
        _orders(batches.cases(records, context, today), chosen, audited)
    ):
        told = found if order.engine == chosen else witness
        for number, some in order.batch.share(results).items():
            told[number] = faults(records[number], some)
            marked |= {(each.shape, each.focus) for each in some if each.shape in marks}
        if progress is not None and told is found:
            progress(len(found), len(records))
    for number, expected in witness.items():
        _compare(records[number], found[number], expected)
    return Outcome(
        tuple(found[number] for number in range(len(records))),
        engines.full_name(chosen),
        len(witness),
        frozenset(marked),
    )


def _orders(cases: Iterator[Case], engine: str, audited: frozenset[int]) -> Iterator[Order]:
    """The batches, and after each one those of its records that are audited, each alone."""
    for batch in batches.pack(cases):
        yield Order(batch, engine)
        for case in batch.cases:
            if case.number in audited:
                alone = Batch()
                alone.add(case)
                yield Order(alone, engines.REFERENCE)


def _sample(records: Sequence[Record], today: date) -> frozenset[int]:
    """The records that are audited: the same ones for the same records on the same day, others on another day."""

    def draw(number: int) -> bytes:
        return hashlib.sha256(f"{today} {records[number].owner}".encode()).digest()

    count = max(_AT_LEAST, len(records) // _ONE_IN)
    return frozenset(sorted(range(len(records)), key=draw)[:count])


def _compare(record: Record, found: tuple[Fault, ...], expected: tuple[Fault, ...]) -> None:
    said, meant = (
        {(each.rule.name, each.focus, each.path, each.value) for each in distinct(some)} for some in (found, expected)
    )
    for name, *_ in sorted(said ^ meant, key=str):
        raise EnginesDisagreeError(record.owner, name)
