"""The home of the desk: what waits for whoever is here."""

from __future__ import annotations

from flask import Blueprint, Response

from taxonomy.publishing.ledger import State
from taxonomy.site.desk import acting, saying

bp = Blueprint("tasks", __name__, url_prefix="/steward")


@bp.get("")
def index() -> Response:
    """What waits, what was returned, and what is approved and not yet public, of what is theirs to see."""
    desk, person = acting.desk(), acting.me()
    lists = {state.value: desk.list(state, to=person) for state in (State.SUBMITTED, State.RETURNED, State.APPROVED)}
    return saying.respond("desk/tasks.html", lists)
