"""The knowledge graph of one release: the one door that the shell, the site and other people's scripts use.

Every query runs in a reader, a process of its own that can be killed; on a person's own machine without limits.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import Self

from pyoxigraph import RdfFormat, Triple, parse

from taxonomy import namespaces
from taxonomy.errors import NotFoundError, NotHereError, QueryError, StoreError
from taxonomy.kept import Kept
from taxonomy.local import LocalMap
from taxonomy.lookup import ADDRESS, Lookup
from taxonomy.questions import binding, catalogue, prefixes
from taxonomy.questions.binding import Given
from taxonomy.questions.catalogue import Catalogue, Question
from taxonomy.questions.results import Answer, Asking, Graph
from taxonomy.reasoning.reasons import Reason, Reasons
from taxonomy.search import finding
from taxonomy.search.finding import Found
from taxonomy.settings import UNLIMITED, Limits, Settings
from taxonomy.store import numbers
from taxonomy.store.base import Reply, Request
from taxonomy.store.numbers import ReleaseNumber
from taxonomy.store.readers import ReaderPool
from taxonomy.store.releases import Home, Manifest
from taxonomy.store.remote import RemoteStore


class KnowledgeGraph(Lookup, LocalMap):
    """One release, open for questions; close it, or use it in a ``with``.

    Safe to share between threads: each query takes a reader of its own.
    """

    def __init__(
        self,
        source: ReaderPool | RemoteStore,
        release: Manifest,
        home: Home | None,
        questions: Catalogue,
        *,
        kept: int = 0,
    ) -> None:
        self._source, self.release, self.home, self.questions = source, release, home, questions
        self._answers = Kept[Answer](kept, lambda answer: answer.size)

    @classmethod
    def open(
        cls,
        home: Path | str | Home | None = None,
        *,
        release: ReleaseNumber | None = None,
        endpoint: str | None = None,
        limits: Limits = UNLIMITED,
        readers: int = 1,
        kept: int = 0,
    ) -> Self:
        """The current release of a home, or a numbered one; without a home, the one in ``SVSSV_HOME`` or ``./var``.

        ``endpoint`` is the address of a SPARQL 1.1 server that holds a release; it is asked instead of a home.
        ``kept`` is how many bytes of answers to named questions are kept for the next who asks the same.

        Raises:
            StoreError: there is no home or no release there; says which command makes it.
            NotFoundError: the home has no release of that number; GoneError where it had one, and ReplacedError where
                another one, such as ``"3.1"``, stands in its place.
        """
        if endpoint is not None:
            return cls._elsewhere(endpoint, release, limits)
        place = home if isinstance(home, Home) else Home.open(Path(home) if home else Settings.read().home)
        manifest = place.served() if release is None else place.manifest(release)
        pool = ReaderPool(place.store_path(manifest.name), limits=limits, size=readers)
        return cls(pool, manifest, place, catalogue.load(), kept=kept)

    @classmethod
    def _elsewhere(cls, endpoint: str, release: ReleaseNumber | None, limits: Limits) -> Self:
        """A release that a server holds, as far as it tells of itself: its hash and counts are not known."""
        source, questions = RemoteStore(endpoint, limits), catalogue.load()
        body = source.ask(Request(query=questions["page-release"].text)).body
        told = [(row["number"], row["issued"]) for row in Answer.read(body, text="")]
        if not told or not isinstance(issued := told[0][1], datetime):
            raise StoreError(f"{endpoint} holds no release. Put one there with: svssv push --endpoint {endpoint}")
        number = numbers.read(str(told[0][0]))
        if release not in (None, number):
            raise NotFoundError("release", str(release), near=[str(number)])
        return cls(source, Manifest.told(number, issued, practice=source.practice), None, questions)

    def ask(self, name: str, /, **params: Given) -> Answer:
        """The answer to a named question; an area, a thing or a concept may be given by its short name.

        Raises:
            NotFoundError: there is no such question, area, thing or concept; names the nearest.
            QueryError: a value is missing or not of its type.
            LimitError: the answer took more than this graph's limits allow.
        """
        return self.answer(self.questions[name], **params)

    def answer(self, question: Question, /, **params: Given) -> Answer:
        """As ``ask``, for a question that is not in the catalogue, such as a file of one's own."""
        given = _as_typed(params)
        return self._table(self.bind(question, **params), question.name, labels=True, given=given)

    def bind(self, question: Question, /, **params: Given) -> str:
        """The query that ``answer`` would send."""
        resolved = dict(params)
        for parameter in question.params:
            if find := self._finder(parameter.kind):
                given = params.get(parameter.name)
                several = given if isinstance(given, Sequence) and not isinstance(given, str) else [given]
                resolved[parameter.name] = [find(str(key)) for key in several if key not in (None, "")]
        return binding.bind(question, resolved)

    def sparql(
        self,
        text: str,
        *,
        labels: bool = True,
        graphs: str = "text/turtle",
        question: str | None = None,
        given: Mapping[str, Given] | None = None,
        default_graphs: tuple[str, ...] = (),
        named_graphs: tuple[str, ...] | None = None,
        through: Callable[[Request], Reply] | None = None,
    ) -> Answer | Graph:
        """The answer to any SPARQL query; ``graphs`` is the syntax wanted of CONSTRUCT and DESCRIBE.

        Our own prefixes, such as ``sv:``, need not be declared. ``question`` names the question that the text was bound
        from, and ``given`` the values, for the answer to carry. ``default_graphs`` and ``named_graphs`` say
        of which dataset, as in a ``Request``. ``through`` asks the reader, for those who make queries wait their turn.

        Raises:
            QueryError: the text is not SPARQL; names the line.
            RefusedQueryError: it is an update, or asks another server.
            LimitError: the answer took more than this graph's limits allow.
        """
        before = prefixes.missing(text)
        text = before + text
        try:
            reply = (through or self.request)(
                Request(query=text, graphs=graphs, default_graphs=default_graphs, named_graphs=named_graphs)
            )
        except QueryError as error:
            raise prefixes.shifted(error, before) from error
        asking = self._asking(_as_typed(given or {}))
        if reply.kind == "graph":
            return Graph(reply.body.decode(), reply.media_type, text, question, self._notice, asking)
        return self._read(reply, text, question, labels=labels, asking=asking)

    def request(self, request: Request, *, caller: socket.socket | None = None) -> Reply:
        """The reader's reply as it comes, for those who speak the SPARQL protocol.

        ``caller`` is the connection of whoever waits for it: when they hang up, the query is stopped.
        """
        self.check_kept()
        return self._source.ask(request, caller=caller)

    def check_kept(self) -> None:
        """Look whether this release may still be asked, for something may have been withdrawn since it was opened.

        Raises:
            ReplacedError: something was, or is just now; names the release in its place.
            GoneError: it is no longer kept.
        """
        if self.home is not None and not self.home.answers(self.release):
            self.home.manifest(self.release.name)

    @property
    def isolated(self) -> bool:
        """Whether the readers are cut off from the network."""
        return self._source.isolated

    @cached_property
    def graphs(self) -> frozenset[str]:
        """The named graphs; a server elsewhere is asked for them."""
        return frozenset(self.release.graphs) or frozenset(str(row["graph"]) for row in self._plain("push-graphs"))

    def explain(self, thing: str, cls: str | None = None) -> tuple[Reason, ...]:
        """Why this release says that a thing is of a class of the taxonomy, or of each class that it is of.

        ``cls`` is a class by its name, such as ``ISVAService`` or ``sv:ISVAService``, or by its IRI.

        Raises:
            NotFoundError: there is no such thing or class, or the thing is not of that class; names those it is of.
        """
        iri = self.thing(thing)
        classes = [str(row["class"]) for row in self.ask("page-classes", thing=[iri])]
        if cls is not None:
            name = cls if ADDRESS.fullmatch(cls) else namespaces.SV + cls.removeprefix("sv:")
            if name not in classes:
                raise NotFoundError(f"class of {thing}", cls, near=[namespaces.shorten(each) for each in classes])
            classes = [name]
        return self._reasons.of(iri, classes)

    def rule(self, cls: str) -> str:
        """The definition of a class of the taxonomy, by its IRI, as a sentence; empty where it has none."""
        return self._reasons.rule(cls)

    def search(self, text: str, *, kind: str | None = None) -> Found:
        """What may be meant by a text, whatever it is: names, synonyms, codes, what things are; typing errors allowed.

        ``kind`` narrows the hits to one of ``taxonomy.search.finding.KINDS``.

        Raises:
            StoreError: the release has no search index yet.
            NotHereError: it is in a server elsewhere.
        """
        if self.home is None:
            raise NotHereError(
                "A release in a SPARQL server has no search index. Ask it with a question or with SPARQL."
            )
        self.check_kept()
        return finding.find(self.home.search_path(self.release.name), self.release.hash, text, kind=kind)

    def statements(self, graphs: Iterable[str]) -> set[Triple]:
        """Everything that some named graphs state."""
        text = self.questions["page-statements"].text
        reply = self.request(Request(query=text, default_graphs=tuple(graphs), graphs="application/n-triples"))
        return {quad.triple for quad in parse(reply.body, RdfFormat.N_TRIPLES)}

    def close(self) -> None:
        """End the readers."""
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        place = f"home={str(self.home.path)!r}" if self.home else repr(self._source)
        return f"KnowledgeGraph(release={self.release.name}, {place})"

    def _finder(self, kind: str) -> Callable[[str], str] | None:
        if kind == "area":
            return self.area
        if kind == "concept":
            return partial(self.thing, base=namespaces.CONCEPT)
        return self.thing if kind == "thing" else None

    def _plain(self, name: str, /, **given: Given) -> Answer:
        return self._table(binding.bind(self.questions[name], given), name, labels=False)

    @cached_property
    def _reasons(self) -> Reasons:
        ontology = self.statements([namespaces.graph("ontology")])
        return Reasons(ontology, lambda things: self.ask("page-why", thing=list(things)), self.label)

    def _table(
        self, text: str, question: str | None, *, labels: bool, given: Mapping[str, tuple[str, ...]] | None = None
    ) -> Answer:
        make = partial(self._read_table, text, question, labels=labels)
        self.check_kept()
        answer = self._answers.of((text, question, labels), make)
        return replace(answer, asking=self._asking(given or {}))

    def _read_table(self, text: str, question: str | None, *, labels: bool) -> Answer:
        return self._read(self._source.ask(Request(query=text)), text, question, labels=labels, asking=None)

    def _read(self, reply: Reply, text: str, question: str | None, *, labels: bool, asking: Asking | None) -> Answer:
        answer = Answer.read(
            reply.body,
            text=text,
            question=question,
            release=self.release.name,
            milliseconds=reply.milliseconds,
            notice=self._notice,
            asking=asking,
        )
        return answer.with_labels(self.labels(answer.iris)) if labels else answer

    def _asking(self, given: Mapping[str, tuple[str, ...]]) -> Asking:
        return Asking(release=self.release.name, release_hash=self.release.hash, given=given)

    @property
    def _notice(self) -> str:
        return self.release.notice


def _as_typed(given: Mapping[str, Given]) -> dict[str, tuple[str, ...]]:
    """Values as a person would type them, without those that were left out."""
    found = {}
    for name, value in given.items():
        several = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        if typed := tuple(str(each) for each in several if each not in (None, "")):
            found[name] = typed
    return found
