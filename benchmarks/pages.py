"""How many pages of an area the site gives in a second, beside a bare Flask page on the same server.

    python -m benchmarks.pages --rounds 5

Each page is asked for in three ways, and peers take turns:

- **nothing kept**: the store is asked again, the page is made again (``SVSSV_KEPT_MEGABYTES=0``);
- **afresh**: as an operator has it, but at an address that nobody asked for before, so that the page is worked out
  from answers of the store that are kept;
- **as served**: as an operator has it, at one address, so that the page is kept from its first reader on.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks import load
from benchmarks.peers import free_port, our_server, running
from taxonomy.publishing import release
from taxonomy.store.releases import Home

CLIENTS: Final = 4
AT_LEAST: Final = 0.2  # the goal
AREA: Final = "/areas/E23000036"
PAGES: Final = (
    *(f"{AREA}{tail}" for tail in ("", "/services", "/funding", "/gaps", "/pathways", "/briefing")),
    "/areas",
)
WAYS: Final[tuple[tuple[str, dict[str, str], int, bool], ...]] = (  # settings, answers a round, at new addresses
    ("nothing kept", {"SVSSV_KEPT_MEGABYTES": "0"}, 8, True),
    ("afresh", {}, 40, True),
    ("as served", {}, 400, False),
)
_NUMBERS: Final = itertools.count()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5)
    show(Console(), options.parse_args().rounds)


def show(console: Console, rounds: int) -> None:
    """The throughput of each page as a share of the bare page's, in the median of the rounds."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home = Home.init(Path(folder) / "home")
        release.build(home)
        bare = stack.enter_context(bare_server())
        table = Table("page", "how", "a second", "share of a bare page", "goal", title="Pages of an area")
        for how, settings, answers, new in WAYS:
            with our_server(home.path, CLIENTS, settings) as server:
                ours = server.address.removesuffix("/sparql")
                for path in PAGES:
                    _rate(ours + path, 2)
                    pairs = [(_rate(ours + path, answers, new=new), _rate(bare, 400)) for _ in range(rounds)]
                    share = statistics.median(mine / other for mine, other in pairs)
                    rate = statistics.median(mine for mine, _ in pairs)
                    reached = "reached" if share >= AT_LEAST else f"at least {AT_LEAST}"
                    table.add_row(path, how, f"{rate:.1f}", f"{share:.3f}", reached)
        console.print(table)


@contextmanager
def bare_server() -> Iterator[str]:
    """The bare page on the server, and with the settings, of ``svssv serve``."""
    port = free_port()
    settings = ("--worker-class", "taxonomy.cli.workers.Threads", "--workers", "1", "--threads", "16")
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *settings, "benchmarks.bare:app"]
    with running(command, f"http://127.0.0.1:{port}/") as address:
        yield address


def _rate(address: str, answers: int, *, new: bool = False) -> float:
    """Answers in a second; ``new`` asks for each at an address of its own."""
    asking = (load.page(f"{address}?new={next(_NUMBERS)}") for _ in itertools.count()) if new else load.page(address)
    return answers / load.seconds(address, asking, answers=answers, clients=min(CLIENTS, answers))


if __name__ == "__main__":
    main()
