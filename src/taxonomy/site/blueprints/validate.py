"""Checking records: a file in, a report or the file with comments out, nothing kept; and the workbook to fill in."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from flask import Blueprint, Response, abort, current_app, make_response, render_template, request
from flask.blueprints import BlueprintSetupState
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.utils import secure_filename

from taxonomy import intake
from taxonomy.context import Context
from taxonomy.errors import InputError, TaxonomyError, UnknownKindError
from taxonomy.intake import sample, template
from taxonomy.settings import Settings
from taxonomy.site import checking, errors, matching, negotiation, reading
from taxonomy.site.negotiation import Form
from taxonomy.validation import Report, annotate, outline, report, report_page

bp = Blueprint("validate", __name__, url_prefix="/validate")

_NAMES: Final = {  # what to call a body that has a type and no name
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "record.xlsx",
    "application/vnd.oasis.opendocument.spreadsheet": "record.ods",
    "text/csv": "record.csv",
    "text/turtle": "record.ttl",
    "application/trig": "record.trig",
    "application/n-triples": "record.nt",
    "application/n-quads": "record.nq",
    "application/ld+json": "record.jsonld",
    "application/rdf+xml": "record.rdf",
    "application/json": "record.json",
}
_WRITTEN: Final[Mapping[Form, str]] = {
    negotiation.JSON: "json",
    negotiation.CSV: "csv",
    negotiation.TURTLE: "ttl",
    negotiation.XLSX: "xlsx",
}
_BY_NAME: Final[Mapping[str, Form | None]] = {"html": None} | {name: form for form, name in _WRITTEN.items()}
_BACK: Final = "file"  # the answer to "What do you want back?" that asks for one's own file
_MUST_BE: Final = "The selected file must be a workbook (XLSX or ODS), a CSV, or a file in RDF or JSON."
_MOST_LINKED: Final = 2 * 2**20  # bytes of a report that its page may carry along


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What came with a request."""

    data: bytes
    name: str
    kind: str | None
    before: tuple[bytes, str] | None
    mapping: Mapping[str, str]


@bp.get("")
def form() -> str:
    """The form to choose a file."""
    return _form()


@bp.post("")
def check() -> Response:
    """The report on the file that was sent, as a page or in the form asked for, or the file itself with comments."""
    wanted = _wanted()
    try:
        sent = _sent()
        if _typed().get("back") == _BACK or wanted is negotiation.XLSX:
            found, file = _checked_back(sent)
            return _file(found, file) if wanted is None or found.kind != "csv" else _data(found, negotiation.XLSX)
        found = _checked(sent)
    except (TaxonomyError, RequestEntityTooLarge) as error:
        problem = _problem(error)
        if wanted or not negotiation.prefers_page():
            return errors.respond(problem, page=wanted is None)
        response = make_response(_form(problem))
        response.status_code = problem.status
        response.headers.extend(problem.headers)
        return response
    return _data(found, wanted) if wanted else make_response(_page(found))


@bp.get("/template")
def empty() -> Response:
    """The workbook to fill in, with what this release knows in its drop-downs."""
    return _workbook(_template(reading.release().mark), "svssv-record.xlsx")


@bp.get("/sample")
def example() -> Response:
    """The same workbook, filled in by a made-up centre."""
    return _workbook(_sample(), "svssv-made-up-record.xlsx")


def _wanted() -> Form | None:
    """The form that is asked for by ``format``, by a suffix or by Accept; None is the page.

    Raises:
        InputError: ``format`` names none that we write.
    """
    asked = request.args.get("format")
    if asked is None:
        form = negotiation.wanted(_WRITTEN)
        return form if form in _WRITTEN else None
    if asked not in _BY_NAME:
        raise InputError(f"There is no report in the form {asked!r}.", hint=f"Use one of {', '.join(_BY_NAME)}.")
    return _BY_NAME[asked]


def _sent() -> Sent:
    """What was sent, each file with a name that is safe to show.

    Raises:
        InputError: nothing was sent, or it is empty.
        RequestEntityTooLarge: it is larger than this site reads.
    """
    settings: Settings = current_app.config["SETTINGS"]
    most = settings.bounds.bytes
    request.max_content_length = 2 * most + 2**20  # two files, and the words around them
    typed = _typed()
    kind = typed.get("as") or request.args.get("as") or None
    if kind is not None and kind not in intake.KINDS:
        raise InputError(f"There is no kind of file {kind!r}.", hint=f"Use one of {', '.join(intake.KINDS)}.")
    before = None
    if _is_form():
        data, name = _upload(request.files.get("file"))
        before = _upload(request.files.get("against"))
        if not name:
            raise InputError("Select a file to check.", hint="It may be a workbook, a CSV, Turtle or JSON file.")
    else:
        named = secure_filename(request.args.get("name", ""))
        data, name = request.get_data(), named or _NAMES.get(request.mimetype, "record")
    if not data:
        raise InputError("The selected file is empty.", hint="Choose another one.")
    if len(data) > most or (before and len(before[0]) > most):
        raise RequestEntityTooLarge
    told = dict(zip(typed.getlist("heading"), typed.getlist("field"), strict=False))
    return Sent(data=data, name=name, kind=kind, before=before if before and before[0] else None, mapping=told)


