"""Putting a release into a SPARQL 1.1 server, by the Graph Store Protocol and one update.

Every graph is first put under another name and counted. Then one update request gives them their names, takes away the
graphs of the release before, and makes the default graph. Where a server does a request as one transaction, as the
standard asks, whoever reads sees the old release or the new one and never a mixture.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

import requests
from pyoxigraph import NamedNode
from requests.auth import HTTPDigestAuth

from taxonomy import assets
from taxonomy import namespaces as ns
from taxonomy.errors import InputError, NotAllowedError, StoreError
from taxonomy.publishing.release import Progress
from taxonomy.questions import catalogue
from taxonomy.questions.results import Answer
from taxonomy.store.base import Request
from taxonomy.store.embedded import SealedStore
from taxonomy.store.numbers import ReleaseNumber
from taxonomy.store.releases import Home, Manifest
from taxonomy.store.remote import RemoteStore

STAGING: Final = ns.BASE + "staging/"
_MARKER: Final = STAGING + "marker"
_WAYS: Final = {"query": ("update", "store"), "sparql": ("update", "data")}  # where servers keep the other two
_TURTLE: Final = "text/turtle"  # N-Triples are Turtle, and more servers take this name
_SECONDS: Final = 600  # the longest that one request may take: exchanging every graph is one
_WORDS: Final = 500  # characters of a server's answer that are passed on


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The three addresses of a SPARQL server, and who may write to it."""

    endpoint: str
    update: str
    graphs: str
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def at(cls, endpoint: str, update: str = "", graphs: str = "", *, user: str = "", password: str = "") -> Self:
        """A server by its query address; the others are those that its kind of server has, unless they are given.

        >>> Server.at("http://127.0.0.1:7878/query").graphs
        'http://127.0.0.1:7878/store'

        Raises:
            InputError: the other addresses are not given and cannot be told from the first.
        """
        start, _, last = endpoint.rstrip("/").rpartition("/")
        if not (update and graphs) and last not in _WAYS:
            raise InputError(
                "does not say where updates and graphs go.",
                where=endpoint,
                hint="Name them with --update and --graphs.",
            )
        ways = _WAYS.get(last, ("", ""))
        return cls(
            endpoint=endpoint,
            update=update or f"{start}/{ways[0]}",
            graphs=graphs or f"{start}/{ways[1]}",
            user=user,
            password=password,
        )


def push(
    home: Home,
    number: ReleaseNumber,
    server: Server,
    *,
    beside: bool = False,
    batch: int | None = None,
    progress: Progress | None = None,
) -> Manifest:
    """Make a server hold exactly this release. ``beside`` leaves graphs of others in it; without it there must be none.

    ``batch`` is how many graphs one update may name, for servers that cannot take all in one. Then whoever reads while
    the graphs are exchanged may see a mixture of two releases.

    Raises:
        NotAllowedError: the records are made up, or the server holds graphs of others.
        NotFoundError: there is no such release.
        StoreError: the server cannot be reached or written, or counts otherwise afterwards.
    """
    manifest = home.manifest(number)
    if manifest.practice:
        raise NotAllowedError("Made-up records are for practice only, and never leave the practice home.")
    with contextlib.closing(_Desk(server, batch)) as desk:
        _exchange(desk, SealedStore(home.store_path(number)), manifest, beside=beside, progress=progress)
    return manifest


def _exchange(desk: _Desk, store: SealedStore, manifest: Manifest, *, beside: bool, progress: Progress | None) -> None:
    held = desk.graphs()
    if not beside and (others := sorted(each for each in held if not each.startswith((ns.GRAPH, STAGING)))):
        raise NotAllowedError(
            f"{desk.endpoint} holds graphs of others, such as <{others[0]}>."
            " Push to a store of its own, or say --beside."
        )
    names = store.names()
    places = {name: f"{STAGING}{place}" for place, name in enumerate(names)}
    sizes = {}
    try:
        desk.drop(each for each in held if each.startswith(STAGING))
        desk.put(_MARKER, [f"<{_MARKER}> <{_MARKER}> <{_MARKER}> ."])
        for place, name in enumerate(names):
            triples = [f"{triple} ." for triple in store.triples(name)]
            sizes[name] = len(triples)
            desk.put(places[name], triples)
            if progress:
                progress("Putting the graphs there", place + 1, len(names))
        staged = desk.graphs()
        _same({name: staged.get(places[name], 0) for name in names}, sizes, "before the swap; nothing was changed")
        _, merged = desk.default()
        leaving = [each for each in held if each.startswith(ns.GRAPH) and each not in places]
        desk.swap(places, leaving, default=not merged)
    except StoreError:
        desk.drop([*places.values(), _MARKER], quietly=True)
        raise
    now = desk.graphs()
    _same({name: size for name, size in now.items() if name.startswith((ns.GRAPH, STAGING))}, sizes, "after the swap")
    if not merged and not beside:
        _same({"default": desk.default()[0]}, {"default": manifest.counts["triples"]}, "after the swap")


