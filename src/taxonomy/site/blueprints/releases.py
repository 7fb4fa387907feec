"""Releases: the list, one with what it holds, and what differs between two."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from taxonomy import differences
from taxonomy.differences import Difference
from taxonomy.errors import NotFoundError
from taxonomy.site import negotiation, reading
from taxonomy.site.elsewhere import Elsewhere
from taxonomy.site.negotiation import Form
from taxonomy.store import numbers
from taxonomy.store.numbers import ReleaseNumber

bp = Blueprint("releases", __name__, url_prefix="/releases")

_SHOWN: Final = 200  # things on a page; all of them are in the downloads
_WRITERS: Final[Mapping[Form, Callable[[Difference], str | bytes]]] = {
    negotiation.CSV: lambda found: found.to_answer().to_csv(),
    negotiation.XLSX: lambda found: found.to_answer().to_xlsx(),
    negotiation.JSON: Difference.to_json,
}


@bp.get("")
def index() -> str:
    """Every release that this home keeps, the newest first; without a home, the one that is read."""
    if isinstance(reading.current(), Elsewhere):
        return render_template("releases/elsewhere.html", current=reading.release())
    kept = sorted(reading.current().home.releases(), key=lambda manifest: manifest.number, reverse=True)
    return render_template("releases/index.html", kept=kept, current=reading.release())


@bp.get("/<number>")
def show(number: str) -> str:
    """One release: when it was built, and what it holds."""
    home, current = reading.current().home, reading.release()
    manifest = home.manifest(_number(number))
    others = [each.name for each in home.releases() if each.name != manifest.name]
    return render_template("releases/show.html", manifest=manifest, current=current, others=others)


@bp.get("/diff")
def choose() -> AnyResponse:
    """From the form on a release's page to the difference that was chosen."""
    earlier, later = request.args.get("of", ""), request.args.get("and", "")
    address = url_for("releases.diff", earlier=_number(earlier), later=_number(later))
    return redirect(address, code=303)


@bp.get("/<earlier>/diff/<later>")
def diff(earlier: str, later: str) -> Response:
    """What the later of two releases says that the earlier does not, and the other way round."""
    with reading.opened(_number(earlier)) as before, reading.opened(_number(later)) as now:
        found = differences.of(before, now)
    form = negotiation.wanted(_WRITERS)
    if form is None:
        page = render_template("releases/diff.html", found=found, shown=_SHOWN, forms=tuple(_WRITERS))
        return make_response(page)
    if form not in _WRITERS:
        raise NotFoundError("form of a difference", form.suffix, near=[each.suffix for each in _WRITERS])
    return negotiation.data(_WRITERS[form](found), form, f"release-{earlier}-{later}")


def _number(text: str) -> ReleaseNumber:
    """The number of a release in an address.

    Raises:
        NotFoundError: it is none.
    """
    try:
        return numbers.read(text)
    except ValueError:
        raise NotFoundError("release", text[:20]) from None
