"""The factory: one Flask application around the releases of one home."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from flask import Flask, current_app, request
from werkzeug.middleware.proxy_fix import ProxyFix

from taxonomy import assets
from taxonomy.errors import TaxonomyError
from taxonomy.settings import Settings
from taxonomy.site import (
    checking,
    compression,
    differing,
    dress,
    errors,
    headers,
    keeping,
    local,
    measuring,
    negotiation,
    reading,
    strangers,
    uploads,
)
from taxonomy.site.blueprints import ALL
from taxonomy.store.releases import Home, Manifest

_FORM_BYTES: Final = 256 * 1024  # of a form's text fields; a query may be 64 kB, and three times that when escaped


def create_app(
    home: Path | None = None, config: Mapping[str, Any] | None = None, *, endpoint: str | None = None
) -> Flask:
    """The site over the current release of a home; without one, of the home in the settings.

    ``endpoint`` is the address of a SPARQL 1.1 server that holds a release; it is read instead of a home.

    The release is opened by the first request, so an app may be made before a fork and before the first release.

    Raises:
        StoreError: there is no home there.
    """
    settings = (config or {}).get("SETTINGS") or Settings.read()
    place = endpoint or Home.open(home or settings.home)
    app = uploads.InMemory(__name__, static_folder=str(assets.folder("web") / "built"), static_url_path="/assets")
    app.config.from_mapping(
        SETTINGS=settings,
        PRACTICE=isinstance(place, Home) and place.practice,
        KEEPS=isinstance(place, Home),  # releases and citations
        MAX_CONTENT_LENGTH=settings.bounds.bytes + _FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=_FORM_BYTES,
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,  # the address of an asset changes with its bytes
    )
    app.config.from_mapping(config or {})
    app.wsgi_app = negotiation.Suffixes(app.wsgi_app)  # type: ignore[method-assign]  # how Flask takes middleware
    _templates(app)
    app.jinja_env.globals["CORRECTIONS"] = settings.corrections
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0)  # type: ignore[method-assign]  # how Flask takes middleware
    measuring.init_app(app)
    keeping.init_app(app)  # before all that changes an answer, and so called after it
    reading.init_app(app, place, settings)
    differing.init_app(app)
    local.init_app(app)
    strangers.init_app(app, settings)
    checking.init_app(app, settings)
    errors.init_app(app)
    compression.init_app(app)
    headers.init_app(app)
    for blueprint in ALL:
        app.register_blueprint(blueprint)
    app.after_request(errors.in_the_form_named)  # the last one is called first, so what it answers is guarded too
    return app


def _templates(app: Flask) -> None:
    dress.init_app(app)
    app.jinja_env.globals.update(
        FRAME="frame/page.html",
        HOME_PAGE="/",
        WAYS=(("/", "Home"), ("/areas", "Areas"), ("/questions", "Questions")),
        KEEPS=app.config["KEEPS"],
        release=_release,
        printed_from=_printed_from,
    )


def _release() -> Manifest | None:
    """The release of this request, for the frame; None on a page that says that there is none."""
    try:
        return reading.release()
    except TaxonomyError:
        return None


def _printed_from() -> str:
    """The whole address of this page, for those who hold it on paper."""
    asked = request.query_string.decode("ascii", "ignore")
    return f"{current_app.config['SETTINGS'].public_url}{request.path}{'?' if asked else ''}{asked}"
