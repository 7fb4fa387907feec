"""What is for the steward alone: who has read it, and, when a steward asks for it by a form, what it says."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from taxonomy.errors import InputError, NotAllowedError
from taxonomy.publishing import restricted as sealed
from taxonomy.publishing.restricted import Fact, Restricted
from taxonomy.site.desk import acting, saying

bp = Blueprint("restricted", __name__, url_prefix="/steward/restricted")


@bp.get("/<int:number>")
def index(number: int) -> Response:
    """How much is sealed of a submission, who has read it, and the way to read it."""
    return _page(number)


@bp.post("/<int:number>")
def read(number: int) -> Response:
    """What it says. That it was read is written down first."""
    return _page(number, _held().facts(number, acting.me()))


@bp.post("/<int:number>/file")
def file(number: int) -> Response:
    """The file as it came. That it was read is written down first."""
    response = make_response(_held().file(number, acting.me()))
    response.headers["Content-Type"] = "application/octet-stream"
    response.headers["Content-Disposition"] = f'attachment; filename="submission-{number}.bin"'
    return response


def _page(number: int, facts: tuple[Fact, ...] | None = None) -> Response:
    desk = acting.desk()
    held = {"submission": desk.show(number, to=acting.me()), "openings": sealed.openings(desk.ledger, number)}
    if facts is None:
        return saying.respond("desk/restricted.html", held, facts=None, problem=_problem())
    return make_response(render_template("desk/restricted.html", **held, facts=facts, problem=""))


def _held() -> Restricted:
    return Restricted(acting.desk().ledger, sealed.key())


def _problem() -> str:
    """Why nothing can be read here; empty where it can."""
    try:
        sealed.key()
    except (InputError, NotAllowedError):
        return "This desk was not given the private key, or others may read it. Whoever runs the desk can mend that."
    return ""
