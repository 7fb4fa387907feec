"""The factory: one Flask application around the releases of one home."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from flask import Flask, current_app, request
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from taxonomy import assets, support
from taxonomy.errors import TaxonomyError
from taxonomy.settings import Settings
from taxonomy.site import (
    addresses,
    checking,
    compression,
    differing,
    errors,
    headers,
    negotiation,
    reading,
    strangers,
    things,
    words,
)
from taxonomy.site.blueprints import ALL
from taxonomy.store.releases import Home, Manifest
from taxonomy.support import Line

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
    app = Flask(__name__, static_folder=str(assets.folder("web") / "built"), static_url_path="/assets")
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
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0)  # type: ignore[method-assign]
    reading.init_app(app, place, settings)
    differing.init_app(app)
    strangers.init_app(app, settings)
    checking.init_app(app, settings)
    errors.init_app(app)
    compression.init_app(app)
    headers.init_app(app)
    for blueprint in ALL:
        app.register_blueprint(blueprint)
    return app


def _templates(app: Flask) -> None:
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(assets.folder("web") / "templates"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(words.FILTERS)
    app.jinja_env.filters.update(page_of=addresses.page_of, link_of=addresses.link_of, spoken=things.spoken)
    app.jinja_env.globals.update(
        NOT_KNOWN=words.NOT_KNOWN,
        PRACTICE=app.config["PRACTICE"],
        KEEPS=app.config["KEEPS"],
        FORMS=negotiation.LINKED,
        TABLES=negotiation.TABLES,
        GRAPHS=negotiation.GRAPHS,
        release=_release,
        support_lines=_support_lines,
        printed_from=_printed_from,
        today=_today,
        asset_version=_version(assets.folder("web") / "built"),
    )


def _release() -> Manifest | None:
    """The release of this request, for the frame; None on a page that says that there is none."""
    try:
        return reading.release()
    except TaxonomyError:
        return None


def _support_lines() -> list[Line]:
    """Where to find help, for every page; a number only while it is fresh today."""
    return [line.on(_today()) for line in support.load()]


def _today() -> date:
    return datetime.now(UTC).date()


def _printed_from() -> str:
    """The whole address of this page, for those who hold it on paper."""
    asked = request.query_string.decode("ascii", "ignore")
    return f"{current_app.config['SETTINGS'].public_url}{request.path}{'?' if asked else ''}{asked}"


def _version(built: Path) -> str:
    """A mark that changes with the built assets, so that a browser never keeps an old one."""
    digest = hashlib.sha256()
    for path in sorted([*built.glob("*.css"), *built.glob("*.js")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
