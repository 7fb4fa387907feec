"""The one cookie of the desk: a random word, which says nothing of itself.

It is there before anybody signs in, so that the sign-in form is guarded like any other, and is exchanged for a new word
when somebody does.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Final
from urllib.parse import urlsplit

from flask import Response, current_app, request

from taxonomy.settings import Settings

_NAME: Final = "svssv-desk"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_LONGEST: Final = 100


def word() -> str:
    """The word that this browser holds; empty where it holds none."""
    given = request.cookies.get(_name(), "")
    return given if len(given) <= _LONGEST and given.isascii() else ""


def new() -> str:
    """A word for somebody who has not signed in."""
    return secrets.token_urlsafe(32)


def give(response: Response, value: str) -> None:
    """Let the browser hold a word, until it is closed."""
    response.set_cookie(_name(), value, path="/", secure=_secure(), httponly=True, samesite="Lax")


def take_back(response: Response) -> None:
    """Let the browser hold no word any more."""
    response.delete_cookie(_name(), path="/", secure=_secure(), httponly=True, samesite="Lax")


def mark(of: str) -> str:
    """What a form says to show that it was sent from a page of the browser that holds a word."""
    return hmac.new(of.encode(), b"a form of the desk", "sha256").hexdigest()


def fits(given: str, of: str) -> bool:
    """Whether a form's mark belongs to the word; compared in constant time."""
    return bool(of) and hmac.compare_digest(given.encode(errors="surrogateescape"), mark(of).encode())


def is_loopback(host: str | None) -> bool:
    """Whether a host is this machine itself."""
    return host in _LOOPBACK


def _secure() -> bool:
    """Whether the cookie goes over TLS only: always, but on this machine itself."""
    settings: Settings = current_app.config["SETTINGS"]
    address = urlsplit(settings.desk_url)
    return address.scheme == "https" or not is_loopback(address.hostname)


def _name() -> str:
    return f"__Host-{_NAME}" if _secure() else _NAME
