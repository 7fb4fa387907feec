"""Proposals to the register: the list; one with the records that name it, and what a steward decides on it."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from taxonomy.context import Context
from taxonomy.errors import ConflictError, InputError, NotFoundError
from taxonomy.publishing.proposal import Kind, Proposal, Settled, Verdict
from taxonomy.publishing.proposals import Proposals
from taxonomy.questions.results import Answer, Row
from taxonomy.site import errors, negotiation
from taxonomy.site.desk import acting, deciding, forms, saying
from taxonomy.site.errors import Problem

bp = Blueprint("proposals", __name__, url_prefix="/steward/proposals")

_COLUMNS: Final = ("organisation", "name_as_written", "said_to_be", "records", "decided", "known_as", "why")
_IRIS: Final = frozenset({0, 5})
_VERDICTS: Final = {
    Verdict.MATCHED: "Matched to a known organisation",
    Verdict.ACCEPTED: "Accepted as one more organisation",
    Verdict.LEFT: "Left as it is written",
    Verdict.UNDONE: "Undone",
}
_KINDS: Final = {
    Kind.VOLUNTARY: "Voluntary organisation",
    Kind.STATUTORY: "Statutory organisation",
    Kind.PRIVATE: "Private organisation",
    Kind.NOT_KNOWN: "Not known, which is not the same as none of these",
}
_WORDS: Final = {"verdicts": _VERDICTS, "kinds": _KINDS}


@bp.get("")
def index() -> Response:
    """Every proposal, those to be decided on first."""
    context = acting.desk().context
    found = _proposals().list(context)
    if (form := negotiation.named()) and form is not negotiation.JSON:
        return saying.saved(_table(found, context), form, "proposals")
    return saying.respond(
        "desk/proposals.html", {"proposals": found}, forms=saying.FORMS, entry=context.label, **_WORDS
    )


@bp.get("/one")
def show() -> Response:
    """One proposal, which the address names: who names it, what it may be, and what was decided."""
    return _page(request.args.get("iri", ""))


@bp.post("/<any(match, accept, leave, undo):step>")
def decide(step: str) -> AnyResponse:
    """Match it, accept it, leave it, or undo what was decided; where that cannot be done, nothing typed is lost."""
    iri = request.form.get("iri", "")
    try:
        settled = _decided(step, iri)
    except (ConflictError, InputError, NotFoundError) as error:
        if not negotiation.prefers_page():
            raise
        problem = errors.of(error)
        return _page(iri, Problem(status=problem.status, title="", detail=problem.detail, hint=problem.hint), step)
    if negotiation.prefers_page():
        return redirect(url_for("proposals.show", iri=iri), code=303)
    return saying.respond("", {"settled": settled})


def _decided(step: str, iri: str) -> Settled:
    held, person, context = _proposals(), acting.me(), acting.desk().context
    why, seen = request.form.get("reason", ""), deciding.seen()
    match step:
        case "match":
            return held.match(iri, request.form.get("known", ""), person, why, context=context, seen=seen)
        case "accept":
            label = request.form.get("label", "")
            return held.accept(iri, _kind(), person, why, context=context, label=label, seen=seen)
        case "leave":
            return held.leave(iri, person, why, context=context, seen=seen)
        case _:
            return held.undo(iri, person, why, context=context, seen=seen)


def _kind() -> Kind:
    given = request.form.get("kind", "")
    if given not in set(Kind):
        raise InputError("Nothing says what kind of organisation it is.", hint="Choose one; not known is one of them.")
    return Kind(given)


def _proposals() -> Proposals:
    return Proposals(acting.desk().ledger)


def _page(iri: str, problem: Problem | None = None, step: str = "") -> Response:
    held, context = _proposals(), acting.desk().context
    found = held.one(iri, context)
    data = {"proposal": found, "history": held.history(found.iri)}
    return forms.shown(
        "desk/proposal.html", data, problem, step=step, typed=request.form, entry=context.label, **_WORDS
    )


def _table(found: tuple[Proposal, ...], context: Context) -> Answer:
    """Proposals as the list shows them."""
    labels: dict[str, str] = {each.iri: each.names[0] for each in found}
    labels |= {iri: context.label(iri) for each in found if each.settled and (iri := each.settled.known)}
    rows = []
    for each in found:
        decided = each.settled
        cells = (
            each.iri,
            "; ".join(each.names),
            "; ".join(each.parts),
            len({mention.owner for mention in each.mentions}),
            _VERDICTS[decided.verdict] if decided and not each.open else "To be decided",
            decided.known if decided else None,
            decided.why if decided else None,
        )
        rows.append(Row(_COLUMNS, cells, _IRIS, labels))
    return Answer(columns=_COLUMNS, rows=tuple(rows), text="", labels=labels)
