"""Strangers' queries: each has its turn and its budget, so that they starve neither the pages nor one another.

Turns and budgets hold over all web processes of one home on one machine, however often it is served.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Self

from flask import Flask, current_app, request

from taxonomy.budgets import Budgets
from taxonomy.errors import StoreError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.questions.results import Answer, Graph
from taxonomy.settings import Settings
from taxonomy.site import reading
from taxonomy.store.base import Reply, Request
from taxonomy.turns import Turns

_EXTENSION: Final = "svssv-strangers"


@dataclass(frozen=True, slots=True)
class Shares:
    """What strangers share."""

    turns: Turns
    budgets: Budgets

    @classmethod
    def of(cls, settings: Settings, home: Path | None = None) -> Self:
        """As many turns as there are readers, as many waiting, and everybody's budget.

        They are shared with the processes that are forked later; with ``home``, with all that serve it with these
        settings.
        """
        name = _name(settings, home) if home else ""
        busy = "Every reader is busy, and others wait already. Ask again in a few seconds."
        turns = Turns(running=settings.readers, waiting=settings.readers, busy=busy, name=name and f"{name}-turns")
        return cls(turns, Budgets(settings.client_seconds, name=name and f"{name}-budgets"))


def _name(settings: Settings, home: Path) -> str:
    told = f"{settings.readers} {settings.client_seconds} {home.resolve()}"
    return hashlib.sha256(told.encode(errors="surrogateescape")).hexdigest()[:16]


def init_app(app: Flask, settings: Settings) -> None:
    """Hold the shares that the configuration gives, or make them for this process and its children."""
    app.extensions[_EXTENSION] = app.config.get("SHARES") or Shares.of(settings)


def ask(asked: Request, kg: KnowledgeGraph | None = None) -> Reply:
    """The answer to whoever sent this request, when it is their turn; from the release of the request, or another.

    Who hangs up frees the reader.

    Raises:
        QueryError: the query is wrong, or refused.
        LimitError: it asked for more than its share, its sender has used up their budget, or too many wait.
        StoreError: the store could not be read.
    """
    shares: Shares = current_app.extensions[_EXTENSION]
    whose = shares.budgets.reserve(request.remote_addr or "")
    spent = 0.0  # the time in the queue is nobody's work
    try:
        with shares.turns.turn():
            began = time.monotonic()
            try:
                return (kg or reading.free()).request(asked, caller=request.environ.get("gunicorn.socket"))
            finally:
                spent = time.monotonic() - began
    finally:
        shares.budgets.settle(whose, spent)


def sparql(kg: KnowledgeGraph, query: str, **how: Any) -> Answer | Graph:
    """The answer to a query that anybody may have written, as a page needs it; ``how`` is as for ``kg.sparql``.

    Raises:
        QueryError: the query is wrong, or refused.
        LimitError: as for ``ask``.
        StoreError: free queries are switched off here, or the store could not be read.
    """
    if shut := reading.shut():
        raise StoreError(shut)
    return kg.sparql(query, through=partial(ask, kg=kg), **how)
