"""What the last run of the checks of the pages found, and what people found by hand; both are in ``data/checks/``.

``make checks`` writes ``pages.yaml``. Nothing here depends on the day: a page says when the checks were run, and only
that grows old.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from taxonomy import assets
from taxonomy.errors import CurationError

PAGES: Final = "pages.yaml"
MANUAL: Final = "manual.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One address that was looked at."""

    path: str
    ways: tuple[str, ...]  # such as "1280 px, without script"
    faults: tuple[str, ...]  # rules of axe-core that found something


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What a visit to one page of each kind left behind, with and without script."""

    pages: int
    cookies: int
    stored: int  # keys in any storage of the browser
    elsewhere: int  # requests to any other site
    referrers: int  # requests that told where the visitor came from
    blocked: int  # what the content security policy had to stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of the automatic checks."""

    day: date
    browser: str
    tool: str
    pages: tuple[Page, ...]
    trace: Trace

    @property
    def faulty(self) -> tuple[Page, ...]:
        """The pages on which something was found."""
        return tuple(page for page in self.pages if page.faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manual:
    """One thing that a person tried, or a fault that is known."""

    what: str
    found: str
    day: date | None = None  # None: nobody has tried it yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """Everything that is known about how the pages hold up."""

    run: Run
    tried: tuple[Manual, ...]
    faults: tuple[Manual, ...]  # known, and not yet mended


@cache
def load(folder: Path | None = None) -> Checks:
    """The results in a folder (``data/checks`` when none is named).

    >>> load().run.pages[0].path
    '/'

    Raises:
        CurationError: a file is missing or breaks its form; names it.
    """
    place = folder or assets.folder("data") / "checks"
    pages, manual = (_read(place / name) for name in (PAGES, MANUAL))
    try:
        run = Run(
            day=pages["day"],
            browser=str(pages["browser"]),
            tool=str(pages["tool"]),
            pages=tuple(
                Page(path=str(each["path"]), ways=tuple(each["ways"]), faults=tuple(each["faults"]))
                for each in pages["pages"]
            ),
            trace=Trace(**pages["trace"]),
        )
        tried, faults = (tuple(Manual(**each) for each in manual[name]) for name in ("tried", "faults"))
    except (KeyError, TypeError) as error:
        raise CurationError(place, f"does not hold results of checks: {error}") from error
    return Checks(run=run, tried=tried, faults=faults)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise CurationError(path, f"cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise CurationError(path, "is not a list of keys and values")
    return found
