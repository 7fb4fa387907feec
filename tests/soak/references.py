"""What each release answers when nobody disturbs it: pages by a site of its own, free queries by the bare engine."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterable
from pathlib import Path

from flask.testing import FlaskClient
from pyoxigraph import QueryResultsFormat, QueryTriples, RdfFormat, Store
from tests.soak.asking import Ask, comparable
from werkzeug.test import TestResponse

from taxonomy.settings import Settings
from taxonomy.site import checking, create_app, reading
from taxonomy.store.releases import Home

_TRIES = 20
Key = tuple[str, str, str]


def key(ask: Ask) -> Key:
    """What tells one request from another."""
    return ask.method, ask.path, ask.headers.get("Accept", "") + (ask.body or b"").decode()


class References:
    """The answers of the releases of a home to some requests. ``address`` is what the site calls itself in them."""

    def __init__(self, home: Home, asks: Iterable[Ask], folder: Path, address: str) -> None:
        self._home, self._folder, self._address = home, folder, address
        self._asks = [ask for ask in asks if not ask.moving]
        self._known: dict[int, dict[Key, object]] = {}
        self._lock = threading.Lock()

    def add(self, number: int) -> None:
        """Ask a release everything, in a home of its own that names no other as current."""
        found: dict[Key, object] = {}
        store = Store.read_only(str(self._home.store_path(number)))
        still = self._still(number)
        app = create_app(still, {"SETTINGS": Settings.read({"SVSSV_PUBLIC_URL": self._address, "SVSSV_READERS": "1"})})
        try:
            client = app.test_client()
            for ask in self._asks:
                if ask.query:
                    found[key(ask)] = _by_the_engine(store, ask)
                    continue
                answer = _patiently(client, ask)
                found[key(ask)] = comparable(answer.data, answer.mimetype)
        finally:
            with app.app_context():
                reading.current().close()
                checking.checkers().close()
        with self._lock:
            self._known[number] = found

    @property
    def numbers(self) -> frozenset[int]:
        """The releases that are known."""
        with self._lock:
            return frozenset(self._known)

    def of(self, number: int, ask: Ask) -> object:
        """What a release answers."""
        with self._lock:
            return self._known[number][key(ask)]

    def _still(self, number: int) -> Path:
        still = self._folder / f"still-{number}"
        still.mkdir()
        (still / "home.json").write_bytes((self._home.path / "home.json").read_bytes())
        (still / "releases").symlink_to(self._home.path / "releases")
        (still / "current").symlink_to(Path("releases") / str(number))
        return still


def _patiently(client: FlaskClient, ask: Ask) -> TestResponse:
    """The answer, however busy the machine is with the soak."""
    for _ in range(_TRIES):
        answer = client.open(ask.path, method=ask.method, headers=dict(ask.headers), data=ask.body)
        if answer.status_code == 200:
            return answer
        assert answer.status_code == 503, (ask.path, answer.status_code)
    raise AssertionError(f"{ask.path} was refused {_TRIES} times")


def _by_the_engine(store: Store, ask: Ask) -> object:
    results, out, media_type = store.query(ask.query), io.BytesIO(), ask.headers["Accept"]
    if isinstance(results, QueryTriples):
        results.serialize(out, RdfFormat.from_media_type(media_type))
    else:
        results.serialize(out, QueryResultsFormat.from_media_type(media_type))
    return comparable(out.getvalue(), media_type)
