"""The worker that reads one file as the fuzzers do, and says whether it could be read."""

from __future__ import annotations

from targets import TARGETS

from taxonomy import inside
from taxonomy.context import Context
from taxonomy.frames import Outlet


def answer(request: bytes, out: Outlet) -> None:
    """Read a file of a corpus."""
    name, _, data = request.partition(b"\n")
    out.write(b"read" if TARGETS[name.decode()].feed(data, Context.bundled()) else b"refused")


if __name__ == "__main__":
    inside.serve(answer, before=Context.bundled)
