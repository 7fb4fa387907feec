"""A SPARQL server somewhere else, and what it may say instead of an answer."""

from __future__ import annotations

import pytest
from flask import Flask, Response
from tests.servers import listening

from taxonomy.errors import LimitError
from taxonomy.settings import Limits
from taxonomy.store.base import Request
from taxonomy.store.remote import RemoteStore


@pytest.mark.parametrize(
    ("said", "wait"),
    [("7", 7.0), ("Wed, 21 Oct 2026 07:28:00 GMT", 0.0), ("nan", 0.0), ("-3", 0.0), ("9" * 400, 0.0), (None, 0.0)],
)
def test_a_server_that_is_busy_is_told_as_busy_however_it_says_for_how_long(said: str | None, wait: float) -> None:
    app = Flask("busy")

    @app.post("/")
    def busy() -> Response:
        return Response("later", 503, {"Retry-After": said} if said else {})

    with listening(app) as address, pytest.raises(LimitError) as refused:
        RemoteStore(address, Limits(seconds=5)).ask(Request(query="ASK {}"))
    assert (refused.value.limit, refused.value.wait) == ("busy", wait)
