"""The workers that check uploaded files: a few for each web process, held apart from those that read the release."""

from __future__ import annotations

import atexit
from typing import Final

from flask import Flask, current_app

from taxonomy.settings import Settings
from taxonomy.validation import Checkers

_EXTENSION: Final = "svssv-checkers"


def init_app(app: Flask, settings: Settings) -> None:
    """Give the app its checkers; none is started before the first file comes."""
    held = Checkers(settings.bounds)
    app.extensions[_EXTENSION] = held
    atexit.register(held.close)


def checkers() -> Checkers:
    """The checkers of this app."""
    held: Checkers = current_app.extensions[_EXTENSION]
    return held
