"""One blueprint for each noun of the site."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from taxonomy.site.blueprints import (
    agreements,
    areas,
    briefing,
    changes,
    citations,
    comparison,
    contexts,
    contradictions,
    coverage,
    description,
    funding,
    graphs,
    guidance,
    health,
    home,
    identifiers,
    ontology,
    organisations,
    pathways,
    querying,
    questions,
    releases,
    rules,
    search,
    services,
    sources,
    sparql,
    taxonomy,
    things,
    validate,
)

ALL: Final[tuple[Blueprint, ...]] = tuple(
    module.bp
    for module in (
        home,
        search,
        areas,
        pathways,
        funding,
        changes,
        coverage,
        briefing,
        comparison,
        services,
        organisations,
        agreements,
        sources,
        taxonomy,
        ontology,
        things,
        graphs,
        contradictions,
        questions,
        citations,
        sparql,
        querying,
        description,
        validate,
        rules,
        contexts,
        releases,
        guidance,
        health,
        identifiers,
    )
)
