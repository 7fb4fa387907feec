"""What changed in an area: since the last release, between any two, and as a feed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, Response, current_app, make_response, render_template, request

from taxonomy.changes import COLUMNS
from taxonomy.errors import QueryError
from taxonomy.questions.results import Answer
from taxonomy.site import differing, local, negotiation, reading
from taxonomy.store.manifests import PRACTICE
from taxonomy.store.releases import Manifest

bp = Blueprint("changes", __name__, url_prefix="/areas")

_ENTRIES: Final = 10  # releases that a feed tells of


@bp.get("/<area>/changes")
def show(area: str) -> Response:
    """What changed in an area since the release before this one, or between the two that the address names."""
    here = local.opened(area, "/changes")
    kept = differing.kept()
    later = _named("until", kept) or kept[-1]
    earlier = _named("since", kept) or differing.before(later, kept)
    if earlier and earlier.number > later.number:
        raise QueryError(f"Release {earlier.name} came after release {later.name}.", hint="Exchange the two.")
    found = differing.in_area(here.iri, earlier, later) if earlier else None

    def context() -> Mapping[str, Any]:
        numbers = [each.name for each in reversed(kept)]
        return {**here.heading, "found": found, "earlier": earlier, "later": later, "kept": numbers}

    answer = found.to_answer(notice=_notice()) if found else _nothing(later)
    named = [thing.thing for thing in found.things] if found else []
    return negotiation.respond("areas/changes.html", answer, context, name=f"{area}-changes", about=named)


@bp.get("/<area>/changes.atom")
def feed(area: str) -> Response:
    """The latest releases with what each changed in the area, the newest first, for a reader of feeds."""
    here = local.opened(area, "/changes.atom")
    pairs = differing.steps(differing.kept(), _ENTRIES)
    told = [(later, differing.in_area(here.iri, earlier, later)) for earlier, later in pairs]
    entries = [(later, found, _urn(here.iri, later)) for later, found in told if found.things]
    text = render_template(
        "areas/changes.xml",
        **here.heading,
        entries=entries,
        now=reading.release(),
        feed=uuid.uuid5(uuid.NAMESPACE_URL, f"{here.iri} changes").urn,
        site=current_app.config["SETTINGS"].public_url,
    )
    response = make_response(text)
    response.headers["Content-Type"] = "application/atom+xml; charset=utf-8"
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(f"{reading.release().name}-{reading.release().hash[:16]}-atom")
    response.make_conditional(request)
    return response


def _named(field: str, kept: Sequence[Manifest]) -> Manifest | None:
    """The release that a field of the address names.

    Raises:
        QueryError: it is not a number.
        NotFoundError: it is not kept.
    """
    number = request.args.get(field, "").strip()
    if not number:
        return None
    return differing.one(reading.number_in(number, field), kept)


def _urn(area: str, release: Manifest) -> str:
    """The name of an entry: the same whenever it is asked for, and of this release alone."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{area} changes {release.name} {release.hash}").urn


def _nothing(release: Manifest) -> Answer:
    return Answer(
        columns=COLUMNS, rows=(), text="", question="changes in an area", release=release.name, notice=_notice()
    )


def _notice() -> str:
    return PRACTICE if reading.release().practice else ""
