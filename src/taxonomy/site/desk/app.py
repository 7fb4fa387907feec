"""The factory of the desk: one Flask application around the ledger of one home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from taxonomy import assets
from taxonomy.publishing import passwords
from taxonomy.settings import Settings
from taxonomy.site import checking, dress, errors, headers, measuring, negotiation, reading, uploads
from taxonomy.site.desk import acting, guard, saying
from taxonomy.site.desk.blueprints import ALL
from taxonomy.store.releases import Home


def create_desk(home: Path | None = None, config: Mapping[str, Any] | None = None) -> Flask:
    """The desk of a home; without one, of the home in the settings.

    The ledger and the release are opened by the first request, so an app may be made before a fork.

    Raises:
        StoreError: there is no home there.
    """
    settings: Settings = (config or {}).get("SETTINGS") or Settings.read()
    place = Home.open(home or settings.home)
    app = uploads.InMemory(__name__, static_folder=str(assets.folder("web") / "built"), static_url_path="/assets")
    app.config.from_mapping(
        SETTINGS=settings,
        PRACTICE=place.practice,
        MAX_CONTENT_LENGTH=settings.bounds.bytes + guard.FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=guard.FORM_BYTES,
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,  # the address of an asset changes with its bytes
        PROVIDE_AUTOMATIC_OPTIONS=False,  # no method without a rule in ``rights``
        CACHE_CONTROL="private, no-store",
        REFERRER_POLICY="same-origin",  # with "no-referrer" a browser hides from where a form was sent
    )
    app.config.from_mapping(config or {})
    app.wsgi_app = negotiation.Suffixes(app.wsgi_app)  # type: ignore[method-assign]  # how Flask takes middleware
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0)  # type: ignore[method-assign]  # how Flask takes middleware
    dress.init_app(app)
    app.jinja_env.globals.update(
        FRAME="desk/page.html",
        HOME_PAGE="/steward",
        WAYS=(("/steward", "Desk"), ("/steward/help", "How the desk works")),
    )
    measuring.init_app(app)
    passwords.prepare()
    reading.init_app(app, place, replace(settings, readers=1))
    acting.init_app(app, place)
    guard.init_app(app)
    saying.init_app(app)
    checking.init_app(app, settings)
    errors.init_app(app)
    headers.init_app(app)  # nothing is packed here: what was sent stands beside the form's secret on one page
    for blueprint in ALL:
        app.register_blueprint(blueprint)
    return app
