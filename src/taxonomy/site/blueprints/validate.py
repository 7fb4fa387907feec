"""Checking a record: a file in, a report out, nothing kept."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.utils import secure_filename

from taxonomy import validation
from taxonomy.errors import InputError, TaxonomyError
from taxonomy.site import checking, errors, negotiation, reading
from taxonomy.validation import Report, report

bp = Blueprint("validate", __name__, url_prefix="/validate")

_SUFFIXES: Final = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "record.xlsx",
    "text/turtle": "record.ttl",
    "application/n-triples": "record.nt",
    "application/ld+json": "record.jsonld",
    "application/rdf+xml": "record.rdf",
}
_WRITTEN: Final = {negotiation.JSON: "json", negotiation.CSV: "csv", negotiation.TURTLE: "ttl"}


@bp.get("")
def form() -> str:
    """The form to choose a file."""
    return render_template("validate/index.html")


@bp.post("")
def check() -> Response:
    """The report on the file that was sent, as a page or in the form asked for."""
    wanted = negotiation.wanted(_WRITTEN)
    try:
        data, name = _file()
        context = validation.Context.from_kg(reading.pages())
        found = checking.checkers().check(data, name, context=context)
    except TaxonomyError as error:
        if wanted or not negotiation.prefers_page():
            raise
        problem = errors.of(error)
        response = make_response(render_template("validate/index.html", problem=problem))
        response.status_code = problem.status
        response.headers.extend(problem.headers)
        return response
    return _report(found, wanted)


def _file() -> tuple[bytes, str]:
    """What was sent, and a name for it that is safe to show.

    Raises:
        InputError: nothing was sent, or it is empty.
    """
    if request.mimetype == "multipart/form-data":
        sent = request.files.get("file")
        data, name = (sent.read(), secure_filename(sent.filename or "")) if sent else (b"", "")
        if not name:
            raise InputError("No file was chosen.", hint="Select a workbook or an RDF file.")
    else:
        data, name = request.get_data(), _SUFFIXES.get(request.mimetype, "record")
    if not data:
        raise InputError("The selected file is empty.")
    return data, name


def _report(found: Report, wanted: negotiation.Form | None) -> Response:
    written = _WRITTEN.get(wanted) if wanted else None
    if wanted is None or written is None:
        return make_response(render_template("validate/report.html", report=found, levels=validation.LEVELS))
    response = make_response(report.FORMATS[written](found))
    response.headers["Content-Type"] = f"{wanted.media_type}; charset=utf-8"
    return response
