"""Named graphs: what stands in one place, be it a table's row or a curator's judgement.

``/graphs`` itself answers the SPARQL 1.1 Graph Store Protocol, to be read only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from taxonomy import namespaces
from taxonomy.errors import NotFoundError
from taxonomy.questions.results import Row
from taxonomy.site import addresses, answers, negotiation, protocol, reading, strangers, things
from taxonomy.site.negotiation import Form
from taxonomy.store.base import Request

bp = Blueprint("graphs", __name__, url_prefix="/graphs")

_SHOWN = 500  # facts on a page; every one is in the downloads


@bp.get("")
def protocol_graph() -> Response:
    """One graph by the protocol: the default graph, or the one that the request names, whole.

    Raises:
        QueryError: the request names no graph, or more than one.
        NotFoundError: this release has no graph of that name.
    """
    name = protocol.graph(request)
    if name is not None and name not in reading.pages().graphs:
        raise NotFoundError("graph", name)
    _, media_type = protocol.forms(request, request.args.getlist("format"))
    if media_type is None:
        return answers.not_acceptable("graph", protocol.GRAPHS.values())
    query = reading.pages().questions["page-statements"].text
    if response := answers.held(query, [media_type]):
        return response
    wanted = Request(query=query, default_graphs=(name,) if name else (), graphs=media_type)
    return answers.of(strangers.ask(wanted), media_type, query)


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
