"""Why a release says that a thing is of a class of its taxonomy, in words, with the places that state the facts.

The facts are asked for in rounds: first what is said about the thing, then about what it is linked with, until they
carry the conclusion. So an explanation costs the same in a small release and in a large one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from taxonomy.errors import NotFoundError
from taxonomy.namespaces import CONCEPT, GRAPH, GSS, ID, OWL, RDFS, SCHEME, SKOS, SV, shorten
from taxonomy.questions.results import Answer, Row
from taxonomy.reasoning import axioms
from taxonomy.reasoning.axioms import TYPE
from taxonomy.reasoning.explain import Explainer, Explanation, How, Proof
from taxonomy.reasoning.rules import Rules
from taxonomy.reasoning.wording import Label, Wording, with_article

_AT_ONCE: Final = 200  # things whose facts are asked for in one query
_NOT_FOLLOWED: Final = (CONCEPT, SCHEME, GSS, GRAPH, SV, OWL, RDFS, SKOS, f"{ID}area/", f"{ID}source/")


@dataclass(frozen=True, slots=True)
class Step:
    """One statement of an explanation: stated in places, or following from other steps."""

    text: str  # in words
    subject: str
    property: str
    value: str | int | Decimal
    how: How
    places: tuple[Row, ...] = ()  # rows of page-why, each with place, locator, source, publisher, said, role
    because: tuple[Step, ...] = ()

    def leaves(self) -> Iterator[Step]:
        """The stated facts that it rests on, in order."""
        if self.how is How.STATED:
            yield self
        for step in self.because:
            yield from step.leaves()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a thing is of a class: what the class means, and what makes it true of the thing."""

    thing: str
    cls: str
    label: str  # of the class
    definition: str
    note: str  # what the definition leaves out; empty where nothing is said
    rule: str  # the definition that the rules follow, as a sentence; empty for a class that has none
    because: tuple[Step, ...]

    @property
    def facts(self) -> tuple[Step, ...]:
        """The stated facts that make it true, each once."""
        return tuple({step.text: step for each in self.because for step in each.leaves()}.values())


class Reasons:
    """The explanations of one release.

    ``ontology`` is the ontology as the release holds it; ``ask`` gives the rows of page-why for some
    things; ``label`` says what an IRI is called.
    """

    def __init__(self, ontology: set[Triple], ask: Callable[[Sequence[str]], Answer], label: Label) -> None:
        said = axioms.of(ontology, f"{GRAPH}ontology")
        self._rules = Rules(said)
        self._wording = Wording(said, ontology, label)
        self._texts = {
            (each.subject.value, each.predicate.value): each.object.value
            for each in ontology
            if isinstance(each.subject, NamedNode) and isinstance(each.object, Literal)
        }
        self._ask, self._label = ask, label

    @property
    def defined(self) -> frozenset[str]:
        """The classes that have a definition."""
        return frozenset(term.value for term in self._rules.defined)

    def rule(self, cls: str) -> str:
        """What the definition of a class says, as a sentence; empty where it has none."""
        found = [definition for term, definition in self._rules.axioms.definitions if term.value == cls]
        return self._wording.noun(found[0]) if found else ""

    def of(self, thing: str, classes: Sequence[str]) -> tuple[Reason, ...]:
        """Why a thing is of each of these classes, of which the release says that it is.

        Raises:
            NotFoundError: the facts do not make it one of them.
        """
        places: dict[Triple, dict[str, Row]] = defaultdict(dict)
        ways = self._rules.properties_of(NamedNode(cls) for cls in classes)
        asked: set[str] = set()
        frontier, missing, found = [thing], list(classes), dict[str, Explanation]()
        while missing:
            if not frontier:
                raise NotFoundError("reason", f"{shorten(thing)} is {shorten(missing[0])}")
            asked.update(frontier)
            for start in range(0, len(frontier), _AT_ONCE):
                for row in self._ask(frontier[start : start + _AT_ONCE]):
                    places[_triple(row)].setdefault(str(row["place"]), row)
            explainer = Explainer(self._rules, places)
            found |= {cls: why for cls in missing if (why := _try(explainer, thing, cls))}
            missing = [cls for cls in missing if cls not in found]
            frontier = sorted(_linked(fact for fact in places if fact.predicate in ways) - asked)
        return tuple(self._reason(found[cls], places) for cls in classes)

    def _reason(self, why: Explanation, places: Mapping[Triple, Mapping[str, Row]]) -> Reason:
        cls = why.cls.value
        return Reason(
            thing=why.thing.value,
            cls=cls,
            label=self._label(cls),
            definition=self._texts.get((cls, SKOS + "definition"), ""),
            note=self._texts.get((cls, SKOS + "scopeNote"), ""),
            rule=self._wording.noun(why.definition) if why.definition else "",
            because=tuple(self._step(proof, places) for proof in why.proof.because or (why.proof,)),
        )

    def _step(self, proof: Proof, places: Mapping[Triple, Mapping[str, Row]]) -> Step:
        subject, predicate, value = (str(getattr(term, "value", term)) for term in proof.claim)
        rows = places.get(proof.claim, {}) if proof.how is How.STATED else {}
        return Step(
            text=self._words(proof.claim),
            subject=subject,
            property=predicate,
            value=value if isinstance(proof.claim.object, NamedNode) else Decimal(value),
            how=proof.how,
            places=tuple(rows[place] for place in sorted(rows)),
            because=tuple(self._step(part, places) for part in proof.because),
        )

    def _words(self, claim: Triple) -> str:
        subject = self._label(str(getattr(claim.subject, "value", claim.subject)))
        if isinstance(claim.object, NamedNode) and claim.predicate == TYPE:
            return f"{subject} is {with_article(self._label(claim.object.value))}"
        value = claim.object
        what = self._label(value.value) if isinstance(value, NamedNode) else str(getattr(value, "value", value))
        return f"{subject}: {self._label(claim.predicate.value)}: {what}"


def _try(explainer: Explainer, thing: str, cls: str) -> Explanation | None:
    try:
        return explainer.explain(NamedNode(thing), NamedNode(cls))
    except NotFoundError:
        return None


def _triple(row: Row) -> Triple:
    value = row["value"]
    end = NamedNode(str(value)) if row.is_iri("value") else Literal(int(str(value)))
    return Triple(NamedNode(str(row["subject"])), NamedNode(str(row["property"])), end)


def _linked(facts: Iterable[Triple]) -> set[str]:
    """The things whose own facts may matter too: no concepts, areas, classes and documents."""
    ends = {term.value for fact in facts for term in (fact.subject, fact.object) if isinstance(term, NamedNode)}
    return {end for end in ends if not end.startswith(_NOT_FOLLOWED)}
