"""A made-up shire in a practice home: as many services, rules and ways as a large area has."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from pyoxigraph import Literal, NamedNode, Triple

from taxonomy import assets
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.namespaces import CONCEPT, EXAMPLE, RDF, RDFS, SV, XSD, graph
from taxonomy.publishing import gathering
from taxonomy.site import create_app, reading

SERVICES = 300
SHIRE = "made-up-shire"
SECTORS = ("VoluntaryOrganisation", "StatutoryOrganisation", "PrivateOrganisation")
STAGES = ("first-contact", "triage", "crisis", "advocacy", "therapy", "criminal-justice", None)
SENDERS = ("self", "police", "gp", "school", "helpline")
REPORTING = ("any", "reported-only", "not-stated", None)


def node(*parts: object) -> NamedNode:
    return NamedNode(f"{EXAMPLE}id/{'/'.join(map(str, parts))}")


def concept(scheme: str, slug: str) -> NamedNode:
    return NamedNode(f"{CONCEPT}{scheme}/{slug}")


def say(subject: NamedNode, name: str, value: NamedNode | int) -> Triple:
    whole = NamedNode(XSD + "integer")
    return Triple(
        subject, NamedNode(SV + name), Literal(str(value), datatype=whole) if isinstance(value, int) else value
    )


def kind(subject: NamedNode, name: str, label: str) -> Iterator[Triple]:
    yield Triple(subject, NamedNode(RDF + "type"), NamedNode(SV + name))
    yield Triple(subject, NamedNode(RDFS + "label"), Literal(label, language="en"))


def made_up(seed: int = 6, services: int = SERVICES) -> Iterator[Triple]:
    """The statements of one record that is plainly made up: every name says so, and none is anybody's."""
    chance = random.Random(seed)  # noqa: S311  the same shire at every run
    area = node("area", SHIRE)
    yield from kind(area, "NamedArea", "Made-Up Shire")
    leads = [node("organisation", f"made-up-body-{n}") for n in range(25)]
    for n, lead in enumerate(leads):
        yield from kind(lead, SECTORS[n % len(SECTORS)], f"Made-Up Body {n}")
    led = {node("service", f"made-up-service-{n:03}"): chance.choice(leads) for n in range(services)}
    for n, (service, lead) in enumerate(led.items()):
        yield from kind(service, "Service", f"Made-Up Service {n:03}")
        yield say(service, "coversArea", area)
        yield say(service, "leadProvider", lead)
        if stage := chance.choice(STAGES):
            yield say(service, "pathwayStage", concept("pathway-stage", stage))
        yield from rule(service, chance)
        near = [each for each, other in led.items() if other == lead]
        for m in range(chance.choice((0, 1, 1, 2, 3))):
            other = chance.choice(near if chance.random() < 0.9 else list(led))
            yield from route(service, m, other, chance)


def rule(service: NamedNode, chance: random.Random) -> Iterator[Triple]:
    its = NamedNode(f"{service.value}/rule/1")
    yield say(service, "eligibility", its)
    yield from kind(its, "EligibilityRule", "A made-up rule")
    if chance.random() < 0.7:
        yield say(its, "minimumAge", chance.choice((0, 5, 13, 18)))
    if chance.random() < 0.4:
        yield say(its, "maximumAge", chance.choice((18, 24)))
    if report := chance.choice(REPORTING):
        yield say(its, "reportingStatus", concept("reporting-status", report))


def route(service: NamedNode, number: int, other: NamedNode, chance: random.Random) -> Iterator[Triple]:
    its = NamedNode(f"{service.value}/route/{number}")
    yield from kind(its, "RefusedRoute" if chance.random() < 0.15 else "OpenRoute", "A made-up way")
    sender = concept("referral-source", chance.choice(SENDERS))
    yield say(its, "referralFrom", sender if chance.random() < 0.5 or other == service else other)
    yield say(its, "referralTo", service)


@pytest.fixture(scope="session")
def shire(sealed: Callable[..., Path]) -> Path:
    """A practice home whose release holds the vocabularies and the made-up shire. For reading only."""
    known = gathering.gather(assets.root()).graphs
    graphs = {name: triples for name, triples in known.items() if name.startswith(graph("vocabulary"))}
    return sealed(graphs | {graph("record", "made-up-body"): frozenset(made_up())}, practice=True)


@pytest.fixture(scope="session")
def large(shire: Path) -> Iterator[KnowledgeGraph]:
    """The knowledge graph of the made-up shire."""
    with KnowledgeGraph.open(shire) as kg:
        yield kg


@pytest.fixture(scope="session")
def large_site(shire: Path) -> Iterator[Flask]:
    """The site over the made-up shire."""
    app = create_app(shire)
    yield app
    with app.app_context():
        reading.current().close()
