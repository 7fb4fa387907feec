"""The worker that looks at a stranger's JSON: bytes in, the line of each value out.

It runs in a process of its own with limits (``taxonomy.sandbox``), and refuses what is no JSON, what two programs could
understand in two ways, and what is nested too deep or too large to be worked with.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import Final, NoReturn, TypeAlias

from taxonomy import inside
from taxonomy.errors import InputError, TooLargeError
from taxonomy.frames import Outlet

DEEPEST: Final = 64  # brackets inside brackets
VALUES: Final = 1_000_000  # of one file
LONGEST: Final = 100_000  # characters of one text, as it is written
DIGITS: Final = 40  # characters of one number

# Nothing that has matched is tried again (the signs ++ and *+): the time is linear, and nothing is kept to go back to.
_WORD: Final = re.compile(
    r"""(?P<text>"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+")(?P<name>[ \t\n\r]*+:)?+"""
    r"""|(?P<empty>\[[ \t\n\r]*+\]|\{[ \t\n\r]*+\})|(?P<open>[\[{])"""
    r"""|(?P<close>[\]}])|(?P<plain>[^ \t\n\r,:"\[\]{}]++)|(?P<stop>")"""
)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_LARGE: Final = re.compile(r"[eE][+-]?0*+[1-9][0-9]{2}")

Inside: TypeAlias = "dict[str, Lines] | list[Lines]"
Lines: TypeAlias = "int | tuple[int, Inside]"
"""The line where a value begins; for an object or a list also the lines of what is in it."""


def scan(data: bytes) -> tuple[Lines, list[str]]:
    r"""The line of each value of a JSON file, and pointers to the names that stand more than once in one object.

    >>> scan(b'{"name": "Made-Up Centre",\n "services": [1, 2], "name": "Made-Up"}')
    ((1, {'name': 2, 'services': (2, [2, 2])}), ['/name'])

    Raises:
        InputError: it is no JSON that can be read in one way only, or it is too large; names the line.
    """
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _unreadable("it is not UTF-8 text", line, "Save it as UTF-8 and try again.") from None
    if not text.strip():
        raise InputError("The file is empty.")
    walk = _Walk()
    walk.over(text)  # before anything is built, for this counts how deep and how many
    try:
        json.loads(text, parse_int=str, parse_float=str, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise _unreadable(f"it is no JSON ({error.msg})", error.lineno) from None
    return walk.top[0], walk.repeated


class _Walk:
    """A walk over the words of a JSON text, in linear time. Of what is no JSON, it tells nothing of use."""

    def __init__(self) -> None:
        self.top: list[Lines] = []
        self.repeated: list[str] = []
        self._open: list[Inside] = [self.top]  # objects and lists, the innermost last
        self._names = [""]  # in each of them, the name of the value at hand
        self._line, self._count = 1, 0

    def over(self, text: str) -> None:
        """Walk over a text, once."""
        at = 0
        for word in _WORD.finditer(text):
            begin = word.start()
            self._line += text.count("\n", at, begin)
            at = begin
            match word.lastgroup:
                case "name":
                    self._name(word["text"])
                case "empty" | "open" as kind:
                    self._begin({} if word[0][0] == "{" else [], empty=kind == "empty")
                case "close" if len(self._open) > 1:
                    self._open.pop()
                    self._names.pop()
                case "text":
                    self._look_at(word[0])
                    self._put(self._line)
                case "plain" if len(word[0]) <= DIGITS and not _LARGE.search(word[0]):
                    self._put(self._line)
                case "plain":
                    raise _unreadable("a number is too long or too large", self._line)
                case _:
                    return

    def _begin(self, inside: Inside, *, empty: bool) -> None:
        self._put((self._line, inside))
        if len(self._open) > DEEPEST:
            raise _unreadable(f"brackets stand inside brackets more than {DEEPEST} deep", self._line)
        if not empty:
            self._open.append(inside)
            self._names.append("")

    def _put(self, found: Lines) -> None:
        self._count += 1
        if self._count > VALUES:
            detail = f"The file holds more than {VALUES:,} values."
            raise TooLargeError(detail, where=f"line {self._line}", hint="Split it.")
        inside = self._open[-1]
        if isinstance(inside, dict):
            inside[self._names[-1]] = found
        else:
            inside.append(found)

    def _name(self, written: str) -> None:
        self._names[-1] = name = self._look_at(written)
        if name in self._open[-1]:
            self.repeated.append(pointer(self._path()))

    def _path(self) -> Iterator[str | int]:
        """The names and numbers that lead to the value at hand."""
        for holder, name in zip(self._open[1:], self._names[1:], strict=True):
            yield name if isinstance(holder, dict) else len(holder) - 1

    def _look_at(self, written: str) -> str:
        """What a text says, where every program will agree."""
        if len(written) > LONGEST:
            raise _unreadable(f"a text is longer than {LONGEST:,} characters", self._line, "Shorten it.")
        if "\\" not in written:
            return written[1:-1]
        try:
            text: str = json.loads(written)
        except ValueError:
            return ""  # no JSON: who reads it whole will say so
        if "\0" in text or _SURROGATE.search(text):
            raise _unreadable("a text holds half of a sign, or \\u0000", self._line)
        return text


def pointer(path: Iterable[str | int]) -> str:
    """A JSON pointer (RFC 6901).

    >>> pointer(["contents", 0, "a/b"])
    '/contents/0/a~1b'
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _no_number(written: str) -> NoReturn:
    raise InputError(f"The file cannot be read: it is no JSON (it holds {written}).", hint="Leave the value out.")


def _unreadable(detail: str, line: int, hint: str = "Mend that line and try again.") -> InputError:
    return InputError(f"The file cannot be read: {detail}.", where=f"line {line}", hint=hint)


def answer(request: bytes, out: Outlet) -> None:
    """Write the lines of a JSON file, and the pointers to what stands twice, as JSON."""
    out.write(json.dumps(scan(request), separators=(",", ":")).encode())


if __name__ == "__main__":
    inside.serve(answer)
