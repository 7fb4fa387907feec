"""How fast many records are checked, beside pySHACL on one graph of them all, with the same shapes and findings.

    python -m benchmarks.checking --records 500

Records are made up, and read before the clock starts. Rounds go through all of them in turn. Read the ratios.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date

from rich.console import Console
from rich.table import Table

from benchmarks.made_up import MadeUp
from taxonomy.context import Context
from taxonomy.records import Record, Submission
from taxonomy.validation import batches, bulk, engines, examine, graphs
from taxonomy.validation.batches import Batch
from taxonomy.validation.engines import Reference, Result
from taxonomy.validation.faults import Fault, distinct, faults

TODAY = date(2026, 11, 23)
Found = list[tuple[Fault, ...]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--records", type=int, default=500)
    options.add_argument("--rounds", type=int, default=3)
    asked = options.parse_args()
    show(Console(), asked.records, asked.rounds)


def show(console: Console, count: int, rounds: int) -> None:
    """The figures for so many records, for ten times as many, and for one alone."""
    made = MadeUp()
    many, context = made.records(10 * count), made.context(10 * count)
    some, one = many[:count], submission(many[count : count + 1])

    def ours(records: Sequence[Record]) -> Found:
        return [distinct(each) for each in bulk.check_all(records, context, TODAY).faults]

    ways: dict[str, Callable[[], object]] = {
        f"{count:,} records": lambda: ours(some),
        f"{count:,} records, rules across them too": lambda: examine(submission(some), context=context, today=TODAY),
        f"pySHACL, {count:,} in one graph": lambda: whole(some, context, Reference(graphs.written())),
        "the same, shapes set out for it": lambda: whole(some, context, Reference(graphs.shapes())),
        f"{10 * count:,} records": lambda: ours(many),
        f"{10 * count:,} records, rules across them too": lambda: examine(
            submission(many), context=context, today=TODAY
        ),
        "one record, alone": lambda: examine(one, context=context, today=TODAY),
    }
    if ours(some) != whole(some, context, Reference(graphs.shapes())):
        raise SystemExit("The two engines do not find the same, so their times are not compared.")
    times: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, run in ways.items():
            start = time.perf_counter()
            run()
            times[way].append(time.perf_counter() - start)
    seconds = {way: statistics.median(each) for way, each in times.items()}
    fast, across, written, set_out, tenfold, all_across, alone = seconds.values()
    table = Table("checking", "seconds (median)", "ratio")
    ratios = (
        "",
        "",
        f"{written / fast:.0f} times as long",
        f"{set_out / fast:.0f} times as long",
        f"{tenfold / fast:.1f} times {count:,}",
        f"{all_across / across:.1f} times {count:,}",
        f"1/{all_across / alone:.0f} of {10 * count:,}",
    )
    for (way, taken), ratio in zip(seconds.items(), ratios, strict=True):
        table.add_row(way, f"{taken:.3f}", ratio)
    console.print(table)


def submission(records: Sequence[Record]) -> Submission:
    return Submission(file="made-up.nt", kind="rdf", sha256="", records=tuple(records))


def whole(records: Sequence[Record], context: Context, engine: Reference) -> Found:
    """What pySHACL finds in one graph of all records."""
    graph = Batch()
    for case in batches.cases(records, context, TODAY):
        graph.add(case)
    said: defaultdict[str, list[Result]] = defaultdict(list)
    for each in engines.results(engine.report(graph.ntriples)):
        said[each.focus].append(each)
    return [distinct(faults(record, [each for thing in record.things for each in said[thing]])) for record in records]


if __name__ == "__main__":
    main()
