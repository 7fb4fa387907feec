"""What the readers of a soak ask, and what of an answer two servers must have in common."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, urlencode

from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

TESTS = Path(__file__).resolve().parents[1]
PAGES = (TESTS / "pages.txt").read_text(encoding="utf-8").split()
RECORD = (TESTS / "examples" / "records" / "made-up-centre.ttl").read_bytes()
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OF_ITS_MOMENT = (  # of a page: how long the answer took, the editor's nonce, and which releases there are by now
    re.compile(rb"in \d+ milliseconds"),
    re.compile(rb'nonce(?:="|-)[\w-]+'),
    re.compile(rb'<select[^>]* name="release">.*?</select>', re.DOTALL),
)
_SV = "PREFIX sv: <https://w3id.org/svssv/ontology#> "
MADE_UP_MONEY = _SV + (
    "SELECT ?amount { <https://example.org/id/agreement/made-up-counselling> sv:fundingPart/sv:amount ?amount }"
    " ORDER BY ?amount"
)
QUERIES = {
    "bindings": (
        MADE_UP_MONEY,
        _SV + "SELECT ?service ?provider { ?service sv:leadProvider ?provider } ORDER BY ?service ?provider",
        _SV
        + "SELECT ?funder (COUNT(DISTINCT ?part) AS ?n) { ?part sv:funder ?funder } GROUP BY ?funder ORDER BY ?funder",
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 5000",
    ),
    "boolean": (_SV + "ASK { ?part sv:amount 23456.00 }",),
    "graph": (
        _SV + "CONSTRUCT WHERE { ?service sv:leadProvider ?provider }",
        "DESCRIBE <https://example.org/id/service/made-up-counselling>",
    ),
}
_TABLES = ("application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values")
_GRAPHS = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")
_FORMS = {"bindings": _TABLES, "boolean": _TABLES[:2], "graph": _GRAPHS}
_QUESTIONS = (
    "/questions/money-by-funder{}?area=E23000036",
    "/questions/services-in-area{}?area=E23000036",
    "/questions/funders-of-services{}",
    "/questions/agreement-parts{}",
    "/questions/sources{}",
)
_LISTS = ("/services{}", "/organisations{}", "/agreements{}", "/areas/E23000036/funding{}", "/taxonomy/service-type{}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request. ``query`` is what it asks in SPARQL, where a bare engine can be asked the same."""

    path: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict, hash=False)
    body: bytes | None = None
    query: str = ""
    moving: bool = False  # the answer tells of more than one release, so only its status is looked at

    @property
    def kind(self) -> str:
        """What sort of request it is, for the figures."""
        if self.method != "GET":
            return f"{self.method} {self.path.partition('?')[0]}"
        if self.query:
            return "free query"
        return "download" if re.search(r"\.\w+(\?|$)", self.path) else "page"


class Mix:
    """What is asked, each kind as often as its weight. ``every`` thins out the pages, for a short run."""

    def __init__(self, *, every: int = 1, releases: int = 3) -> None:
        pages = [Ask(path=path, moving=path.startswith("/releases")) for path in PAGES[::every]]
        files = [
            Ask(path=path.format(suffix))
            for path in (*_QUESTIONS, *_LISTS)
            for suffix in (".csv", ".json", ".xlsx", *([".ttl"] if path in _LISTS else []))
        ][::every]
        earlier = [
            Ask(path=f"/questions/agreement-parts.{suffix}?release={number}")
            for suffix in ("csv", "json")
            for number in range(1, releases + 1)
        ]
        free = [
            _free(query, form, post=post)
            for kind, queries in QUERIES.items()
            for query in queries
            for form in _FORMS[kind]
            for post in (False, True)
        ][::every]
        self.money = _free(MADE_UP_MONEY, "text/csv")
        self._weighted: Sequence[tuple[int, Sequence[Ask]]] = (
            (50, pages),
            (20, files),
            (5, earlier),
            (20, [self.money, *free]),
            (3, [Ask(path="/validate", method="POST", body=RECORD, headers=_as("text/turtle", "application/json"))]),
            (1, [Ask(path="/sparql", method="OPTIONS", moving=True)]),
            (1, [Ask(path=path, method="HEAD", moving=True) for path in ("/services", "/sources.csv", free[0].path)]),
        )

    @cached_property
    def everything(self) -> tuple[Ask, ...]:
        """All that may be asked."""
        return tuple(dict.fromkeys(ask for _, asks in self._weighted for ask in asks))

    def one(self, chance: random.Random) -> Ask:
        """The next request."""
        asks = chance.choices([asks for _, asks in self._weighted], [weight for weight, _ in self._weighted])[0]
        return chance.choice(asks)


def _as(sent: str, wanted: str) -> Mapping[str, str]:
    return {"Content-Type": sent, "Accept": wanted}


def _free(query: str, form: str, *, post: bool = False) -> Ask:
    if post:
        sent = _as("application/sparql-query", form)
        return Ask(path="/sparql", method="POST", headers=sent, body=query.encode(), query=query)
    return Ask(path=f"/sparql?{urlencode({'query': query}, quote_via=quote)}", headers={"Accept": form}, query=query)


def _without_its_day(found: dict[str, object]) -> dict[str, object]:
    return {name: each for name, each in found.items() if not name.startswith("checked_")}


def comparable(body: bytes, media_type: str) -> object:
    """What of an answer is the same whoever gives it, and whenever."""
    if media_type == "text/html":
        for moment in _OF_ITS_MOMENT:
            body = moment.sub(b"", body)
        return body
    if media_type == _XLSX:
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return {name: book.read(name) for name in book.namelist() if not name.startswith("docProps/")}
    if (syntax := RdfFormat.from_media_type(media_type)) and media_type in _GRAPHS:
        dataset = Dataset(parse(body, syntax))
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        return frozenset(map(str, dataset))
    if media_type == "application/json":
        return json.loads(body, object_hook=_without_its_day)
    return body
