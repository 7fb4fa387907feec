"""Things whose kind has no list of its own: funds, budgets, exercises, groups, statistics and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from taxonomy import sources
from taxonomy.site import negotiation, pages, printed, reading
from taxonomy.site import things as records

bp = Blueprint("things", __name__, url_prefix="/things")


@bp.get("/table/<slug>")
def table(slug: str) -> Response:
    """A table of a document, by row and column as printed."""
    kg = reading.pages()
    iri = records.look_up(kg, "table", slug)
    answer = kg.ask("page-table", table=iri)

    def context() -> Mapping[str, Any]:
        thing = records.read(kg, records.facts(kg, iri), iri)
        own = [place.iri for value in thing.values("rdf:type") for place in value.places]
        order = [place for report in sources.load() for section in report.sections for place in section.places]
        rows = [place for place in order for head in own if place.startswith(f"{head}-row-")]
        labels = kg.labels(rows)
        return {
            "thing": thing,
            "mentions": records.mentions(kg.ask("page-mentions", thing=iri)),
            "grid": printed.grid(answer, order),
            "rows": [(place, labels[place]) for place in rows if place in labels],
        }

    members = (str(row["cell"]) for row in answer)
    return negotiation.respond("things/table.html", answer, context, name=slug, about=[iri, *members])


@bp.get("/<kind>/<slug>")
def show(kind: str, slug: str) -> Response:
    """One thing: what is said of it, and where each fact stands."""
    iri = records.look_up(reading.pages(), kind, slug)
    return pages.show(iri, "things/show.html", name=slug)
