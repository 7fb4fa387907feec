"""The log: one line of JSON for each event, on standard error, that a machine can read and that tells on nobody.

An error is told by its kind and its place in the code. Its own words are left out, for they may repeat what somebody
typed.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Final

_PLACES: Final = 12  # of an error: the last ones


class Line(logging.Formatter):
    """A record as one line of JSON.

    >>> record = logging.LogRecord("site", logging.WARNING, "", 0, "release %s is damaged", ("7",), None)
    >>> json.loads(Line().format(record))["event"]
    'release 7 is damaged'
    """

    def format(self, record: logging.LogRecord) -> str:
        """When, how grave, from where, what; and of an error its kinds and places."""
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts: dict[str, object] = {"time": when, "level": record.levelname.lower(), "from": record.name}
        facts["event"] = record.getMessage()
        facts |= getattr(record, "facts", {})
        if record.exc_info and (error := record.exc_info[1]):
            facts["error"] = type(error).__name__
            frames = traceback.extract_tb(error.__traceback__)[-_PLACES:]
            facts["places"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps(facts, ensure_ascii=True)


def begin(level: int = logging.WARNING) -> None:
    """Write what this program logs, from this level on, to standard error; what its libraries log only as warnings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("taxonomy").setLevel(level)
