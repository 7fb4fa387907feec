"""Areas: the list with its search, the police force areas as tiles, and one area's overview and services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, request

from taxonomy.analysis import recorded
from taxonomy.analysis.recorded import Recorded
from taxonomy.errors import QueryError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.pictures import tiles
from taxonomy.questions.results import Answer
from taxonomy.site import filters, local, negotiation, reading, tables, things
from taxonomy.site.filters import Choice

bp = Blueprint("areas", __name__, url_prefix="/areas")

_LONGEST_SEARCH: Final = 100  # characters
_COUNTED: Final = (  # what tiles can show: as the address says it, as a person does, and the page of an area about it
    (Choice("services", "services"), "/services"),
    (Choice("agreements", "agreements"), "/funding"),
    (Choice("ways", "stated ways to help"), "/pathways"),
)


@bp.get("")
def index() -> Response:
    """Every area with how many services are recorded for it, or those that the address seeks by name, code or kind."""
    kg = reading.pages()
    sought = request.args.get("q", "").strip()[:_LONGEST_SEARCH]
    matches = kg.areas(sought) if sought else ()
    kind = filters.asked(kg, "page-areas").get("of_kind", "")
    answer = kg.ask("page-areas", area=[match.place.name.iri for match in matches], of_kind=kind)
    if sought:
        answer = tables.of_found(matches, answer)

    def context() -> Mapping[str, Any]:
        kinds = next(param.choices for param in kg.questions["page-areas"].params if param.name == "of_kind")
        found: dict[str, Any] = {"sought": sought, "matches": matches, "kind": kind, "kinds": kinds}
        if sought or kind:
            return found
        counted, tail = _COUNTED[0]
        return {**found, **_drawn(recorded.of(_counts(kg, counted), label=kg.label), counted, tail)}

    return negotiation.respond("areas/index.html", answer, context, name="areas")


@bp.get("/police-force-areas")
def at_a_glance() -> Response:
    """The police force areas as tiles and as a table: for how much of the country something is recorded."""
    kg = reading.pages()
    wanted = request.args.get("of", "").strip() or _COUNTED[0][0].key
    counted, tail = next(((each, tail) for each, tail in _COUNTED if each.key == wanted), (None, ""))
    if counted is None:
        raise QueryError(
            f"Tiles cannot show {wanted[:40]!r}.", hint=f"They show {', '.join(each.key for each, _ in _COUNTED)}."
        )
    source = _counts(kg, counted)
    areas = recorded.of(source, label=kg.label)
    return negotiation.respond(
        "areas/tiles.html",
        tables.of_recorded(areas, source),
        lambda: {
            "counted": counted,
            "tail": tail,
            "choices": [each for each, _ in _COUNTED],
            **_drawn(areas, counted, tail),
        },
        name=f"police-force-areas-{counted.key}",
    )


@bp.get("/<area>")
def show(area: str) -> Response:
    """One area: what is recorded of it, and the ways to its map."""
    here = local.opened(area)
    answer = things.facts(here.kg, here.iri)

    def context() -> Mapping[str, Any]:
        return {
            **here.heading,
            "thing": things.read(here.kg, answer, here.iri),
            "mentions": things.mentions(here.kg.ask("page-mentions", thing=here.iri)),
            "around": here.kg.ask("page-area-around", area=here.iri),
            "bodies": here.kg.ask("page-area-bodies", area=here.iri),
            "counts": here.kg.ask("page-areas", area=here.iri).rows[0],
            "pathway": here.kg.pathway(here.iri),
            "funding": here.kg.funding(here.iri),
            "coverage": here.kg.coverage(here.iri),
        }

    return negotiation.respond("areas/show.html", answer, context, name=area, about=[here.iri])


@bp.get("/<area>/services")
def services(area: str) -> Response:
    """The services of an area: who provides them, of what kinds, and for whom; with a day, those that may run then."""
    here, day = local.opened(area, "/services"), local.day()
    answer = here.kg.ask("services-in-area", area=here.iri, as_at=day.isoformat() if day else None)
    return negotiation.respond(
        "areas/services.html", answer, lambda: {**here.heading, "day": day}, name=f"{area}-services"
    )


def _counts(kg: KnowledgeGraph, counted: Choice) -> Answer:
    return kg.ask("areas-recorded", of=counted.key)


def _drawn(areas: tuple[Recorded, ...], counted: Choice, tail: str) -> Mapping[str, str]:
    return local.picture(lambda: tiles.draw(areas, counted.label, lambda iri: f"{local.address(iri)}{tail}"))
