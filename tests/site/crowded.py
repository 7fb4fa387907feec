"""A made-up area with 300 agreements, for pages that have to stay readable with so many."""

from __future__ import annotations

import random
from datetime import date

from pyoxigraph import Literal, NamedNode, Triple

from taxonomy import assets
from taxonomy.namespaces import CONCEPT, EXAMPLE, RDF, RDFS, SV
from taxonomy.publishing.gathering import gather

AREA = EXAMPLE + "id/area/made-up-shire"
AGREEMENTS = 300
_PLAN = EXAMPLE + "graph/citation/made-up-plan/table"
_DAY = NamedNode("http://www.w3.org/2001/XMLSchema#date")
_INSTRUMENTS = ("grant", "contract", "annual-grant", "spot-purchase")


def graphs() -> dict[str, frozenset[Triple]]:
    """The words of the ontology, and one made-up document that states every agreement."""
    words = gather(assets.folder("data").parent).graphs
    kept = {name: triples for name, triples in words.items() if "/vocabulary/" in name or name.endswith("/ontology")}
    return {**kept, _PLAN: frozenset(_plan(random.Random(6)))}  # noqa: S311  the same made-up area each time


def _plan(chance: random.Random) -> list[Triple]:
    told: list[Triple] = []

    def say(subject: str, name: str, value: object) -> None:
        prefix = RDFS if name == "label" else RDF if name == "type" else SV
        told.append(Triple(NamedNode(subject), NamedNode(prefix + name), _term(value)))

    def thing(kind: str, cls: str, number: int) -> str:
        iri = f"{EXAMPLE}id/{kind}/made-up-{cls.lower()}-{number}"
        say(iri, "type", NamedNode(SV + cls))
        say(iri, "label", Literal(f"Made-Up {cls} {number}", language="en"))
        return iri

    say(AREA, "type", NamedNode(SV + "PoliceForceArea"))
    say(AREA, "label", Literal("Made-Up Shire", language="en"))
    say(_PLAN, "type", NamedNode(SV + "Citation"))
    say(_PLAN, "locator", "Made-up table")
    say(_PLAN, "asAt", date(2025, 1, 1))
    funders = [thing("organisation", "StatutoryOrganisation", n) for n in range(40)]
    paid = [thing("organisation", "VoluntaryOrganisation", n) for n in range(50)]
    services = [thing("service", "Service", n) for n in range(120)]
    for service in services:
        say(service, "coversArea", NamedNode(AREA))
        say(service, "leadProvider", NamedNode(chance.choice(paid)))
    for n in range(AGREEMENTS):
        agreement = thing("agreement", "FundingAgreement", n)
        say(agreement, "funds", NamedNode(chance.choice(services)))
        say(agreement, "recipient", NamedNode(chance.choice(paid)))
        say(agreement, "instrument", NamedNode(CONCEPT + "funding-instrument/" + chance.choice(_INSTRUMENTS)))
        status = "proposed" if n % 10 == 0 else "awarded"
        say(agreement, "agreementStatus", NamedNode(CONCEPT + "agreement-status/" + status))
        if n % 4:
            say(agreement, "startDate", date(2023, chance.randint(1, 12), 1))
            say(agreement, "endDate", date(2026 + n % 4, chance.randint(1, 12), 28))
        part = f"{agreement}/part/1"
        say(agreement, "fundingPart", NamedNode(part))
        say(part, "type", NamedNode(SV + "FundingPart"))
        say(part, "label", Literal(f"Made-up share {n}", language="en"))
        say(part, "funder", NamedNode(chance.choice(funders)))
        say(part, "amountBasis", NamedNode(CONCEPT + "amount-basis/per-year"))
        if n % 3:
            say(part, "amount", chance.randint(5, 400) * 1000)
    return told


def _term(value: object) -> NamedNode | Literal:
    if isinstance(value, NamedNode | Literal):
        return value
    if isinstance(value, date):
        return Literal(value.isoformat(), datatype=_DAY)
    if isinstance(value, int):
        return Literal(f"{value}.00", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
    return Literal(str(value))
