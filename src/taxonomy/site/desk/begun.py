"""The draft of whoever is here, for one organisation: found, checked and kept between pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from taxonomy.context import Context
from taxonomy.errors import ConflictError, InputError, LimitError, NotFoundError
from taxonomy.intake.form import Form
from taxonomy.naming import base
from taxonomy.publishing.drafts import Draft, Drafts
from taxonomy.publishing.standing import name_of
from taxonomy.site import checking
from taxonomy.site.desk import acting
from taxonomy.validation import Report, wire
from taxonomy.values import Iri

FORM_FILE: Final = "record.xlsx"  # what a form is called when it is handed on as a workbook

_TRIES: Final = 3  # to change a draft that another window is changing


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A draft, with what is in it."""

    draft: Draft
    form: Form | None  # None: it is a file, as it came
    report: Report | None  # None: it could not be checked
    problem: str = ""  # why it could not, where that is not because of others

    @property
    def file(self) -> tuple[bytes, str]:
        """What would be handed in, and what it is called."""
        if self.form is None:
            return self.draft.file, self.draft.file_name
        return self.form.workbook(context()), FORM_FILE


def context() -> Context:
    """What records are checked against."""
    return acting.desk().context


def owner(organisation: str) -> Iri:
    """The organisation of a short name that whoever is here speaks for.

    Raises:
        NotFoundError: they speak for none of this name.
    """
    for each in sorted(acting.me().organisations):
        if Iri(each).slug == organisation:
            return Iri(each)
    raise NotFoundError("record", organisation)


def name(of: str) -> str:
    """What an organisation is called: in its newest version, else in the release, else its short name as words."""
    ledger = acting.desk().ledger
    called = name_of(of, ledger, reversed(ledger.submissions(owner=of))) or context().label(Iri(of))
    return called[:1].upper() + called[1:]


def about(of: Iri) -> dict[str, object]:
    """What every page about one record is told."""
    fits = of.startswith(base(practice=acting.office().home.practice))  # made-up records in practice homes alone
    return {"organisation": of.slug, "name": name(of), "fits": fits}


def find(of: Iri) -> Begun | None:
    """The draft for an organisation, where there is one; checked, where it can be checked just now."""
    draft = _drafts().find(acting.me().id, of)
    if draft is None:
        return None
    begun = _opened(draft)
    return begun if begun.report else _checked(begun)


def keep_file(of: Iri, data: bytes, called: str, report: Report) -> None:
    """A file becomes the draft, in place of the one before."""
    said = wire.report_out(report)
    _drafts().put(acting.me().id, replace(_empty(of), file=data, file_name=called, report=said))


def keep_form(of: Iri, form: Form) -> None:
    """A form becomes the draft, in place of the one before; its file, where there is one, is let go."""
    _checked(_opened(_drafts().put(acting.me().id, replace(_empty(of), form=form.to_json()))))


def change(of: Iri, how: Callable[[Form], Form]) -> Begun:
    """Change the form of the draft, and check it again. It is kept first, so that nothing typed is lost.

    Raises:
        NotFoundError: there is no form.
        ConflictError: other windows went on changing it.
    """
    for left in reversed(range(_TRIES)):
        draft = _drafts().find(acting.me().id, of)
        if draft is None or not draft.form:
            raise NotFoundError("draft", of.slug)
        form = how(Form.from_json(draft.form))
        try:
            kept = _drafts().put(acting.me().id, replace(draft, form=form.to_json(), report=b""))
        except ConflictError:
            if not left:
                raise
        else:
            return _checked(_opened(kept))
    raise AssertionError


def drop(of: Iri) -> None:
    """Destroy the draft."""
    _drafts().drop(acting.me().id, of)


def all_begun() -> dict[str, datetime]:
    """The organisations that whoever is here has begun a draft for, each with when it was last changed."""
    return _drafts().of(acting.me().id)


def _checked(begun: Begun) -> Begun:
    """The draft with its report; without one where every checker is busy, or it is too much for them."""
    data, called = (begun.form.bare(), FORM_FILE) if begun.form else begun.file
    try:
        report = checking.checkers().check(data, called, context=context())
    except LimitError as error:
        return begun if error.limit == "busy" else replace(begun, problem=error.detail)
    except InputError as error:  # larger than a record may be
        return replace(begun, problem=f"{error.detail} {error.hint}".strip())
    try:
        kept = _drafts().put(acting.me().id, replace(begun.draft, report=wire.report_out(report)))
    except ConflictError:  # it was changed meanwhile, and is checked again there
        return replace(begun, report=report)
    return replace(begun, draft=kept, report=report)


def _opened(draft: Draft) -> Begun:
    return Begun(
        draft=draft,
        form=Form.from_json(draft.form) if draft.form else None,
        report=wire.report_in(draft.report) if draft.report else None,
    )


def _empty(of: Iri) -> Draft:
    """An empty draft, to be filled and put in the place of the one before."""
    before = _drafts().find(acting.me().id, of)
    return Draft(owner=of, changed=datetime.now(UTC), version=before.version if before else 0)


def _drafts() -> Drafts:
    return Drafts(acting.desk().ledger)
