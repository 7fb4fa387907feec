"""Times the named questions over HTTP, the pages of an area and the checking of many records, each beside its peers.

See ``benchmarks.serving``, ``benchmarks.pages`` and ``benchmarks.checking``, which also run alone.

    python -m benchmarks --rounds 15
"""

from __future__ import annotations

import argparse

from rich.console import Console

from benchmarks import checking, pages, serving


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--records", type=int, default=500, help="records that are checked beside pySHACL")
    asked, console = options.parse_args(), Console()
    serving.show(console, asked.rounds)
    pages.show(console, max(1, asked.rounds // 5))
    checking.show(console, asked.records, max(1, asked.rounds // 5))


if __name__ == "__main__":
    main()
