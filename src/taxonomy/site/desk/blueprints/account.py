"""My account: my password and my tokens."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from taxonomy.errors import InputError, LimitError, NotAllowedError, TaxonomyError
from taxonomy.publishing.attempts import Attempts
from taxonomy.publishing.passwords import Passwords
from taxonomy.publishing.sessions import Sessions
from taxonomy.publishing.tokens import Tokens
from taxonomy.site import errors
from taxonomy.site.desk import acting, cookies, forms, saying
from taxonomy.site.errors import Problem

bp = Blueprint("account", __name__, url_prefix="/steward/account")


@bp.get("")
def show() -> Response:
    """What I may do here, my password and my tokens."""
    return _page()


@bp.post("/password")
def password() -> AnyResponse:
    """Change my password, which ends every session of mine but this one, which goes on under a new word."""
    me, ledger = acting.me(), acting.desk().ledger
    tries, address = Attempts(ledger), request.remote_addr or ""
    try:
        new = forms.new_password()
        tries.begin(me.name, address)
        Passwords(ledger).shown(me.name, request.form.get("old", ""))
        Passwords(ledger).set(me.name, new, by=me)
    except NotAllowedError:
        return _page(Problem(status=403, title="", detail="The old password is not right."))
    except (InputError, LimitError) as error:
        return _page(errors.of(error))
    tries.succeeded(me.name, address)
    response = make_response(redirect(url_for("account.show"), code=303))
    cookies.give(response, Sessions(ledger).begin(me))
    return response


@bp.post("/tokens")
def issue() -> AnyResponse:
    """Give myself one more token, which is shown once."""
    me = acting.me()
    try:
        token = Tokens(acting.desk().ledger).issue(me.name, by=me, **forms.token())
    except TaxonomyError as error:
        return _page(errors.of(error))
    return forms.once(token, me.name, url_for("account.show"))


@bp.post("/tokens/<token>/revoke")
def revoke(token: str) -> AnyResponse:
    """Let one of my tokens be good no longer."""
    me = acting.me()
    Tokens(acting.desk().ledger).revoke(me.name, token, by=me)
    return redirect(url_for("account.show"), code=303)


def _page(problem: Problem | None = None) -> Response:
    me = acting.me()
    data = {"person": saying.about(me), "tokens": Tokens(acting.desk().ledger).list(me.name, by=me)}
    return forms.shown("desk/account.html", data, problem, typed=request.form)
