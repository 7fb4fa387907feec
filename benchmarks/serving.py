"""How fast the named questions are over HTTP, beside the engine in this process and Oxigraph's own server.

    python -m benchmarks.serving --rounds 15

Every public question of the catalogue, as its examples ask it, of the release of the files in ``data/``: one caller
with a new connection each time (p50), then several callers at once, with a reader for each (throughput). Nothing is
prepared, and no answer is kept. svssv has a web process for each core, as Oxigraph's server has its threads. Peers
take turns, so that a slow moment of the machine falls on each. Read the ratios, not the milliseconds.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from benchmarks import load
from benchmarks.peers import InProcess, our_server, oxigraph_server
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.publishing import release
from taxonomy.store.releases import Home

LONG = 5.0  # milliseconds of the engine from which the stricter goals hold
CLIENTS = 4
P50_AT_MOST, LONG_AT_LEAST, SHORT_AT_LEAST = 2.0, 0.9, 0.5  # the goals
WORST = 6  # questions that are named
T = TypeVar("T")
_MEANT = {
    "p50": "p50 over HTTP, one caller: svssv / engine in process",
    "throughput": f"answers a second, {CLIENTS} callers: svssv / oxigraph serve-read-only",
}
ENGINE, OURS, THEIRS = "engine", "svssv", "oxigraph"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """One question: the engine's median, and the two ratios."""

    question: str
    engine: float  # milliseconds
    p50: float  # of svssv over HTTP, as a multiple of the engine's
    throughput: float  # of svssv, as a multiple of Oxigraph's server's


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("questions", nargs="*", help="some of the catalogue's; without any, all of them")
    asked = options.parse_args()
    show(Console(), asked.rounds, asked.questions)


def show(console: Console, rounds: int, names: Sequence[str] = ()) -> None:
    """Both ratios of these questions, the goals, and the questions that are furthest from them."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home = Home.init(Path(folder) / "home")
        began = time.perf_counter()
        manifest = release.build(home)
        console.print(f"Release of {manifest.counts['triples']:,} triples built in {time.perf_counter() - began:.1f} s")
        store = home.store_path(manifest.number)
        with KnowledgeGraph.open(home) as kg:
            texts = {name: _as_its_examples_ask(kg, name) for name in names or kg.questions}
        engine = InProcess(store)
        theirs = stack.enter_context(oxigraph_server(store, Path(folder)))
        ours = stack.enter_context(our_server(home.path, CLIENTS, {"SVSSV_WEB_PROCESSES": str(os.cpu_count() or 1)}))
        askers = {ENGINE: engine.ask, OURS: ours.ask, THEIRS: theirs.ask}
        for name, text in texts.items():
            if len({_rows(ask(text)) for ask in askers.values()}) != 1:
                raise SystemExit(f"{name}: the peers do not give the same number of rows, so their times mean nothing.")
        alone = _alone({ENGINE: engine.ask, OURS: ours.ask}, texts, rounds)
        together = _together({OURS: ours.address, THEIRS: theirs.address}, texts, alone[ENGINE], max(1, rounds // 5))
    timings = [
        Timing(
            question=name,
            engine=alone[ENGINE][name],
            p50=alone[OURS][name] / alone[ENGINE][name],
            throughput=together[THEIRS][name] / together[OURS][name],
        )
        for name in texts
    ]
    _report(console, timings)


def _as_its_examples_ask(kg: KnowledgeGraph, name: str) -> str:
    question = kg.questions[name]
    return kg.bind(question, **{each.name: each.example[0] for each in question.params if each.required})


def _rows(body: bytes) -> int:
    return len(json.loads(body)["results"]["bindings"])


def _alone(
    askers: Mapping[str, Callable[[str], object]], texts: Mapping[str, str], rounds: int
) -> dict[str, dict[str, float]]:
    """The median milliseconds of each peer for each question, one caller at a time."""
    taken: dict[str, dict[str, list[float]]] = {peer: defaultdict(list) for peer in askers}
    for turn in range(rounds):
        for name, text in texts.items():
            for peer, ask in _in_turn(askers.items(), turn):
                began = time.perf_counter()
                ask(text)
                taken[peer][name].append((time.perf_counter() - began) * 1000)
    return {peer: {name: statistics.median(each) for name, each in named.items()} for peer, named in taken.items()}


def _together(
    addresses: Mapping[str, str], texts: Mapping[str, str], engine: Mapping[str, float], rounds: int
) -> dict[str, dict[str, float]]:
    """The median seconds in which each peer gives so many answers to several callers."""
    taken: dict[str, dict[str, list[float]]] = {peer: defaultdict(list) for peer in addresses}
    for turn in range(rounds):
        for name, text in texts.items():
            answers = min(max(2 * CLIENTS, math.ceil(1000 / engine[name])), 300)  # about half a second of two cores
            for peer, address in _in_turn(addresses.items(), turn):
                taken[peer][name].append(
                    load.seconds(address, load.query(address, text), answers=answers, clients=CLIENTS)
                )
    return {peer: {name: statistics.median(each) for name, each in named.items()} for peer, named in taken.items()}


def _in_turn(peers: Iterable[T], turn: int) -> list[T]:
    """Each peer is the first as often as the last."""
    return list(peers) if turn % 2 else list(peers)[::-1]


def _report(console: Console, timings: Sequence[Timing]) -> None:
    long = [each for each in timings if each.engine >= LONG]
    short = [each for each in timings if each.engine < LONG]
    table = Table("", "questions", "median", "worst", "goal", "reach it")
    worst = []
    for some, length in ((long, f"{LONG:g} ms or more"), (short, f"under {LONG:g} ms")):
        for figure, goal in (("p50", P50_AT_MOST), ("throughput", LONG_AT_LEAST if some is long else SHORT_AT_LEAST)):
            if not some or (some is short and figure == "p50"):
                continue
            at_most = figure == "p50"
            ratios = sorted(((getattr(each, figure), each) for each in some), key=lambda pair: pair[0], reverse=at_most)
            reached = sum(ratio <= goal if at_most else ratio >= goal for ratio, _ in ratios)
            table.add_row(
                _MEANT[figure],
                length,
                f"{statistics.median(ratio for ratio, _ in ratios):.2f}",
                f"{ratios[0][0]:.2f}",
                f"at {'most' if at_most else 'least'} {goal:g}",
                f"{reached} of {len(ratios)}",
            )
            named = (f"{each.question} {ratio:.2f} ({each.engine:.1f} ms)" for ratio, each in ratios[:WORST])
            worst.append(f"Furthest, {figure}, {length}: {'; '.join(named)}")
    console.print(table)
    for line in worst:
        console.print(line, soft_wrap=True, highlight=False)


if __name__ == "__main__":
    main()
