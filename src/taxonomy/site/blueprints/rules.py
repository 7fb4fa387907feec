"""The rules that a record is checked against, and the columns that they look at, in the words that a report uses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from flask import Blueprint, Response, request
from pyoxigraph import RdfFormat, parse, serialize

from taxonomy import assets, fields, validation
from taxonomy.analysis import facets
from taxonomy.context import Context
from taxonomy.namespaces import PREFIXES
from taxonomy.site import filters, negotiation, screens, tables
from taxonomy.site.filters import Choice
from taxonomy.site.negotiation import Form
from taxonomy.validation import LEVELS, Rule, dictionary

bp = Blueprint("rules", __name__, url_prefix="/rules")

_WHOLE: Final = Choice("file", "The file as a whole")


@bp.get("")
def index() -> Response:
    """Every rule, gravest first: what is wrong, why it matters, what to do, with examples."""
    asked = {name: [each for each in request.args.getlist(name) if each] for name in ("level", "sheet")}
    every = validation.rules().values()
    chosen = [rule for rule in every if _fits(rule, asked["level"], asked["sheet"])]
    by_level = {words: [rule for rule in chosen if rule.level == each] for each, words in LEVELS.items()}
    answer = tables.of_rules(rule for some in by_level.values() for rule in some)
    screen = screens.of(answer, request.path, {name: values for name, values in asked.items() if values})

    def context() -> Mapping[str, Any]:
        counts = facets.of(_places(every)).counts(asked, {})
        offers = (
            filters.listed("level", _levels(), counts["level"], asked["level"]),
            filters.listed("sheet", _sheets(), counts["sheet"], asked["sheet"]),
        )
        return {"by_level": by_level, "filters": offers, "screen": screen}

    return negotiation.respond("rules/index.html", answer, context, name="rules", graph=_shapes)


@bp.get("/fields")
def columns() -> Response:
    """The data dictionary: every column of every sheet, what it takes, and the rules that look at it."""
    known = Context.bundled()
    by_sheet = {sheet: [each for each in dictionary.columns() if each.field.sheet == sheet] for sheet in fields.SHEETS}

    def context() -> Mapping[str, Any]:
        return {"by_sheet": by_sheet, "label": known.label}

    answer = tables.of_columns(dictionary.columns(), known.label)
    return negotiation.respond("rules/fields.html", answer, context, name="fields", graph=_shapes)


def _levels() -> tuple[Choice, ...]:
    return tuple(Choice(level, words.capitalize()) for level, words in LEVELS.items())


def _sheets() -> tuple[Choice, ...]:
    return (*(Choice(sheet, sheet) for sheet in fields.SHEETS), _WHOLE)


def _fits(rule: Rule, levels: Collection[str], sheets: Collection[str]) -> bool:
    return (not levels or rule.level in levels) and (not sheets or not set(_on(rule)).isdisjoint(sheets))


def _on(rule: Rule) -> Iterable[str]:
    return rule.sheets or (_WHOLE.key,)


def _places(rules: Iterable[Rule]) -> Iterator[Mapping[str, str]]:
    """Each rule with its level and its sheets, as facets count them."""
    for rule in rules:
        yield {"thing": rule.name, "field": "level", "value": rule.level}
        yield from ({"thing": rule.name, "field": "sheet", "value": sheet} for sheet in _on(rule))


def _shapes(form: Form) -> str:
    """The shapes themselves, which are the rules for machines."""
    triples = (
        quad.triple
        for path in assets.files("shapes", "record/*.ttl")
        for quad in parse(path=path, format=RdfFormat.TURTLE, rename_blank_nodes=True)
    )
    written = serialize(triples, format=RdfFormat.from_media_type(form.media_type), prefixes=PREFIXES)
    return (written or b"").decode()
