"""The worker that runs the shapes over batches, and nothing else: text in, results out.

Started by ``taxonomy.validation.crews``, or called by a Dask worker; no other module imports it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from taxonomy import inside
from taxonomy.errors import InputError
from taxonomy.frames import Outlet
from taxonomy.validation import engines
from taxonomy.validation.engines import Result
from taxonomy.validation.rules import rules_version
from taxonomy.values import Iri


def order(engine: str, foci: Iterable[str], facts: bytes) -> bytes:
    """What one batch is checked for, as a request."""
    head = {"engine": engine, "rules": rules_version(), "foci": list(foci)}
    return b"\n".join((json.dumps(head).encode(), facts))


def work(request: bytes) -> bytes:
    """What an engine says of one batch: only of the things that were asked about.

    Raises:
        InputError: the caller's rules are other ones than those of this installation.
    """
    head, _, facts = request.partition(b"\n")
    asked = json.loads(head)
    if asked["rules"] != rules_version():
        raise InputError(
            f"A worker has the rules {rules_version()}, and this machine {asked['rules']}.",
            hint="Install the same version on all machines of the cluster.",
        )
    foci = frozenset(asked["foci"])
    report = engines.engine(asked["engine"]).report(facts, foci)
    return json.dumps([each for each in engines.results(report) if each.focus in foci]).encode()


def read(answer: bytes) -> list[Result]:
    """The results in an answer."""
    return [
        Result(Iri(shape), Iri(focus), None if path is None else Iri(path), value, Iri(component))
        for shape, focus, path, value, component in json.loads(answer)
    ]


def answer(request: bytes, out: Outlet) -> None:
    """Write the results of one batch."""
    out.write(work(request))


if __name__ == "__main__":
    inside.serve(answer, before=lambda: engines.engine(engines.AUTO))
