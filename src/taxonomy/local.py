"""The local map: what the pages, the shell and scripts ask of an area, answered from named questions.

The knowledge graph is asked, the analyses do the arithmetic; nothing is decided here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date
from functools import cached_property

from taxonomy.analysis import (
    cells,
    checklist,
    coverage,
    eligibility,
    funding,
    narrowing,
    pathways,
    person,
    told,
    vocabulary,
    waits,
)
from taxonomy.analysis.accounts import Accounts
from taxonomy.analysis.checklist import Checklist
from taxonomy.analysis.coverage import Coverage
from taxonomy.analysis.narrowing import Narrowing
from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.person import Said
from taxonomy.analysis.reach import Reach
from taxonomy.analysis.told import Ways
from taxonomy.analysis.vocabulary import Terms
from taxonomy.analysis.waits import Wait
from taxonomy.errors import QueryError
from taxonomy.questions.binding import Given
from taxonomy.questions.results import Answer


class LocalMap(ABC):
    """What is recorded of an area; a knowledge graph is one."""

    @abstractmethod
    def ask(self, name: str, /, **params: Given) -> Answer:
        """The answer to a named question."""

    @abstractmethod
    def area(self, key: str) -> str:
        """The IRI of an area, from its code, short name, label or IRI."""

    @abstractmethod
    def label(self, iri: str) -> str:
        """The label of a thing."""

    def pathways(
        self,
        area: str,
        *,
        start: str | Sequence[str] = (),
        end: str = "",
        as_at: date | None = None,
        narrowed: Narrowing = Narrowing(),  # noqa: B008  frozen
        **said: Said,
    ) -> Ways:
        """The ways through an area, open and refused; for a person, which are open to them, and why the others are not.

        A person is described by any of ``age``, ``gender`` (woman, man or another), ``reported`` and ``recent`` (yes or
        no), ``lives`` and ``harmed`` (here or elsewhere), ``relation``, ``harm``, ``community``, ``circumstance`` and
        ``need`` (terms of the vocabularies, by their short names); what is left out is not known. ``start`` is where
        they begin, ``end`` where they want to get to: the answer then holds the routes, shortest first. ``as_at``
        leaves out what is not in force on a day.

        Raises:
            NotFoundError: there is no such area, start, end or term; names the nearest.
            QueryError: the description holds an answer that cannot be given.
        """
        links = self.ask("pathway-links", area=area)
        whole = self._pathway(area, links, as_at)
        starts = [start] if isinstance(start, str) else start
        reach = Reach(
            whole,
            person.of(said, self.terms.named),
            tuple(narrowing.found(whole, key) for key in starts if key),
            eligibility.of(self.ask("pathway-rules", area=area), label=self.label),
            self.terms,
        )
        return told.of(reach, links, shown=narrowed.of(whole), end=narrowing.found(whole, end) if end else None)

    def pathway(self, area: str, *, as_at: date | None = None) -> Pathway:
        """The ways through an area by themselves: what ``pathways`` walks for a person.

        Raises:
            NotFoundError: there is no such area; names the nearest.
        """
        return self._pathway(area, self.ask("pathway-links", area=area), as_at)

    def waits(self, area: str, *, as_at: date | None = None) -> tuple[Wait, ...]:
        """The waiting times of the services of an area, longest first, each with its day.

        Raises:
            NotFoundError: there is no such area; names the nearest.
        """
        return waits.of(self.ask("pathway-waits", area=area), label=self.label, day=as_at)

    @cached_property
    def terms(self) -> Terms:
        """What the terms of eligibility rules mean for a person, and those that a person can be described by."""
        return vocabulary.of(self.ask("person-terms"), self.ask("person-concepts"), label=self.label)

    def funding(self, area: str, *, as_at: date | None = None) -> Accounts:
        """The money for the services of an area: who gives what to whom, for which service; each table of it.

        With a day, only what may be in force then.

        Raises:
            NotFoundError: there is no such area; names the nearest.
        """
        flows = self.ask("funding-flows", area=area)
        found = funding.of(flows, self.ask("funding-services", area=area), label=self.label)
        return Accounts.of(found.on(as_at) if as_at else found, flows)

    def coverage(
        self,
        areas: str | Sequence[str],
        *,
        by: str = "service-type",
        across: str | None = None,
        parts: bool = False,
        as_at: date | None = None,
    ) -> Coverage:
        """What is recorded of some areas, looked for in vain, not known or not applicable, in a matrix.

        ``by`` is ``service-type``, ``need``, ``community``, ``stage`` or ``age-group``: the lines. The columns are the
        areas, with ``parts`` those that lie in each as well; or, ``across`` one of the same words, groups of people in
        the one area. ``as_at`` leaves out what had ended on a day or had not begun.

        Raises:
            NotFoundError: there is no such area; names the nearest.
            QueryError: the words are none of these, or groups are asked for in several areas.
        """
        asked = [self.area(area) for area in ([areas] if isinstance(areas, str) else areas)]
        lines, groups = cells.by_of(by), cells.by_of(across) if across else None
        if not asked or (groups and (parts or len(asked) > 1)) or lines is groups:
            raise QueryError("A matrix is of one area or more, or of groups in one area, by something else.")
        if parts:
            inside = {area: [str(row["part"]) for row in self.ask("coverage-parts", area=area)] for area in asked}
            asked = list(dict.fromkeys(each for area in asked for each in (area, *inside[area])))
        services = self.ask("coverage-services", area=asked)
        told = coverage.Told(
            concepts=self.ask("coverage-concepts", by=lines),
            services=services,
            facets=self.ask("coverage-facets", area=asked, by=lines),
            statements=self.ask("coverage-statements", area=asked),
            groups=self.ask("coverage-concepts", by=groups) if groups else (),
            group_facets=self.ask("coverage-facets", area=asked, by=groups) if groups else (),
        )
        return coverage.of(told, asked, by=lines, day=as_at, label=self.label, source=services)

    def checklist(self, area: str, *, by: str = "stage", as_at: date | None = None) -> Checklist:
        """For each stage of the pathway, or each need, the services of an area, and what nobody says of them.

        Raises:
            NotFoundError: there is no such area; names the nearest.
            QueryError: ``by`` is no word that ``coverage`` knows.
        """
        people, agreements = self.ask("coverage-people", area=area), self.ask("coverage-agreements", area=area)
        matrix = self.coverage(area, by=by, as_at=as_at)
        return checklist.of(matrix, self.pathway(area, as_at=as_at), people, agreements, label=self.label)

    def _pathway(self, area: str, links: Answer, day: date | None) -> Pathway:
        return pathways.of(links, self.ask("pathway-nodes", area=area), label=self.label, day=day)
