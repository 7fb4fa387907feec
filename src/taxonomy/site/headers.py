"""What every answer of the site says to the browser: run nothing of others, keep nothing, tell nobody."""

from __future__ import annotations

import secrets
from typing import Final

from flask import Flask, Response, current_app, g

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def init_app(app: Flask) -> None:
    """Set the headers on every response, errors included."""
    app.after_request(_guard)


def nonce() -> str:
    """A word that lets the editor of this one page bring its styles, and ask this site for terms."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    word: str = g.nonce
    return word


def _guard(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _policy()
    response.headers["Referrer-Policy"] = current_app.config.get("REFERRER_POLICY", "no-referrer")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers.setdefault("Cache-Control", current_app.config.get("CACHE_CONTROL", "no-store"))
    response.vary.add("Accept")
    if current_app.config["PRACTICE"]:
        response.headers["SVSSV-Practice"] = "made-up records, for practice only"
    return response


def _policy() -> str:
    if "nonce" not in g:
        return POLICY
    return POLICY.replace("style-src 'self'", f"style-src 'self' 'nonce-{g.nonce}'") + "; connect-src 'self'"
