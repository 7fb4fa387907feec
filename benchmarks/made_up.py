"""Made-up records, as many as are asked for, always the same ones: about 82 facts each, some of them with a fault.

    python -m benchmarks.made_up 500 --folder /tmp/made-up

Nothing in them is about a real organisation except the areas, funders and concepts that they name. A part of them name
services of another record, as real ones do.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from taxonomy.context import Context
from taxonomy.fields import TYPE
from taxonomy.intake import rdf
from taxonomy.intake.admission import admit
from taxonomy.namespaces import DCTERMS, EXAMPLE, RDFS, SCHEME, SV, graph
from taxonomy.records import NOWHERE, Record
from taxonomy.values import Iri, Value, to_term

SEED: Final = 20261130
SHARE: Final = 0.12  # of the records have a fault
CONFIRMED: Final = date(2026, 10, 5)
_LABEL, _DESCRIPTION = Iri(RDFS + "label"), Iri(DCTERMS + "description")
Facts = list[Triple]


class MadeUp:
    """Made-up records; the same seed gives the same ones.

    >>> one, again = MadeUp().facts(7), MadeUp().facts(7)
    >>> one == again, 60 < len(one) < 110
    (True, True)
    """

    def __init__(self, context: Context | None = None, *, seed: int = SEED, share: float = SHARE) -> None:
        self._seed, self._share = seed, share
        self._known = context = context or Context.bundled()
        self._schemes: dict[str, list[Iri]] = {}
        for concept, scheme in sorted(context.schemes.items()):
            self._schemes.setdefault(scheme.removeprefix(SCHEME), []).append(concept)
        self._areas = sorted(each for each, types in context.types.items() if SV + "Area" in types)
        self._funders = sorted(each for each, types in context.types.items() if SV + "Organisation" in types)

    def facts(self, number: int) -> Facts:
        """The facts of one record, with a fault where it is its turn."""
        rng = random.Random(f"{self._seed}-{number}")  # noqa: S311  # nothing here is a secret
        facts = list(self._record(number, rng))
        if rng.random() < self._share:
            facts = rng.choice(FAULTS)(facts)
        return facts

    def records(self, count: int) -> tuple[Record, ...]:
        """The first records, as a reader gives them."""
        known = self.context(count)
        return tuple(as_record(organisation(number), self.facts(number), known) for number in range(count))

    def context(self, count: int) -> Context:
        """What the first records may name: the services of all of them too, as after their release."""
        services = (_service(number, turn) for number in range(count) for turn in (1, 2))
        kinds = dict.fromkeys(services, frozenset({_sv("Service")}))
        return replace(self._known, types={**self._known.types, **kinds})

    def turtle(self, number: int) -> bytes:
        """One record as Turtle; N-Triples is Turtle too."""
        return serialize(self.facts(number), format=RdfFormat.N_TRIPLES) or b""

    def _record(self, number: int, rng: random.Random) -> Iterator[Triple]:
        me, name = organisation(number), f"Made-Up Centre {_letters(number)}"
        record = Iri(graph("record", me.slug))
        yield from _said(record, TYPE, _sv("Record"))
        yield from _said(record, _sv("recordOf"), me)
        yield from _said(record, _sv("lastConfirmed"), CONFIRMED - timedelta(days=rng.randrange(200)))
        yield from _said(me, TYPE, _sv("VoluntaryOrganisation"))
        yield from _said(me, _LABEL, name)
        yield from _said(me, _DESCRIPTION, "Support after sexual violence for anybody in a made-up county.")
        yield from _said(me, _sv("organisationType"), rng.choice(self._schemes["organisation-type"]))
        yield from _said(me, _sv("identifier"), f"XI-EXAMPLE-{number}")
        yield from _said(me, _sv("contactEmail"), f"info@made-up-{number}.example")
        yield from _said(me, _sv("contactPhone"), f"01632 {number:06}")
        yield from _said(me, _sv("contactTeam"), "Referrals team")
        for turn in (1, 2):
            yield from self._service(number, turn, name, rng)
        yield from self._agreement(number, rng)

    def _service(self, number: int, turn: int, name: str, rng: random.Random) -> Iterator[Triple]:
        service, rule = _service(number, turn), Iri(f"{_service(number, turn)}/rule/1")
        yield from _said(service, TYPE, _sv("Service"))
        yield from _said(service, _LABEL, f"{name} {('Counselling', 'Advocacy')[turn - 1]}")
        yield from _said(service, _DESCRIPTION, "Talking and practical help, for up to a year.")
        yield from _said(service, _sv("leadProvider"), organisation(number))
        for area in rng.sample(self._areas, 2):
            yield from _said(service, _sv("coversArea"), area)
        for path, scheme, count in (
            ("specialism", "specialism", 1),
            ("deliveryMode", "delivery-mode", 2),
            ("pathwayStage", "pathway-stage", 1),
            ("addressesNeed", "need", 1),
            ("statedPrinciple", "principle", 1),
        ):
            for concept in rng.sample(self._schemes[scheme], count):
                yield from _said(service, _sv(path), concept)
        refuge = [each for each in self._schemes["service-type"] if each.slug in {"refuge", "safe-accommodation"}]
        for concept in rng.sample([each for each in self._schemes["service-type"] if each not in refuge], 2):
            yield from _said(service, _sv("serviceType"), concept)
        yield from _said(service, _sv("eligibility"), rule)
        yield from _said(rule, TYPE, _sv("EligibilityRule"))
        yield from _said(rule, _sv("minimumAge"), rng.choice([13, 16, 18]))
        yield from _said(rule, _sv("maximumAge"), rng.choice([25, 65, 120]))
        yield from _said(rule, _sv("genderOffer"), rng.choice(self._schemes["gender-offer"]))
        yield from _said(rule, _sv("reportingStatus"), rng.choice(self._schemes["reporting-status"]))
        yield from _said(rule, _sv("residence"), rng.choice(self._schemes["residence"]))
        source: Iri = rng.choice(self._schemes["referral-source"])
        if turn == 2 and number and rng.random() < 0.2:  # from a service of somebody else's record
            source = _service(rng.randrange(max(0, number - 50), number), 1)
        route = Iri(f"{service}/route/1")
        yield from _said(route, TYPE, _sv("OpenRoute"))
        yield from _said(route, _sv("referralFrom"), source)
        yield from _said(route, _sv("referralTo"), service)
        yield from _said(route, _sv("referralMechanism"), rng.choice(self._schemes["referral-mechanism"]))
        yield from _said(route, _sv("requiresConsent"), True)

    def _agreement(self, number: int, rng: random.Random) -> Iterator[Triple]:
        agreement = Iri(f"{EXAMPLE}id/agreement/made-up-{number}-grant")
        yield from _said(agreement, TYPE, _sv("Grant"))
        yield from _said(agreement, _LABEL, "Made-Up grant 2026")
        yield from _said(agreement, _sv("funds"), _service(number, 1))
        yield from _said(agreement, _sv("recipient"), organisation(number))
        yield from _said(agreement, _sv("agreementStatus"), rng.choice(self._schemes["agreement-status"]))
        yield from _said(agreement, _sv("startDate"), date(2026, 4, 1))
        yield from _said(agreement, _sv("endDate"), date(2027, 3, 31))
        for turn, funder in enumerate(rng.sample(self._funders, 2), start=1):
            part = Iri(f"{agreement}/part/{turn}")
            yield from _said(agreement, _sv("fundingPart"), part)
            yield from _said(part, TYPE, _sv("FundingPart"))
            yield from _said(part, _sv("funder"), funder)
            yield from _said(part, _sv("currency"), "GBP")
            yield from _said(part, _sv("amountBasis"), rng.choice(self._schemes["amount-basis"]))
            yield Triple(NamedNode(part), NamedNode(_sv("amount")), _pounds(rng.randrange(1000, 90000)))


def as_record(owner: Iri, facts: Facts, context: Context) -> Record:
    """Facts as the record that a reader makes of them, wherever they stood."""
    places = dict.fromkeys(facts, NOWHERE)
    seen = admit(places, owner, context)
    things = {Iri(graph("record", owner.slug)): NOWHERE, **seen.things}
    return Record(owner=owner, places=rdf.complete(places, owner, context), things=things, proposals=seen.proposals)


def _without(path: str) -> Callable[[Facts], Facts]:
    """A record that leaves out what it says by one property, at the first thing of which it says it."""

    def spoil(facts: Facts) -> Facts:
        first = next(each.subject for each in facts if each.predicate.value == path)
        return [each for each in facts if (each.subject, each.predicate.value) != (first, path)]

    return spoil


def _instead(path: str, term: NamedNode | Literal) -> Callable[[Facts], Facts]:
    """A record that says something else by one property, at the first thing of which it says it."""

    def spoil(facts: Facts) -> Facts:
        first = next(each.subject for each in facts if each.predicate.value == path)
        return [*_without(path)(facts), Triple(first, NamedNode(path), term)]

    return spoil


def _besides(path: str, term: NamedNode | Literal) -> Callable[[Facts], Facts]:
    """A record that says one thing more by one property, at the first thing of which it says it."""

    def spoil(facts: Facts) -> Facts:
        first = next(each.subject for each in facts if each.predicate.value == path)
        return [*facts, Triple(first, NamedNode(path), term)]

    return spoil


def _typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(f"http://www.w3.org/2001/XMLSchema#{datatype}"))


def _pounds(amount: int) -> Literal:
    return _typed(f"{amount}.00", "decimal")


def _sv(name: str) -> Iri:
    return Iri(SV + name)


def _said(subject: Iri, path: Iri, value: Value) -> Iterator[Triple]:
    yield Triple(NamedNode(subject), NamedNode(path), to_term(value))


def organisation(number: int) -> Iri:
    """The organisation that a record is about."""
    return Iri(f"{EXAMPLE}id/organisation/made-up-{number}")


def _service(number: int, turn: int) -> Iri:
    return Iri(f"{EXAMPLE}id/service/made-up-{number}-{turn}")


def _letters(number: int) -> str:
    """A number in letters, since a name with many digits would look like a phone number."""
    return "".join("ABCDEFGHIJ"[int(digit)] for digit in str(number))


FAULTS: Final[tuple[Callable[[Facts], Facts], ...]] = (
    _without(_sv("lastConfirmed")),
    _without(_LABEL),
    _without(_sv("serviceType")),
    _without(_sv("coversArea")),
    _without(_sv("eligibility")),
    _without(_sv("genderOffer")),
    _without(_sv("referralMechanism")),
    _without(_sv("funder")),
    _without(_sv("amountBasis")),
    _without(_sv("agreementStatus")),
    _without(_sv("endDate")),
    _instead(_sv("lastConfirmed"), _typed("2019-03-01", "date")),
    _instead(_sv("lastConfirmed"), _typed("2026-13-45", "date")),
    _instead(_sv("lastConfirmed"), Literal("last autumn")),
    _instead(_sv("minimumAge"), Literal("sixteen")),
    _instead(_sv("minimumAge"), _typed("1600", "integer")),
    _instead(_sv("maximumAge"), _typed("9", "integer")),
    _instead(_sv("amount"), _typed("0.00", "decimal")),
    _instead(_sv("amount"), Literal("about £60k")),
    _instead(_sv("currency"), Literal("EUR")),
    _instead(_sv("endDate"), _typed("2025-03-31", "date")),
    _instead(_sv("identifier"), Literal("charity no. 1")),
    _instead(_sv("requiresConsent"), Literal("usually")),
    _instead(_sv("coversArea"), Literal("our patch")),
    _instead(_sv("genderOffer"), NamedNode(f"{EXAMPLE}id/no-such-concept")),
    _instead(_sv("contactPhone"), Literal("ring the office")),
    _besides(_LABEL, Literal("A second name", language="en")),
    _besides(_sv("recordOf"), NamedNode(f"{EXAMPLE}id/organisation/made-up-neighbour")),
    _besides(_DESCRIPTION, Literal("Ask for Ms Nobody.")),
    _besides(_DESCRIPTION, Literal("Write to a@b.example.")),
)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("count", type=int)
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--seed", type=int, default=SEED)
    asked = options.parse_args()
    made = MadeUp(seed=asked.seed)
    asked.folder.mkdir(parents=True, exist_ok=True)
    for number in range(asked.count):
        (asked.folder / f"made-up-{number}.nt").write_bytes(made.turtle(number))


if __name__ == "__main__":
    main()