def _is_form() -> bool:
    return request.mimetype == "multipart/form-data"


def _typed() -> MultiDict[str, str]:
    """What was typed beside a file. A body of any other type is the file itself, also where a tool calls it a form."""
    return request.form if _is_form() else MultiDict()


def _upload(file: FileStorage | None) -> tuple[bytes, str]:
    return (file.read(), secure_filename(file.filename or "")) if file else (b"", "")


def _checked(sent: Sent) -> Report:
    known, held = Context.from_kg(reading.pages()), checking.checkers()
    return held.check(sent.data, sent.name, context=known, kind=sent.kind, mapping=sent.mapping, before=sent.before)


def _checked_back(sent: Sent) -> tuple[Report, bytes]:
    known, held = Context.from_kg(reading.pages()), checking.checkers()
    return held.give_back(sent.data, sent.name, context=known, kind=sent.kind, mapping=sent.mapping, before=sent.before)


def _problem(error: TaxonomyError | RequestEntityTooLarge) -> errors.Problem:
    if isinstance(error, UnknownKindError):
        found = errors.of(error)
        return replace(found, detail=f"{_MUST_BE} {found.detail}", hint="")
    if isinstance(error, TaxonomyError):
        return errors.of(error)
    settings: Settings = current_app.config["SETTINGS"]
    return errors.Problem(
        status=413,
        title="Too large",
        detail=f"The selected file must be smaller than {_megabytes(settings)}MB.",
        hint="Take pictures out of it, or split it. On your own machine svssv validate reads larger ones.",
    )


def _form(problem: errors.Problem | None = None) -> str:
    settings: Settings = current_app.config["SETTINGS"]
    return render_template(
        "validate/index.html",
        problem=problem,
        back=_typed().get("back", "page"),
        kinds=intake.KINDS,
        megabytes=_megabytes(settings),
        records=settings.bounds.records,
    )


def _megabytes(settings: Settings) -> str:
    return f"{settings.bounds.bytes / 2**20:g}"


def _page(found: Report) -> str:
    return render_template(
        "validate/report.html",
        said=outline.of(found),
        first=outline.FIRST,
        files=_links(found),
        asked=matching.questions(found.matches),
        megabytes=_megabytes(current_app.config["SETTINGS"]),
    )


def _links(found: Report) -> list[tuple[str, str, str]]:
    """The report in other forms, carried by the page itself, since nothing is kept to be fetched later."""
    stem = _stem(found)
    forms = (
        ("one file to keep or print (HTML)", "html", "text/html"),
        ("a table (CSV)", "csv", "text/csv"),
        ("to compare with the next check (JSON)", "json", "application/json"),
    )
    written = [
        (words, report.FORMATS[name](found), media_type, f"{stem}-report.{name}") for words, name, media_type in forms
    ]
    return [
        (words, report_page.as_link(content, media_type), name)
        for words, content, media_type, name in written
        if len(content) < _MOST_LINKED
    ]


def _data(found: Report, wanted: Form) -> Response:
    response = make_response(report.FORMATS[_WRITTEN[wanted]](found))
    text = "" if wanted is negotiation.XLSX else "; charset=utf-8"
    response.headers["Content-Type"] = wanted.media_type + text
    response.headers["Content-Disposition"] = f'inline; filename="{_stem(found)}-report.{wanted.suffix}"'
    return response


def _file(found: Report, file: bytes) -> Response:
    """The sender's own file with what was found."""
    made = negotiation.CSV if annotate.suffix_of(found) == annotate.CSV else negotiation.XLSX
    response = make_response(file)
    response.headers["Content-Type"] = made.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{_stem(found)}-checked.{made.suffix}"'
    return response


def _stem(found: Report) -> str:
    return secure_filename(found.file.rpartition(".")[0]) or "record"


def _workbook(content: bytes, name: str) -> Response:
    if negotiation.named() is not negotiation.XLSX:
        abort(404)
    response = make_response(content)
    response.headers["Content-Type"] = negotiation.XLSX.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.record_once
def _forget(state: BlueprintSetupState) -> None:
    reading.forget_with(state.app, _template.cache_clear)


@lru_cache(maxsize=2)
def _template(_release: str) -> bytes:
    out = io.BytesIO()
    template.write(out, context=Context.from_kg(reading.pages()))
    return out.getvalue()


@lru_cache(maxsize=1)
def _sample() -> bytes:
    return sample.workbook()
