"""A complete reasoner beside the rules, and the facts that both are given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from taxonomy import assets
from taxonomy.namespaces import SKOS, SV
from taxonomy.reasoning.hermit import Hermit


@pytest.fixture(scope="session")
def hermit() -> Hermit:
    """HermiT with the project's ontology."""
    return Hermit.from_files(assets.files("ontology", "**/*.ttl"))


@pytest.fixture(scope="session")
def links() -> Callable[[Iterable[Triple]], set[Triple]]:
    """Conclusions without figures, which HermiT does not give back."""
    return lambda found: {triple for triple in found if isinstance(triple.object, NamedNode)}


def read_turtle(*paths: Path) -> set[Triple]:
    return {quad.triple for path in paths for quad in parse(path=str(path), format=RdfFormat.TURTLE)}


@pytest.fixture(scope="session")
def turtle() -> Callable[..., set[Triple]]:
    """What some Turtle files say."""
    return read_turtle


@pytest.fixture(scope="session")
def stated() -> set[Triple]:
    """What documents, curators and registers state."""
    trig = assets.files("data", "sources/**/*.trig") + assets.files("data", "curation/**/*.trig")
    quads = [quad for path in trig for quad in parse(path=str(path), format=RdfFormat.TRIG)]
    return {quad.triple for quad in quads} | read_turtle(*assets.files("data", "register/*.ttl"))


@pytest.fixture(scope="session")
def in_place() -> Callable[[set[Triple]], set[Triple]]:
    """Adds to facts the broader concepts and larger areas of what they name."""
    steps: dict[object, list[Triple]] = {}
    for triple in read_turtle(*assets.files("data", "vocabularies/*.ttl"), *assets.files("data", "areas/*.ttl")):
        if triple.predicate.value in (SKOS + "broader", SV + "within"):
            steps.setdefault(triple.subject, []).append(triple)

    def widened(facts: set[Triple]) -> set[Triple]:
        found, named, seen = set(facts), [triple.object for triple in facts], set[object]()
        while named:
            thing = named.pop()
            if thing not in seen:
                seen.add(thing)
                found.update(steps.get(thing, ()))
                named += [triple.object for triple in steps.get(thing, ())]
        return found

    return widened
