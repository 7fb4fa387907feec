"""What stands before every view of the desk: the right host, the right person, and a form of our own.

Nothing here depends on the view: what may be done is in ``rights``, and what is not there is refused.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlencode, urlsplit

from flask import Flask, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from taxonomy.publishing.person import Person
from taxonomy.settings import Settings
from taxonomy.site import errors, negotiation
from taxonomy.site.desk import acting, begun, cookies, rights
from taxonomy.site.desk.rights import Owned, Rule
from taxonomy.site.errors import Problem

FIELD: Final = "mark"  # of a form, with the mark of the browser's word
FORMS: Final = (negotiation.CSV, negotiation.XLSX, negotiation.JSON)  # that a list may be had in
FORM_BYTES: Final = 256 * 1024  # of a form's text fields
_OURS: Final = re.compile(r"/steward(?:/[A-Za-z0-9_-]+)*(?:\?[A-Za-z0-9=&%_.+-]*)?")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def init_app(app: Flask) -> None:
    """Put the guard before every request."""
    app.before_request(_guard)


def local(path: str) -> str:
    """Where to go after signing in: a page of the desk, and nowhere else.

    >>> local("/steward/submissions/3"), local("//evil.example/"), local("https://evil.example/steward")
    ('/steward/submissions/3', '/steward', '/steward')
    """
    return path if _OURS.fullmatch(path) else "/steward"


def mark() -> str:
    """What a form of this page says to show where it is from."""
    return cookies.mark(acting.caller().word)


def _guard() -> AnyResponse | None:
    if not _right_host():
        return _refuse(400, "That could not be read", "This desk is not called by the name that was asked for.")
    if request.endpoint is None:
        return None  # there is no such address, or not for this method: the framework says so
    rule = rights.rule_for(request.endpoint, request.method)
    if rule is None:
        return _refuse(403, "Not allowed", "Nothing says who may do this, so nobody may.")
    if (form := negotiation.named()) and form is not negotiation.JSON and not (rule.saved and form in FORMS):
        return _refuse(404, "Not found", "This cannot be had in that form.")
    caller = acting.caller()
    if caller.with_token and (refused := _token_refused(caller, rule)):
        return refused
    if caller.person is None and not rule.open:
        return _who(caller)
    settings: Settings = current_app.config["SETTINGS"]
    most = 2 * settings.bounds.bytes if rule.upload else 0  # a file that is too large is told so beside its field
    request.max_content_length = most + FORM_BYTES
    if not caller.with_token and request.method not in rights.LOOKING and (refused := _not_ours(caller)):
        return refused
    if caller.person and not rule.open:
        _may(caller.person, rule)
    return None


def _may(person: Person, rule: Rule) -> None:
    """Make sure that somebody may do what a rule is about.

    Raises:
        NotAllowedError: their roles or their token do not allow it.
        NotFoundError: it is about a thing that is not theirs.
    """
    person.must_be("do this", *(rule.roles or person.roles), scope=rule.scope)
    if rule.owned is Owned.ORGANISATION:
        begun.owner((request.view_args or {})["organisation"])
    if rule.owned is Owned.SUBMISSION:
        acting.desk().show(int((request.view_args or {})["number"]), to=person)


def _right_host() -> bool:
    """Whether the desk was asked for by its own name, or from this machine itself."""
    settings: Settings = current_app.config["SETTINGS"]
    own = urlsplit(settings.desk_url)
    try:
        asked = urlsplit(f"//{request.headers.get('Host', '')}")
        port = asked.port
    except ValueError:
        return False
    if asked.path or asked.query or asked.fragment or asked.username is not None:
        return False
    if cookies.is_loopback(asked.hostname):
        return True
    default = _DEFAULT_PORTS.get(own.scheme)
    return (asked.hostname, port or default) == (own.hostname, own.port or default)


def _token_refused(caller: acting.Caller, rule: Rule) -> AnyResponse | None:
    """A token and a cookie are never used together, nor a token where a person must be at the keyboard."""
    if caller.word and caller.person:
        return _refuse(400, "That could not be read", "Send a token or a cookie, not both.")
    if caller.person is None:
        return None if rule.open and rule.by_token else _who(caller)
    if not rule.by_token:
        return _refuse(403, "Not allowed", "This is for a person who signs in, not for a program with a token.")
    return None


def _not_ours(caller: acting.Caller) -> AnyResponse | None:
    """Whether a change was asked for by a form of another site, or of nobody's."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return _stranger()
    origin = request.headers.get("Origin")
    if origin is not None and not _same(origin):
        return _stranger()
    if cookies.fits(request.form.get(FIELD, ""), caller.word):
        return None
    return _refuse(
        403, "The form has expired", "It was opened before you signed in, or too long ago.", hint="Open it again."
    )


def _same(origin: str) -> bool:
    """Whether an origin is that of this desk, as it was asked for."""
    settings: Settings = current_app.config["SETTINGS"]
    own, given = urlsplit(settings.desk_url), urlsplit(origin)
    if origin == f"{own.scheme}://{own.netloc}":
        return True
    return cookies.is_loopback(given.hostname) and given.netloc == request.headers.get("Host", "")


def _stranger() -> AnyResponse:
    return _refuse(403, "Not allowed", "This was sent from another site.", hint="Start from the desk itself.")


def _who(caller: acting.Caller) -> AnyResponse:
    """Ask who this is: a page leads to sign-in, a program is told to show a token."""
    if negotiation.prefers_page():
        return redirect(f"{url_for('signing.form')}?{urlencode(_onward(), safe='/')}", code=303)
    response = errors.respond(
        Problem(
            status=401,
            title="Nobody has signed in",
            detail=caller.refused or "This is only for those who may act here.",
            hint="Send a token as “Authorization: Bearer …”.",
        )
    )
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _onward() -> dict[str, str]:
    """Where somebody goes on after signing in; and that what they sent was not taken, where they sent something."""
    if request.method in rights.LOOKING:
        return {"next": local(request.full_path.rstrip("?"))}
    if request.endpoint == "signing.sign_out":
        return {"next": "/steward"}
    sent_from = urlsplit(request.referrer or "")
    return {"next": local(sent_from.path), "ended": "yes"}


def _refuse(status: int, title: str, detail: str, hint: str = "") -> AnyResponse:
    return errors.respond(Problem(status=status, title=title, detail=detail, hint=hint))
