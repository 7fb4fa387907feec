"""The taxonomy: its schemes, the concepts of one, and one concept with what is recorded with it."""

from __future__ import annotations

from flask import Blueprint, Response

from taxonomy import namespaces
from taxonomy.errors import NotFoundError
from taxonomy.site import addresses, negotiation, pages, reading

bp = Blueprint("taxonomy", __name__, url_prefix="/taxonomy")


@bp.get("")
def index() -> Response:
    """Every scheme."""
    return negotiation.respond("taxonomy/index.html", reading.pages().ask("page-schemes"), name="taxonomy")


@bp.get("/<scheme>")
def scheme(scheme: str) -> Response:
    """One scheme: its concepts with their definitions."""
    iri = namespaces.SCHEME + scheme
    answer = reading.pages().ask("page-concepts", scheme=iri) if addresses.is_slug(scheme) else None
    if answer is None or not answer.rows:
        raise NotFoundError("scheme", scheme)
    return negotiation.respond(
        "taxonomy/scheme.html", answer, lambda: {"iri": iri, "label": reading.pages().label(iri)}, name=scheme
    )


@bp.get("/<scheme>/<slug>")
def concept(scheme: str, slug: str) -> Response:
    """One concept: what it means, what is broader and narrower, and what is recorded with it."""
    key = f"{scheme}/{slug}"
    if not addresses.is_slug(key):
        raise NotFoundError("concept", key)
    iri = reading.pages().thing(key, base=namespaces.CONCEPT)
    return pages.show(iri, "taxonomy/concept.html", name=slug)
