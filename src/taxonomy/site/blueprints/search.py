"""Search: one box over names, synonyms, codes and what things are. What was typed is kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, make_response, render_template, request

from taxonomy.errors import NotFoundError, StoreError
from taxonomy.search import finding
from taxonomy.site import addresses, negotiation, reading, screens
from taxonomy.store.manifests import PRACTICE

bp = Blueprint("search", __name__)

_FIRST: Final = 5  # of each kind, where all kinds are shown


@bp.get("/search")
def index() -> Response:
    """What was found, by kind with the best first; or one kind of it, page by page."""
    kg, typed, kind = reading.pages(), request.args.get("q", ""), request.args.get("kind", "")
    if kind and kind not in finding.KINDS:
        raise NotFoundError("kind of thing", kind[:40], near=finding.KINDS)
    try:
        found = kg.search(typed, kind=kind or None)
    except StoreError as error:
        if negotiation.wanted():
            raise
        page = make_response(render_template("search/waiting.html", detail=str(error)), 503)
        page.headers["Retry-After"] = "30"
        return page
    answer = finding.to_answer(found, release=kg.release.name, notice=PRACTICE if kg.release.practice else "")
    fields = {name: values for name, values in request.args.lists() if any(values)}

    def context() -> Mapping[str, Any]:
        return {
            "typed": typed[: finding.LONGEST].strip(),
            "found": found,
            "kind": kind,
            "screen": screens.of(answer, request.path, fields),
            "first": _FIRST,
            "limits": {"words": finding.WORDS, "listed": finding.MOST},
            "page_of_hit": page_of,
        }

    things = [hit.thing for hit in found.hits if hit.kind != "question"]
    return negotiation.respond("search/index.html", answer, context, name="search", about=things)


def page_of(thing: str, kind: str) -> str | None:
    """Where a hit leads; nothing where this site has no page of it."""
    return f"/questions/{thing}" if kind == "question" else addresses.page_of(thing)
