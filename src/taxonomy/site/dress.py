"""How pages look, the same at the public site and at the desk: where templates are, and the words that they use."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from flask import Flask
from jinja2 import BytecodeCache, ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from jinja2.bccache import Bucket

from taxonomy import assets, support
from taxonomy.site import addresses, negotiation, things, words
from taxonomy.support import Line


class _Compiled(BytecodeCache):
    """Templates as they were compiled for the first application of this process, for the others in it."""

    def __init__(self) -> None:
        self._code: dict[str, Bucket] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled from the same file as it is now."""
        held = self._code.get(bucket.key)
        if held and held.checksum == bucket.checksum:
            bucket.code = held.code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what has just been compiled."""
        self._code[bucket.key] = bucket


_COMPILED: Final = _Compiled()


def init_app(app: Flask) -> None:
    """Give the app the templates, their filters and what every page says.

    The app itself says which frame its errors stand in (``FRAME``), and where its home page is.
    """
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(assets.folder("web") / "templates"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    app.jinja_env.bytecode_cache = _COMPILED
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(words.FILTERS)
    app.jinja_env.filters.update(page_of=addresses.page_of, link_of=addresses.link_of, spoken=things.spoken)
    app.jinja_env.globals.update(
        NOT_KNOWN=words.NOT_KNOWN,
        PRACTICE=app.config["PRACTICE"],
        FORMS=negotiation.LINKED,
        TABLES=negotiation.TABLES,
        GRAPHS=negotiation.GRAPHS,
        support_lines=_support_lines,
        today=today,
        asset_version=_version(assets.folder("web") / "built"),
    )


def _support_lines() -> list[Line]:
    """Where to find help, for every page; a number only while it is fresh today."""
    return [line.on(today()) for line in support.load()]


def today() -> date:
    """The day on which pages are made, and which they say."""
    return datetime.now(UTC).date()


def _version(built: Path) -> str:
    """A mark that changes with the built assets, so that a browser never keeps an old one."""
    digest = hashlib.sha256()
    for path in sorted([*built.glob("*.css"), *built.glob("*.js")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
