"""A contributor's records: where each stands, a file to upload and what was found in it, and handing it in."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from taxonomy.errors import InputError, NotFoundError, TaxonomyError
from taxonomy.naming import slug
from taxonomy.publishing import standing
from taxonomy.publishing.desk import holds_restricted
from taxonomy.publishing.standing import Standing
from taxonomy.site import checking, dress, negotiation
from taxonomy.site.desk import acting, begun, saying, uploads
from taxonomy.site.errors import Problem
from taxonomy.validation import annotate, outline
from taxonomy.validation.rows import Rows
from taxonomy.values import Iri

bp = Blueprint("records", __name__, url_prefix="/steward/records")
bp.add_app_template_filter(slug, "slugged")


_KEPT: Final = "It is kept as your draft, and nothing was published."


@bp.get("")
def index() -> Response:
    """The records that whoever is here looks after, and what is to be done with each."""
    drafts = begun.all_begun()
    found = tuple(_standing(Iri(each), draft=each in drafts) for each in sorted(acting.me().organisations))
    return saying.respond("desk/records/index.html", {"records": found}, name_of=begun.name)


@bp.get("/<organisation>")
def show(organisation: str) -> Response:
    """One record: where it stands, what to do next, and its history with the steward's words."""
    owner, ledger = begun.owner(organisation), acting.desk().ledger
    found = _standing(owner, draft=owner in begun.all_begun())
    histories = {each.id: ledger.history(each.id) for each in found.versions}
    more = {"draft": begun.find(owner), "blank": uploads.public("/validate/template.xlsx")}
    page = uploads.public(f"/organisations/{owner.slug}") if found.public else ""
    data = {"record": found, "history": histories}
    return saying.respond("desk/records/show.html", data, **begun.about(owner), **more, page=page)


@bp.get("/<organisation>/upload")
def choose(organisation: str) -> str:
    """The form to choose a file."""
    return _choose(begun.owner(organisation))


@bp.post("/<organisation>/upload")
def upload(organisation: str) -> AnyResponse:
    """Check a file; it becomes the draft, whether it conforms or not, so that it can be mended."""
    owner = begun.owner(organisation)
    try:
        data, name = uploads.sent()
        report = checking.checkers().check(data, name, context=begun.context())
        uploads.insist_on(owner, begun.name(owner), report)
        if holds_restricted(report):
            return _hand_in_at_once(organisation, data, name)
    except (TaxonomyError, RequestEntityTooLarge) as error:
        problem = uploads.problem(error)
        response = make_response(_choose(owner, problem))
        response.status_code = problem.status
        response.headers.extend(problem.headers)
        return response
    begun.keep_file(owner, data, name, report)
    return redirect(url_for("records.check", organisation=organisation), code=303)


@bp.get("/<organisation>/check")
def check(organisation: str) -> AnyResponse:
    """What is to be mended in the draft; when nothing is, what will be handed in, and the button to do it."""
    owner = begun.owner(organisation)
    draft = begun.find(owner)
    if draft is None:
        return _to(organisation)
    page = render_template(
        "desk/records/check.html",
        **begun.about(owner),
        draft=draft,
        said=outline.of(draft.report, kept=_KEPT, at_desk=True) if draft.report else None,
        first=outline.FIRST,
        rows=Rows(draft.form, draft.report) if draft.form else None,
    )
    return make_response(page)


@bp.get("/<organisation>/file")
def file(organisation: str) -> AnyResponse:
    """The draft as a file with comments at the cells, or as a list of findings where it is no table."""
    draft = begun.find(begun.owner(organisation))
    if draft is None:
        return _to(organisation)
    data, name = draft.file
    report, marked = checking.checkers().give_back(data, name, context=begun.context())
    is_csv = annotate.suffix_of(report) == annotate.CSV
    return uploads.download(marked, f"{uploads.stem(name)}-checked", negotiation.CSV if is_csv else negotiation.XLSX)


@bp.get("/<organisation>/workbook")
def workbook(organisation: str) -> AnyResponse:
    """The form as a workbook, to go on with on one's own machine."""
    owner = begun.owner(organisation)
    draft = begun.find(owner)
    if draft is None or draft.form is None:
        return _to(organisation)
    return uploads.download(draft.file[0], f"{owner.slug}-record", negotiation.XLSX)


@bp.post("/<organisation>/submit")
def submit(organisation: str) -> AnyResponse:
    """Hand the draft in, as it was seen. It is checked once more; what no longer conforms stays a draft."""
    owner = begun.owner(organisation)
    draft = begun.find(owner)
    if draft is None:  # handed in already, by a second click or in another window
        return _to(organisation)
    again = redirect(url_for("records.check", organisation=organisation), code=303)
    if request.form.get("version", "") != str(draft.draft.version):
        return again
    data, name = draft.file
    report, record = checking.checkers().take(data, name, context=begun.context())
    if record is None:
        return again
    uploads.insist_on(owner, begun.name(owner), report)
    kept = acting.desk().keep(data, name, report, record, by=acting.me())
    begun.drop(owner)
    return redirect(url_for("records.sent", organisation=organisation, number=kept.id), code=303)


@bp.get("/<organisation>/sent/<int:number>")
def sent(organisation: str, number: int) -> str:
    """That it was handed in, its number, and what happens next."""
    owner, submission = begun.owner(organisation), acting.desk().show(number, to=acting.me())
    if submission.owner != owner:
        raise NotFoundError("submission", str(number))
    return render_template("desk/records/sent.html", **begun.about(owner), submission=submission)


@bp.get("/<organisation>/discard")
def ask_to_discard(organisation: str) -> AnyResponse:
    """Ask once more before a draft is destroyed."""
    owner = begun.owner(organisation)
    draft = begun.find(owner)
    if draft is None:
        return _to(organisation)
    return make_response(render_template("desk/records/discard.html", **begun.about(owner), draft=draft))


@bp.post("/<organisation>/discard")
def discard(organisation: str) -> AnyResponse:
    """Destroy the draft."""
    begun.drop(begun.owner(organisation))
    return _to(organisation)


def _hand_in_at_once(organisation: str, data: bytes, name: str) -> AnyResponse:
    """A file with something for the steward alone never waits as a draft: it is sealed and handed in, or not kept.

    Raises:
        InputError: something in it is to be mended first.
    """
    report, record = checking.checkers().take(data, name, context=begun.context())
    if record is None:
        raise InputError(
            "The selected file holds something for the steward alone, so it does not wait here until it is mended. "
            "Nothing was kept.",
            hint="Check it on the public site, where that sheet is not read. Mend it, and choose it again.",
        )
    kept = acting.desk().keep(data, name, report, record, by=acting.me())
    return redirect(url_for("records.sent", organisation=organisation, number=kept.id), code=303)


def _standing(owner: Iri, *, draft: bool) -> Standing:
    return standing.of(owner, acting.desk().ledger, draft=draft, today=dress.today())


def _choose(owner: Iri, problem: Problem | None = None) -> str:
    return render_template(
        "desk/records/upload.html",
        **begun.about(owner),
        problem=problem,
        replaces=owner in begun.all_begun(),
        blank=uploads.public("/validate/template.xlsx"),
        megabytes=uploads.megabytes(),
    )


def _to(organisation: str) -> AnyResponse:
    return redirect(url_for("records.show", organisation=organisation), code=303)
