"""The template workbook, filled in by a made-up centre: what a good record looks like."""

from __future__ import annotations

from typing import Any

import yaml

from taxonomy import assets
from taxonomy.context import Context
from taxonomy.intake import template


def workbook() -> bytes:
    """The workbook as the bytes of a file; it is marked as a practice record."""
    return template.filled_in(rows(), context=Context.bundled(), practice=True)


def rows() -> template.Rows:
    """What it says, by sheet and heading."""
    [path] = assets.files("shapes", "samples/made-up-centre.yaml")
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {
        sheet: [{heading: _typed(value) for heading, value in thing.items()} for thing in things]
        for sheet, things in said.items()
    }


def _typed(value: Any) -> template.Value:
    """What a person would type: yes and no are words there."""
    typed: template.Value = ("yes" if value else "no") if isinstance(value, bool) else value
    return typed
