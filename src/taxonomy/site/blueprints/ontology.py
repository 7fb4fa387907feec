"""The ontology: for machines at its own IRIs, for people by module, and one term with what uses it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, redirect
from pyoxigraph import RdfFormat, parse, serialize
from werkzeug.wrappers import Response as AnyResponse

from taxonomy import modules
from taxonomy.errors import NotFoundError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.modules import ONTOLOGY, Module
from taxonomy.namespaces import PREFIXES, SV
from taxonomy.questions.results import Answer, Row
from taxonomy.site import addresses, negotiation, reading, things, trees
from taxonomy.site.facts import Thing
from taxonomy.site.negotiation import Form

bp = Blueprint("ontology", __name__, url_prefix="/ontology")

_SHOWN = 200  # users of a term on its page; the query gives every one
_MODULE_MARK = "module-"  # how the page marks a module, apart from its terms


@bp.get("")
def index() -> Response:
    """The whole ontology: its modules, their classes as trees, their properties, and what uses each."""
    return _whole(reading.pages())


@bp.get("/terms/<name>")
def term(name: str) -> Response:
    """One class or property: what it means, what it is declared to be, and what uses it."""
    kg, iri = reading.pages(), SV + name
    if not addresses.is_slug(name) or not kg.labels([iri]):
        raise NotFoundError("term", name)
    answer = things.facts(kg, iri)

    def context() -> Mapping[str, Any]:
        terms, kinds = kg.ask("page-terms"), kg.ask("page-kinds")
        row = next((row for row in terms if row["term"] == iri), None)
        of_class = row is not None and str(row["kind"]).endswith("class")
        return {
            "thing": things.read(kg, answer, iri),
            "row": row,
            "inherited": () if of_class else kg.ask("page-term-inherited", term=iri),
            "statements": kg.ask("page-term-statements", term=iri) if of_class else (),
            "module": next((module for module in modules.load() if iri in module.terms), None),
            "above": [row for row in kinds if row["term"] == iri],
            "below": [row for row in kinds if row["broader"] == iri],
            "worded": kg.rule(iri),
            "users": kg.ask("page-users", term=iri),
            "shown": _SHOWN,
        }

    return negotiation.respond("ontology/term.html", answer, context, name=name, about=[iri])


@bp.get("/<path:name>")
def part(name: str) -> AnyResponse:
    """What a version IRI or a module's IRI names: the whole, or one module."""
    kg = reading.pages()
    version = _itself(kg).text("owl:versionInfo") or ""
    if name == version:
        return _whole(kg)
    wanted = name.removeprefix(f"{version}/")
    module = next((module for module in modules.load() if module.name == wanted), None)
    if module is None:
        raise NotFoundError("module", name, near=[module.name for module in modules.load() if module.name][:3])
    form = negotiation.wanted(negotiation.GRAPHS)
    if form in negotiation.GRAPHS:
        return negotiation.data(_written(module, form), form, wanted.replace("/", "-"))
    return redirect(f"/ontology#{mark(module)}", code=303)


def mark(module: Module) -> str:
    """The fragment that marks a module on the page of the whole.

    >>> from pathlib import Path
    >>> mark(Module("defined/services", "", "", Path(), frozenset()))
    'module-defined-services'
    """
    return _MODULE_MARK + module.name.replace("/", "-")


def _whole(kg: KnowledgeGraph) -> Response:
    answer = kg.ask("page-terms")

    def context() -> Mapping[str, Any]:
        return {"thing": _itself(kg), "parts": _parts(answer, kg.ask("page-kinds"))}

    def graph(form: Form) -> str:
        return things.constructed(kg, kg.questions["page-ontology"].text, form.media_type)

    return negotiation.respond("ontology/index.html", answer, context, name="ontology", graph=graph)


def _itself(kg: KnowledgeGraph) -> Thing:
    return things.read(kg, things.facts(kg, ONTOLOGY), ONTOLOGY)


def _parts(terms: Answer, kinds: Answer) -> list[Mapping[str, Any]]:
    """Each module with the trees of its classes and of its properties; what a release has beyond them comes last."""
    parts, left = [], {str(row["term"]): row for row in terms}
    for module in modules.load():
        rows = [row for name, row in list(left.items()) if name in module.terms and left.pop(name)]
        parts.append(_part(mark(module), module.title, module.about, rows, kinds))
    parts.append(_part(_MODULE_MARK + "other", "Other terms", "", list(left.values()), kinds))
    return [part for part in parts if part["classes"] or part["properties"]]


def _part(anchor: str, title: str, about: str, rows: list[Row], kinds: Answer) -> Mapping[str, Any]:
    classes = [row for row in rows if str(row["kind"]).endswith("class")]
    return {
        "mark": anchor,
        "title": title,
        "about": about,
        "classes": trees.grow(classes, kinds),
        "properties": trees.grow((row for row in rows if row not in classes), kinds),
    }


def _written(module: Module, form: Form) -> str:
    """The module's file, in a syntax of RDF."""
    syntax = RdfFormat.from_media_type(form.media_type)
    if syntax is None or syntax == RdfFormat.TURTLE:
        return module.path.read_text(encoding="utf-8")
    written = serialize(parse(path=str(module.path), format=RdfFormat.TURTLE), format=syntax, prefixes=PREFIXES)
    return (written or b"").decode()
