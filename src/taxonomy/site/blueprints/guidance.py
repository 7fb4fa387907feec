"""Pages that say how to use the site, and safely; and what machines ask for by a fixed name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, current_app, make_response, render_template

from taxonomy import checks

bp = Blueprint("guidance", __name__)


@bp.get("/safety")
def safety() -> str:
    """Where to find support, and how to leave no trace of a visit."""
    return render_template("guidance/safety.html")


@bp.get("/safety/how-we-check")
def how_we_check() -> str:
    """Each promise about a visit, how it is tried, and what the last run found."""
    return render_template("guidance/how-we-check.html", run=checks.load().run)


@bp.get("/accessibility")
def accessibility() -> str:
    """What was done so that everybody can use the site, what was tried, and what is not yet right."""
    return render_template("guidance/accessibility.html", checks=checks.load())


@bp.get("/privacy")
def privacy() -> str:
    """What is kept about a visit: nothing."""
    return render_template("guidance/privacy.html")


@bp.get("/guide")
def guide() -> str:
    """How to read the pages, ask questions and take the data away."""
    return render_template("guidance/guide.html")


@bp.get("/favicon.svg")
def favicon() -> Response:
    """The mark of the site, for a browser's tab."""
    response = make_response(render_template("frame/mark.svg"))
    response.headers["Content-Type"] = "image/svg+xml"
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@bp.get("/robots.txt")
def robots() -> Response:
    """Everything but the query and checking forms may be indexed; a practice site not at all."""
    return _text("guidance/robots.txt")


@bp.get("/.well-known/security.txt")
def security() -> Response:
    """Where to report a weakness."""
    expires = datetime.now(UTC).replace(microsecond=0) + timedelta(days=180)
    return _text("guidance/security.txt", url=current_app.config["SETTINGS"].public_url, expires=expires)


def _text(template: str, **context: object) -> Response:
    response = make_response(render_template(template, **context))
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    return response
