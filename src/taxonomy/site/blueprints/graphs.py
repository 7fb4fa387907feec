"""Named graphs: what stands in one place, be it a table's row or a curator's judgement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from taxonomy import namespaces
from taxonomy.errors import NotFoundError
from taxonomy.questions.results import Row
from taxonomy.site import addresses, negotiation, reading, things
from taxonomy.site.negotiation import Form

bp = Blueprint("graphs", __name__, url_prefix="/graphs")

_SHOWN = 500  # facts on a page; every one is in the downloads


@bp.get("/<path:name>")
def show(name: str) -> Response:
    """The facts of one graph, and what is said of the graph itself."""
    kg = reading.pages()
    iri = namespaces.graph(name)
    answer = kg.ask("page-graph", place=iri) if addresses.is_slug(name) else None
    if answer is None or not answer.rows:
        raise NotFoundError("place", name)

    def context() -> Mapping[str, Any]:
        by_subject: dict[str, list[Row]] = defaultdict(list)
        for row in answer.rows[:_SHOWN]:
            by_subject[str(row["subject"])].append(row)
        itself = kg.ask("page-facts", thing=iri)
        return {"itself": things.read(kg, itself, iri) if itself.rows else None, "subjects": by_subject, "iri": iri}

    def graph(form: Form) -> str:
        return things.constructed(kg, kg.bind(kg.questions["page-graph-itself"], place=iri), form.media_type)

    return negotiation.respond("graphs/show.html", answer, context, name=name.replace("/", "-"), graph=graph)
