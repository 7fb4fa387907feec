"""A JSON document: what it says as plain Python values, and the line of each.

Standards of others come as JSON. A stranger's file is looked at in a worker first (``taxonomy.scanning``), which finds
the lines and refuses what could do harm; only then is it turned into values here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeAlias

from taxonomy import sandbox
from taxonomy.errors import InputError
from taxonomy.records import Place
from taxonomy.settings import Limits

LIMITS: Final = Limits(seconds=30.0, memory=768 * 2**20, answer=None)  # an answer grows with the file, not beyond

Json: TypeAlias = bool | int | Decimal | str | list["Json"] | dict[str, "Json"] | None
"""A JSON value; a number with a point or an exponent is a ``Decimal``, as exact as it was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    r"""One JSON document, with the line of each value.

    >>> document = read(b'{"name": "Made-Up Centre",\n "services": [{"name": "Made-Up Helpline"}]}')
    >>> document.value["services"][0]["name"]
    'Made-Up Helpline'
    >>> document.place("/services/0/name")
    Place(..., line=2, pointer='/services/0/name')
    """

    value: Json
    repeated: tuple[str, ...] = ()  # pointers of names that stand more than once in one object; the last one holds
    lines: Any = 1  # as ``taxonomy.scanning`` found them

    def place(self, pointer: str) -> Place:
        """Where a value stands; one that is missing has the line of the nearest thing around it.

        Raises:
            InputError: it is no JSON pointer.
        """
        if pointer and not pointer.startswith("/"):
            raise InputError(f"{pointer!r} is no JSON pointer.", hint="Write it as /services/0/name.")
        found = self.lines
        for step in pointer.split("/")[1:]:
            inner = _step(found, step.replace("~1", "/").replace("~0", "~"))
            if inner is None:
                break
            found = inner
        return Place(line=found[0] if isinstance(found, list) else found, pointer=pointer)


def _step(lines: Any, step: str) -> Any:
    """The lines one step further in; None where there is nothing."""
    match lines:
        case [_, dict() as inside]:
            return inside.get(step)
        case [_, list() as inside] if (
            step.isascii() and step.isdecimal() and len(step) < 10 and int(step) < len(inside)
        ):
            return inside[int(step)]
    return None


def read(data: bytes, limits: Limits = LIMITS) -> Document:
    """Read a JSON document from the bytes of a file; ``limits`` are those of the worker that looks at it first.

    Raises:
        InputError: it is no JSON that can be read in one way only, or it is nested too deep; names the line.
        LimitError: reading it takes more than its share.
    """
    lines, repeated = json.loads(sandbox.run("taxonomy.scanning", data, limits))
    value: Json = json.loads(data.decode("utf-8-sig"), parse_float=Decimal)
    return Document(value=value, repeated=tuple(repeated), lines=lines)
