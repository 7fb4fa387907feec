"""Signing in and out."""

from __future__ import annotations

import math

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from taxonomy.errors import LimitError, NotAllowedError
from taxonomy.publishing.attempts import Attempts
from taxonomy.publishing.passwords import Passwords
from taxonomy.publishing.sessions import Sessions
from taxonomy.site.desk import acting, cookies, guard

bp = Blueprint("signing", __name__, url_prefix="/steward")


@bp.get("/sign-in")
def form() -> AnyResponse:
    """The form; whoever has signed in already goes on."""
    onward = guard.local(request.args.get("next", ""))
    return redirect(onward, code=303) if acting.caller().person else _form(onward, ended="ended" in request.args)


@bp.post("/sign-in")
def sign_in() -> AnyResponse:
    """Show who you are by your password; a new word for the browser from now on."""
    onward, name = guard.local(request.form.get("next", "")), " ".join(request.form.get("name", "").split())
    ledger, address = acting.desk().ledger, request.remote_addr or ""
    tries = Attempts(ledger)
    try:
        tries.begin(name, address)
        person = Passwords(ledger).shown(name, request.form.get("password", ""))
    except LimitError as error:
        refused = _form(onward, problem=str(error), name=name)
        refused.status_code, refused.headers["Retry-After"] = 429, str(math.ceil(error.wait))
        return refused
    except NotAllowedError as error:
        refused = _form(onward, problem=str(error), name=name)
        refused.status_code = 403
        return refused
    tries.succeeded(name, address)
    sessions = Sessions(ledger)
    if before := acting.caller().word:
        sessions.end(before)
    response = make_response(redirect(onward, code=303))
    cookies.give(response, sessions.begin(person))
    return response


@bp.post("/sign-out")
def sign_out() -> AnyResponse:
    """End the session, here and in the ledger."""
    Sessions(acting.desk().ledger).end(acting.caller().word)
    response = make_response(redirect(url_for("signing.form"), code=303))
    cookies.take_back(response)
    return response


def _form(onward: str, *, problem: str = "", name: str = "", ended: bool = False) -> Response:
    held = acting.caller().word
    word = held or cookies.new()
    facts = {"onward": onward, "problem": problem, "name": name, "ended": ended, "own": cookies.mark(word)}
    response = make_response(render_template("desk/sign-in.html", **facts))
    if not held:
        cookies.give(response, word)
    return response
