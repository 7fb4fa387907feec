"""Releases: the list, one with what it holds and the whole of it to take away, and what differs between two."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from taxonomy import differences, namespaces
from taxonomy.differences import Difference
from taxonomy.errors import NotFoundError, StoreError
from taxonomy.questions.results import Answer, Row
from taxonomy.site import negotiation, reading
from taxonomy.site.elsewhere import Elsewhere
from taxonomy.site.negotiation import Form
from taxonomy.store import dumps, numbers
from taxonomy.store.dumps import Dump
from taxonomy.store.numbers import ReleaseNumber
from taxonomy.store.releases import Home, Manifest

bp = Blueprint("releases", __name__, url_prefix="/releases")

_SHOWN: Final = 200  # things on a page; all of them are in the downloads
_WRITERS: Final[Mapping[Form, Callable[[Difference], str | bytes]]] = {
    negotiation.CSV: lambda found: found.to_answer().to_csv(),
    negotiation.XLSX: lambda found: found.to_answer().to_xlsx(),
    negotiation.JSON: Difference.to_json,
}
_COLUMNS: Final = ("release", "number", "built", "note", "facts", "replaces", "hash", "in_service")
_PIECE: Final = 2**16  # bytes of a dump that are read at once


@bp.get("")
def index() -> Response:
    """Every release that this home keeps, the newest first; without a home, the one that is read."""
    current = reading.release()
    elsewhere = isinstance(reading.current(), Elsewhere)
    listed = (current,) if elsewhere else reading.current().home.releases()
    kept = sorted(listed, key=lambda manifest: manifest.number, reverse=True)
    template = f"releases/{'elsewhere' if elsewhere else 'index'}.html"
    tag = _mark(current.mark, *(each.to_json() for each in kept))
    answer = _listed(kept, current)
    return negotiation.respond(template, answer, lambda: {"kept": kept, "current": current}, name="releases", tag=tag)


@bp.get("/<number>")
def show(number: str) -> Response:
    """One release: when it was built, and what it holds; as JSON, its manifest."""
    home, current = reading.current().home, reading.release()
    manifest = home.manifest(_number(number))
    dump = dumps.find(home.folder(manifest.name))
    if negotiation.wanted([negotiation.JSON]) == negotiation.JSON:
        told = json.dumps(_told(manifest, dump), ensure_ascii=False, indent=1) + "\n"
        return negotiation.data(told, negotiation.JSON, f"release-{manifest.name}", tag=_mark(told))
    others = [each.name for each in home.releases() if each.name != manifest.name]
    facts = {"manifest": manifest, "current": current, "others": others, "dump": dump}
    return make_response(render_template("releases/show.html", **facts, forms=[negotiation.JSON]))


@bp.get(f"/<number>/{dumps.NAME}")
def whole(number: str) -> Response:
    """All of a release, as packed N-Quads. What is withdrawn while it is sent is sent no further."""
    home = reading.current().home
    manifest = home.manifest(_number(number))
    dump = _made(home, manifest)
    response = Response(_pieces(dump, home, manifest), mimetype="application/gzip")
    response.content_length = dump.size
    response.headers["Content-Disposition"] = f'attachment; filename="{_named(manifest)}"'
    response.headers["Cache-Control"] = "no-cache"
    response.set_etag(dump.sha256)
    response.make_conditional(request)
    return response


@bp.get(f"/<number>/{dumps.NAME}.sha256")
def checksum(number: str) -> Response:
    """The hash of the whole of a release, as ``sha256sum --check`` reads it."""
    home = reading.current().home
    manifest = home.manifest(_number(number))
    response = make_response(f"{_made(home, manifest).sha256}  {_named(manifest)}\n")
    response.mimetype = "text/plain"
    return response


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


def _listed(kept: list[Manifest], current: Manifest) -> Answer:
    """The releases as rows."""
    rows = tuple(
        Row(
            _COLUMNS,
            (
                f"{namespaces.BASE}release/{each.name}",
                str(each.name),
                each.built,
                each.note or None,
                each.counts.get("triples"),
                "; ".join(f"{old} since {day}" for old, day in each.replaces.items()) or None,
                each.hash or None,
                each.name == current.name,
            ),
            frozenset({0}),
            {},
        )
        for each in kept
    )
    return Answer(columns=_COLUMNS, rows=rows, text="", question="releases", notice=current.notice)


def _mark(*texts: str) -> str:
    return hashlib.sha256("".join(texts).encode()).hexdigest()[:32]


def _told(manifest: Manifest, dump: Dump | None) -> dict[str, Any]:
    """The manifest as data, with where the whole release is."""
    made = None
    if dump:
        address = url_for("releases.whole", number=manifest.name)
        made = {"address": address, "sha256": dump.sha256, "bytes": dump.size}
    facts = {"release": manifest.name, **json.loads(manifest.to_json()), "dump": made}
    return facts | ({"notice": manifest.notice} if manifest.notice else {})


def _made(home: Home, manifest: Manifest) -> Dump:
    """The dump of a release.

    Raises:
        StoreError: it is not there yet.
    """
    found = dumps.find(home.folder(manifest.name))
    if found is None:
        raise StoreError(
            f"The dump of release {manifest.name} is being prepared. If it stays so, whoever runs this site makes it "
            f"with: svssv release verify {manifest.name}"
        )
    return found


def _pieces(dump: Dump, home: Home, manifest: Manifest) -> Iterator[bytes]:
    with dump.path.open("rb") as file:
        while home.answers(manifest) and (piece := file.read(_PIECE)):
            yield piece


def _named(manifest: Manifest) -> str:
    return f"{'practice-' if manifest.practice else ''}svssv-release-{manifest.name}.nq.gz"


def _number(text: str) -> ReleaseNumber:
    """The number of a release in an address.

    Raises:
        NotFoundError: it is none.
    """
    try:
        return numbers.read(text)
    except ValueError:
        raise NotFoundError("release", text[:20]) from None
