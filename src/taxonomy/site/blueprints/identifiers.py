"""The project's IRIs, when this site is what they resolve to: 303 to the page, or to the data that Accept asks for."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from taxonomy.errors import NotFoundError
from taxonomy.namespaces import BASE
from taxonomy.site import addresses, negotiation

bp = Blueprint("identifiers", __name__)


@bp.get("/id/<path:rest>")
@bp.get("/concept/<path:rest>")
@bp.get("/scheme/<path:rest>")
@bp.get("/graph/<path:rest>")
def see(rest: str) -> Response:
    """To where the thing with this IRI is shown."""
    page = addresses.page_of(BASE + request.path.lstrip("/"))
    if page is None:
        raise NotFoundError("thing", rest)
    path, mark, fragment = page.partition("#")
    form = negotiation.wanted()
    return redirect(path + (f".{form.suffix}" if form else mark + fragment), code=303)
