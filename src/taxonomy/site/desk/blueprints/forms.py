"""A record in a form: its sections, the rows of each, one row for each page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from taxonomy import fields
from taxonomy.errors import InputError, NotFoundError
from taxonomy.intake import controls
from taxonomy.intake.form import ORGANISATION, Form, Row
from taxonomy.naming import slug
from taxonomy.publishing.ledger import State
from taxonomy.publishing.person import Role
from taxonomy.site import checking
from taxonomy.site.desk import acting, begun
from taxonomy.site.desk.begun import Begun
from taxonomy.site.desk.forms import number
from taxonomy.validation.rows import Rows
from taxonomy.values import Iri

bp = Blueprint("forms", __name__, url_prefix="/steward/records/<organisation>/form")

LOOKED_FOR: Final = "Looked for"  # a sheet for those who commission
SECTIONS: Final[Mapping[str, str]] = {slug(sheet): sheet for sheet in fields.SHEETS}


@bp.post("/begin")
def begin(organisation: str) -> AnyResponse:
    """Begin a form: from the file that was uploaded, from a version that was handed in, or from nothing."""
    owner, origin = begun.owner(organisation), request.form.get("from", "")
    if origin == "file":
        draft = begun.find(owner)
        if draft is None or draft.form:
            return redirect(url_for("forms.show", organisation=organisation), code=303)
        data, name = draft.file
        form = checking.checkers().fill_in(data, name, context=begun.context())[1].of_owner(owner)
    elif (version := number(origin)) is not None:
        content = acting.desk().ledger.content(_version(owner, version))
        form = checking.checkers().fill_in(content, "record.nt", context=begun.context())[1]
    else:
        form = Form.begun(owner, begun.name(owner))
    begun.keep_form(owner, form)
    return redirect(url_for("forms.show", organisation=organisation), code=303)


@bp.get("")
def show(organisation: str) -> AnyResponse:
    """The sections of the form, and what each still needs."""
    owner = begun.owner(organisation)
    draft = begun.find(owner)
    if draft is None or draft.form is None:
        return redirect(url_for("records.show", organisation=organisation), code=303)
    rows, hidden = Rows(draft.form, draft.report), set() if _commissions() else {LOOKED_FOR}
    shown = {name: sheet for name, sheet in SECTIONS.items() if sheet not in hidden or draft.form.of(sheet)}
    page = render_template(
        "desk/records/form.html", **begun.about(owner), draft=draft, form=draft.form, rows=rows, sections=shown
    )
    return make_response(page)


@bp.get("/<section>")
def section(organisation: str, section: str) -> AnyResponse:
    """The rows of one section, each with what it still needs."""
    owner, sheet = begun.owner(organisation), _sheet(section)
    _, form, rows = _open(owner)
    if sheet == ORGANISATION:
        [first] = form.of(ORGANISATION)[:1]
        return redirect(url_for("forms.row", organisation=organisation, section=section, row=first.id), code=303)
    place = {"section": section, "sheet": sheet}
    page = render_template("desk/records/section.html", **begun.about(owner), **place, form=form, rows=rows)
    return make_response(page)


@bp.get("/<section>/new")
def new(organisation: str, section: str) -> AnyResponse:
    """An empty row."""
    owner, sheet = begun.owner(organisation), _several(section)
    return _page(owner, sheet, _open(owner)[1], None, {})


@bp.post("/<section>/new")
def add(organisation: str, section: str) -> AnyResponse:
    """Add a row, whatever is wrong with it."""
    return _keep(begun.owner(organisation), _several(section), None)


@bp.get("/<section>/<int:row>")
def row(organisation: str, section: str, row: int) -> AnyResponse:
    """One row, with what is wrong at each field."""
    owner, sheet = begun.owner(organisation), _sheet(section)
    _, form, rows = _open(owner)
    found = form.row(sheet, row)
    return _page(owner, sheet, form, found, found.cells, rows)


@bp.post("/<section>/<int:row>")
def change(organisation: str, section: str, row: int) -> AnyResponse:
    """Keep a row as it was typed, whatever is wrong with it."""
    return _keep(begun.owner(organisation), _sheet(section), row)


@bp.get("/<section>/<int:row>/remove")
def ask_to_remove(organisation: str, section: str, row: int) -> AnyResponse:
    """Ask once more before a row is taken out."""
    owner, sheet = begun.owner(organisation), _several(section)
    found = _open(owner)[1].row(sheet, row)
    place = {"section": section, "sheet": sheet}
    return make_response(render_template("desk/records/remove.html", **begun.about(owner), **place, row=found))


@bp.post("/<section>/<int:row>/remove")
def remove(organisation: str, section: str, row: int) -> AnyResponse:
    """Take a row out of the form; one that is gone already stays gone."""
    owner, sheet = begun.owner(organisation), _several(section)
    begun.change(owner, lambda form: form.without(sheet, row))
    return redirect(url_for("forms.section", organisation=organisation, section=section), code=303)


def _keep(owner: Iri, sheet: str, number: int | None) -> AnyResponse:
    """Keep what was sent, and go on: to the list, or back to the row where something keeps the record back.

    A row that was changed in another window meanwhile is shown again, with what was typed and what stands there now.
    """
    _, form, _ = _open(owner)
    sent = controls.cells(sheet, request.form.to_dict(flat=False))
    before = next((each for each in form.of(sheet) if each.id == number), None)
    if before and request.form.get("was", "") != before.mark and dict(before.cells) != sent:
        return _page(owner, sheet, form, before, sent, other=before.cells)
    kept = number or 0

    def changed(form: Form) -> Form:
        nonlocal kept
        after, kept = form.with_row(sheet, sent, number)
        return after

    try:
        draft = begun.change(owner, changed)
    except InputError as error:
        return _page(owner, sheet, form, before, sent, problem=f"{error.detail} {error.hint}".strip())
    place: dict[str, Any] = {"organisation": owner.slug, "section": slug(sheet)}
    if draft.form and Rows(draft.form, draft.report).to_mend(sheet, kept):
        return redirect(url_for("forms.row", **place, row=kept), code=303)
    if sheet == ORGANISATION:
        return redirect(url_for("forms.show", organisation=owner.slug), code=303)
    onward = "forms.new" if request.form.get("then") == "another" else "forms.section"
    return redirect(url_for(onward, **place), code=303)


def _page(
    owner: Iri,
    sheet: str,
    form: Form,
    found: Row | None,
    cells: Mapping[str, str],
    rows: Rows | None = None,
    *,
    other: Mapping[str, str] | None = None,
    problem: str = "",
) -> AnyResponse:
    """The page of one row; ``other`` is what stands there now, where another window changed it meanwhile.

    ``problem`` is why what was sent could not be kept.
    """
    page = render_template(
        "desk/records/row.html",
        **begun.about(owner),
        section=slug(sheet),
        sheet=sheet,
        row=found,
        controls=controls.of(sheet, cells, form, begun.context()),
        placed=rows.at(sheet, found.id) if rows and found else (),
        other=other,
        problem=problem,
        only=sheet == ORGANISATION,
    )
    response = make_response(page)
    response.status_code = 409 if other is not None else 400 if problem else 200
    return response


def _commissions() -> bool:
    """Whether whoever is here may say what was looked for in an area."""
    return not acting.me().roles.isdisjoint({Role.COMMISSIONER, Role.STEWARD})


def _open(owner: Iri) -> tuple[Begun, Form, Rows]:
    draft = begun.find(owner)
    if draft is None or draft.form is None:
        raise NotFoundError("draft", owner.slug)
    return draft, draft.form, Rows(draft.form, draft.report)


def _sheet(section: str) -> str:
    if section not in SECTIONS:
        raise NotFoundError("section", section)
    return SECTIONS[section]


def _several(section: str) -> str:
    """The sheet of a section that may have several rows.

    Raises:
        InputError: it is about the one organisation whose record this is.
    """
    sheet = _sheet(section)
    if sheet == ORGANISATION:
        raise InputError("A record is about one organisation.", hint="Change what it says of it.")
    return sheet


def _version(owner: Iri, number: int) -> int:
    """The number of a version of this organisation's record that is kept.

    Raises:
        NotFoundError: it has none of this number.
    """
    found = acting.desk().show(number, to=acting.me())
    if found.owner != owner or found.state is State.ERASED:
        raise NotFoundError("submission", str(number))
    return number
