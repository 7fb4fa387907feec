"""A report as one HTML file that stands alone: it may be kept, printed and passed on, and asks nobody for anything.

The site shows the same report on a page of its own, from the same template.
"""

from __future__ import annotations

import base64
from functools import cache
from typing import Final

import jinja2

from taxonomy import assets
from taxonomy.validation import outline
from taxonomy.validation.findings import Report

_ALONE: Final = "validate/alone.html"


def to_html(report: Report) -> str:
    """The report as a file for a browser."""
    said = outline.of(report)
    return _environment().get_template(_ALONE).render(said=said, first=outline.FIRST, style=_style(), files=())


def as_link(content: str | bytes, media_type: str) -> str:
    """An address that holds the content itself, since nothing that was sent is kept to be fetched later.

    >>> as_link("a,b", "text/csv")
    'data:text/csv;base64,YSxi'
    """
    data = content if isinstance(content, bytes) else content.encode()
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


@cache
def _environment() -> jinja2.Environment:
    folder = assets.folder("web") / "templates"
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


@cache
def _style() -> str:
    return (assets.folder("web") / "built" / "alone.css").read_text(encoding="utf-8")
