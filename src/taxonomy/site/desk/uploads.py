"""A file that a contributor sends or gets: its name is text to show, and never a path."""

from __future__ import annotations

from typing import Final

from flask import Response, current_app, make_response, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.utils import secure_filename

from taxonomy.errors import InputError, TaxonomyError, UnknownKindError
from taxonomy.settings import Settings
from taxonomy.site import errors
from taxonomy.site.errors import Problem
from taxonomy.site.negotiation import Form
from taxonomy.validation import Report

LONGEST_NAME: Final = 100  # characters of the name of a file that are kept

_OTHER_KIND: Final = "The selected file must be a workbook (XLSX or ODS), a CSV, or a file in RDF or JSON."
_NAME_CHANGED: Final = (
    "Choose the file of this organisation. If it goes by another name now, begin the form from the record as it stands "
    "and change the name there: then it stays the same record."
)


def sent() -> tuple[bytes, str]:
    """The file that was sent, and a name that is safe to show.

    Raises:
        InputError: nothing was chosen, or it is empty.
        RequestEntityTooLarge: it is larger than the desk reads.
    """
    chosen = request.files.get("file")
    given = (chosen.filename or "") if chosen else ""
    if chosen is None or not given:
        raise InputError("Select the file that holds your record.")
    data = chosen.read()
    if not data:
        raise InputError("The selected file is empty.", hint="Choose another one.")
    if len(data) > _settings().bounds.bytes:
        raise RequestEntityTooLarge
    return data, _shown(given)


def insist_on(owner: str, name: str, report: Report) -> None:
    """Make sure that a file holds the record of one organisation, and of this one.

    Raises:
        InputError: it holds several, or that of another organisation.
    """
    if len(report.records) > 1:
        count = f"the records of {len(report.records):,} organisations"
        raise InputError(f"The selected file holds {count}.", hint="Hand in one file for each organisation.")
    other = next((each for each in report.records if each.name and each.owner != owner), None)
    if other:
        raise InputError(f"The selected file is the record of “{other.name}”, not of “{name}”.", hint=_NAME_CHANGED)


def problem(error: TaxonomyError | RequestEntityTooLarge) -> Problem:
    """What to say beside the field where a file was chosen."""
    if isinstance(error, RequestEntityTooLarge):
        detail = f"The selected file must be smaller than {megabytes()}MB."
        return Problem(status=413, title="Too large", detail=detail, hint="Take pictures out of it.")
    found = errors.of(error)
    if isinstance(error, UnknownKindError):
        return Problem(status=found.status, title=found.title, detail=_OTHER_KIND)
    return found


def megabytes() -> str:
    """How large a file may be, in words."""
    return f"{_settings().bounds.bytes / 2**20:g}"


def public(path: str) -> str:
    """The address of a page of the public site."""
    return f"{_settings().public_url}{path}"


def download(content: bytes, name: str, form: Form) -> Response:
    """A file to keep; ``name`` is without its ending."""
    response = make_response(content)
    response.headers["Content-Type"] = form.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form.suffix}"'
    return response


def stem(name: str) -> str:
    """The name of a file without its ending."""
    return secure_filename(name.rpartition(".")[0]) or "record"


def _shown(given: str) -> str:
    """A name that is safe to show, with its ending, which says what the file is."""
    name = secure_filename(given)[-LONGEST_NAME:]
    ending = secure_filename(given.rpartition(".")[2]) if "." in given else ""
    return name if "." in name or not ending else f"record.{ending}"


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
