"""Times the named questions through a reader and over HTTP, beside the bare engine and Oxigraph's own server.

Then the checking of many records, beside pySHACL on one graph of them all (``benchmarks.checking``).

    python -m benchmarks --rounds 30

Rounds go through all of them in turn, so that a slow moment of the machine falls on each. Read the ratios, not the
milliseconds.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import checking
from benchmarks.peers import InProcess, our_server, oxigraph_server
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.publishing import release
from taxonomy.store.base import Request
from taxonomy.store.releases import Home

QUESTIONS = ("services-in-area", "money-by-funder", "routes-into-services", "where-a-fact-stands", "contradictions")
ENGINE = "engine"


def milliseconds(ask: Callable[[str], object], query: str) -> float:
    start = time.perf_counter()
    ask(query)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=30)
    options.add_argument("--records", type=int, default=500, help="records that are checked beside pySHACL")
    asked = options.parse_args()
    rounds, console = asked.rounds, Console()

    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home = Home.init(Path(folder) / "home")
        start = time.perf_counter()
        manifest = release.build(home)
        console.print(f"Release of {manifest.counts['triples']:,} triples built in {time.perf_counter() - start:.1f} s")
        kg = stack.enter_context(KnowledgeGraph.open(home))
        store = home.store_path(manifest.number)
        engine = InProcess(store)
        peers: dict[str, Callable[[str], object]] = {
            ENGINE: engine.ask,
            "reader": lambda query: kg.request(Request(query=query)),
            "oxigraph http": stack.enter_context(oxigraph_server(store, Path(folder))).ask,
            "svssv http": stack.enter_context(our_server(home.path)).ask,
        }
        table = Table("question", *(f"{name} ms" for name in peers), "reader / engine", "svssv / oxigraph http")
        for name in QUESTIONS:
            question = kg.questions[name]
            text = kg.bind(question, **{p.name: p.example[0] for p in question.params if p.required})
            times: dict[str, list[float]] = {peer: [] for peer in peers}
            for turn in range(rounds + 1):
                for peer, ask in peers.items():
                    taken = milliseconds(ask, text)
                    if turn:  # the first round warms caches
                        times[peer].append(taken)
            median = {peer: statistics.median(values) for peer, values in times.items()}
            table.add_row(
                name,
                *(f"{median[peer]:.2f}" for peer in peers),
                f"{median['reader'] / median[ENGINE]:.2f}",
                f"{median['svssv http'] / median['oxigraph http']:.2f}",
            )
        console.print(table)
    checking.show(console, asked.records, max(1, rounds // 10))


if __name__ == "__main__":
    main()
