"""The taxonomy: its schemes, the concepts of one, and one concept with what is recorded with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from taxonomy import crosswalks, namespaces
from taxonomy.errors import NotFoundError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.questions.results import Answer
from taxonomy.site import addresses, lists, pages, reading, trees
from taxonomy.site.facts import Fact, Thing
from taxonomy.site.trees import Branch

bp = Blueprint("taxonomy", __name__, url_prefix="/taxonomy")


@bp.get("")
def index() -> Response:
    """The kinds that follow from facts, and every scheme of the words that facts are recorded with."""
    kg = reading.pages()
    return lists.whole("taxonomy/index.html", kg.ask("page-schemes"), lambda: {"kinds": _kinds(kg)}, name="taxonomy")


@bp.get("/<scheme>")
def scheme(scheme: str) -> Response:
    """One scheme: its concepts with their definitions."""
    iri = namespaces.SCHEME + scheme
    answer = reading.pages().ask("page-concepts", scheme=iri) if addresses.is_slug(scheme) else None
    if answer is None or not answer.rows:
        raise NotFoundError("scheme", scheme)
    kg = reading.pages()

    def context() -> Mapping[str, Any]:
        return {"iri": iri, "label": kg.label(iri), "about": _about(kg, iri), "branches": _branches(kg, iri, answer)}

    return lists.whole("taxonomy/scheme.html", answer, context, name=scheme)


@bp.get("/<scheme>/<slug>")
def concept(scheme: str, slug: str) -> Response:
    """One concept: what it means, what is broader and narrower, and what is recorded with it."""
    key = f"{scheme}/{slug}"
    if not addresses.is_slug(key):
        raise NotFoundError("concept", key)
    iri = reading.pages().thing(key, base=namespaces.CONCEPT)
    return pages.show(iri, "taxonomy/concept.html", name=slug, more=_narrower)


def _narrower(kg: KnowledgeGraph, concept: Thing, mentions: Mapping[str, Fact]) -> Mapping[str, Any]:
    """The concepts below it, as trees, how many things are recorded with it, and its matches elsewhere."""
    users = {value.value for name, fact in mentions.items() if name.startswith("sv:") for value in fact.values}
    below: tuple[Branch, ...] = ()
    if "skos:broader" in mentions and (schemes := concept.values("skos:inScheme")):
        scheme = str(schemes[0].value)
        whole = _branches(kg, scheme, kg.ask("page-concepts", scheme=scheme))
        below = next((each.below for each in trees.every(whole) if each.row["concept"] == concept.iri), ())
    return {"users": len(users), "branches": below, "matches": crosswalks.load().get(concept.iri, ())}


def _branches(kg: KnowledgeGraph, scheme: str, concepts: Answer) -> tuple[Branch, ...]:
    return trees.grow(concepts, kg.ask("page-broader", scheme=scheme))


def _about(kg: KnowledgeGraph, scheme: str) -> str | None:
    rows = [row for row in kg.ask("page-schemes") if row["scheme"] == scheme]
    return str(rows[0]["about"]) if rows and rows[0]["about"] else None


def _kinds(kg: KnowledgeGraph) -> tuple[Branch, ...]:
    """The taxonomy proper: the classes that follow from facts, as trees below the classes that they are kinds of."""
    terms, kinds = kg.ask("page-terms"), kg.ask("page-kinds")
    defined = {str(row["term"]) for row in terms if row["kind"] == "defined class"}
    above = {str(row["broader"]) for row in kinds if row["term"] in defined}
    return trees.grow((row for row in terms if row["term"] in defined | above), kinds)
