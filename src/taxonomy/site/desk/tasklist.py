"""The task list: the home of the desk, shown again where publishing could not be done."""

from __future__ import annotations

from flask import Response

from taxonomy.publishing.confirmations import due
from taxonomy.publishing.ledger import State
from taxonomy.publishing.person import Role
from taxonomy.publishing.proposals import Proposals
from taxonomy.publishing.requests import Requests
from taxonomy.publishing.waivers import Waivers
from taxonomy.site import dress
from taxonomy.site.desk import acting, saying
from taxonomy.site.errors import Problem


def page(*, problem: Problem | None = None, chosen: frozenset[str] = frozenset(), note: str = "") -> Response:
    """What waits for whoever is here, of what is theirs to see; ``chosen`` and ``note`` are what they had filled in."""
    desk, person = acting.desk(), acting.me()
    lists = {state.value: desk.list(state, to=person) for state in (State.SUBMITTED, State.RETURNED, State.APPROVED)}
    latest = {each.owner: each.id for each in desk.list(to=person)}  # in the order they came
    returned = tuple(each for each in lists[State.RETURNED] if latest[each.owner] == each.id)
    today, steward = dress.today(), Role.STEWARD in person.roles
    data = lists | {State.RETURNED.value: returned, "due": due(desk, today, to=person)}
    if steward:
        data |= {"requests": Requests(desk.ledger).open(), "failing": Waivers(desk.ledger).list(today=today)}
        data["proposals"] = tuple(each for each in Proposals(desk.ledger).list(desk.context) if each.open)
    context = {"problem": problem, "chosen": chosen, "note": note, "steward": steward}
    response = saying.respond("desk/tasks.html", data, **context, today=today, kinds=saying.KINDS)
    if problem:
        response.status_code = problem.status
    return response