class _Desk:
    """What is asked of the server, and told to it."""

    def __init__(self, server: Server, batch: int | None) -> None:
        self._server, self._batch, self._questions = server, batch, catalogue.load()
        self._remote = RemoteStore(server.endpoint)
        self._session = requests.Session()
        if server.user:
            self._session.auth = HTTPDigestAuth(server.user, server.password)

    @property
    def endpoint(self) -> str:
        """Where it is asked."""
        return self._server.endpoint

    def close(self) -> None:
        """Let go of its connections."""
        self._session.close()

    def graphs(self) -> dict[str, int]:
        """The named graphs, with the number of their triples."""
        return {str(row["graph"]): int(str(row["triples"])) for row in self._asked("push-graphs")}

    def default(self) -> tuple[int, bool]:
        """The size of the default graph, and whether it shows what named graphs state."""
        row = self._asked("push-default").rows[0]
        return int(str(row["triples"])), str(row["merged"]).lower() in {"true", "1"}

    def put(self, graph: str, triples: Iterable[str]) -> None:
        """Make a graph hold exactly these triples."""
        body = "\n".join(triples).encode()
        self._send("PUT", self._server.graphs, params={"graph": graph}, data=body, headers={"Content-Type": _TURTLE})

    def drop(self, graphs: Iterable[str], *, quietly: bool = False) -> None:
        """Take graphs away, if they are there."""
        try:
            self._update([f"DROP SILENT GRAPH {NamedNode(graph)}" for graph in graphs])
        except StoreError:
            if not quietly:
                raise

    def swap(self, places: Mapping[str, str], leaving: Iterable[str], *, default: bool) -> None:
        """Staged graphs get their names, those of the release before go, the default graph is made: in one request."""
        statements = [f"DROP SILENT GRAPH {NamedNode(graph)}" for graph in (*leaving, _MARKER)]
        statements += [f"MOVE {NamedNode(place)} TO {NamedNode(name)}" for name, place in places.items()]
        if default:
            statements.append((assets.folder("queries") / "push" / "default-graph.ru").read_text(encoding="utf-8"))
        self._update(statements)

    def _asked(self, name: str) -> Answer:
        return Answer.read(self._remote.ask(Request(query=self._questions[name].text)).body, text="")

    def _update(self, statements: Sequence[str]) -> None:
        size = self._batch or max(len(statements), 1)
        for start in range(0, len(statements), size):
            form = {"update": " ;\n".join(statements[start : start + size])}
            self._send("POST", self._server.update, data=form)

    def _send(self, method: str, address: str, **what: Any) -> None:
        try:
            answer = self._session.request(method, address, timeout=_SECONDS, **what)
            if answer.status_code == 401 and "basic" in answer.headers.get("WWW-Authenticate", "").lower():
                self._session.auth = (self._server.user, self._server.password)
                answer = self._session.request(method, address, timeout=_SECONDS, **what)
        except (requests.RequestException, ValueError) as error:
            raise StoreError(f"{address} cannot be reached: {error}") from error
        if not answer.ok:
            words = " ".join(answer.text.split())[:_WORDS]
            raise StoreError(f"{address} answers {answer.status_code} to {method}. {words}")


def _same(found: Mapping[str, int], wanted: Mapping[str, int], when: str) -> None:
    for name in sorted(found.keys() | wanted.keys()):
        if found.get(name, 0) != wanted.get(name, 0):
            raise StoreError(
                f"The server counts {found.get(name, 0)} triples in {name}, not {wanted.get(name, 0)}, {when}."
            )
