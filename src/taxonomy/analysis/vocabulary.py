"""What the terms of eligibility rules mean for a person's answers, as the vocabularies define them."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from taxonomy.analysis import rows
from taxonomy.analysis.rows import Label, Named, Row
from taxonomy.errors import NotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The ages that a named age group takes."""

    youngest: int
    oldest: int | None  # None: no end
    perhaps: int | None  # the oldest that it may take, where its definition leaves the end open

    def takes(self, age: int) -> bool | None:
        """Whether somebody of this age is in it; ``None`` where its definition does not settle it.

        >>> Band(youngest=0, oldest=17, perhaps=24).takes(17), Band(youngest=0, oldest=17, perhaps=24).takes(20)
        (True, None)
        """
        if age < self.youngest:
            return False
        if self.oldest is None or age <= self.oldest:
            return True
        return None if self.perhaps is not None and age <= self.perhaps else False


@dataclass(frozen=True)
class Terms:
    """The terms by IRI: what they say of an answer, which ages they take, and which terms are wider."""

    admits: Mapping[tuple[str, str], bool] = field(default_factory=dict)  # by term and answer
    bands: Mapping[str, Band] = field(default_factory=dict)
    wider: Mapping[str, frozenset[str]] = field(default_factory=dict)
    choices: Mapping[str, tuple[Named, ...]] = field(default_factory=dict)  # by the slug of the list they stand in

    @cached_property
    def answers(self) -> Mapping[str, frozenset[str]]:
        """The answers that each term says something about."""
        found: dict[str, set[str]] = defaultdict(set)
        for term, answer in self.admits:
            found[term].add(answer)
        return {term: frozenset(answers) for term, answers in found.items()}

    def covers(self, term: str, concept: str) -> bool:
        """Whether a term takes in a concept: it is the same, or a wider one."""
        return term == concept or term in self.wider.get(concept, ())

    def named(self, scheme: str, key: str) -> Named:
        """A term that a person can be described by, from its slug, its short name, its label or its IRI.

        Raises:
            NotFoundError: the vocabulary has no such term; names the nearest.
        """
        wanted = key.strip().casefold()
        names: dict[str, Named] = {}
        for each in self.choices.get(scheme, ()):
            slug = each.iri.rpartition("/")[2]
            names |= dict.fromkeys((each.label.casefold(), each.iri.casefold(), f"{scheme}/{slug}", slug), each)
        if wanted in names:
            return names[wanted]
        near = difflib.get_close_matches(wanted, names, n=3)
        raise NotFoundError("concept", key, near=list(dict.fromkeys(names[n].iri.rpartition("/")[2] for n in near)))


def of(meanings: Iterable[Row], concepts: Iterable[Row], *, label: Label) -> Terms:
    """The terms in the rows of the questions ``person-terms`` and ``person-concepts``.

    Raises:
        QueryError: a column is missing or holds the wrong kind of value.
    """
    admits, bands = {}, {}
    for row in meanings:
        term, answer, admitted = rows.needed(row, "term"), rows.text(row, "answer"), rows.flag(row, "admits")
        if answer is not None and admitted is not None:
            admits[(term, answer)] = admitted
        youngest = rows.integer(row, "youngest")
        if youngest is not None:
            bands[term] = Band(
                youngest=youngest, oldest=rows.integer(row, "oldest"), perhaps=rows.integer(row, "perhaps_oldest")
            )
    wider: dict[str, set[str]] = defaultdict(set)
    choices: dict[str, set[Named]] = defaultdict(set)
    for row in concepts:
        concept = rows.needed(row, "concept")
        choices[rows.needed(row, "scheme").rpartition("/")[2]].add(Named(label(concept), concept))
        if above := rows.text(row, "wider"):
            wider[concept].add(above)
    return Terms(
        admits,
        bands,
        {concept: frozenset(above) for concept, above in wider.items()},
        {scheme: tuple(sorted(names)) for scheme, names in choices.items()},
    )
