"""Where facts stand in a text: the line of each, found by looking at its words while a parser reads what they mean.

Two passes over one text are quicker than a parser that is fed line by line, and tell the line of each fact where there
are several in one. They agree in all that a record may hold; where they do not, ``Lines`` feeds the parser.
"""

from __future__ import annotations

import re
from typing import Final

from taxonomy.errors import InputError, TooLargeError

DEEPEST: Final = 64  # brackets inside brackets
DIRECTIVES: Final = 1_000  # of one file
LONGEST_BEGIN: Final = 300  # characters of a prefix or base: each name that uses it is as long again

# Nothing that has matched is tried again (the signs ++ and *+), and a text without an end is refused where it begins:
# the time is linear.
_WORDS: Final = re.compile(
    rb"""(?P<term><(?:[^\x00-\x20<>"{}|^`\\]|\\[uU])*+>"""
    rb"""|(?:"{3}(?:[^"\\]|\\.|"{1,2}(?!"))*+"{3}|'{3}(?:[^'\\]|\\.|'{1,2}(?!'))*+'{3}"""
    rb"""|"(?!"")(?:[^"\\\n\r]|\\.)*+"|'(?!'')(?:[^'\\\n\r]|\\.)*+')(?:@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)?+)"""
    rb"""|(?P<word>(?:[^\x00-\x20<>"'{}|^`\\;,()\[\]#@~]|\\.)++)"""
    rb"""|(?P<mark>[;,](?:\s*+[;,])*+)|(?P<type>\^\^)|(?P<open><<|[\[({])|(?P<close>>>|[\])}])|(?P<quote>["'])"""
    rb"""|\#[^\n\r]*+|@(?P<directive>[A-Za-z]*+)""",
    re.DOTALL,
)
_DIRECTIVES: Final = {b"prefix": 2, b"base": 1, b"version": 1}  # words of each that follow it, and are of no fact


def of_statements(data: bytes) -> list[int]:
    """The line of each fact of N-Triples or N-Quads, where each has a line of its own."""
    return [
        number
        for number, line in enumerate(data.split(b"\n"), start=1)
        if (said := line.strip()) and not said.startswith(b"#")
    ]


def of_objects(data: bytes, most: int = 1_000_000) -> list[int]:
    r"""The line of each fact of Turtle or TriG that has no blank nodes: the one where its object begins.

    ``most`` is how many facts the file may hold.

    >>> of_objects(b"<a:a> <a:b> 1 ,\n 2 ;\n\n a <a:c> .")
    [1, 2, 4]

    Raises:
        InputError: a text has no end, or brackets stand too deep inside each other; names the line.
        TooLargeError: it holds more facts.
    """
    walk = _Walk(data, most)
    walk.over()
    return walk.found


class _Walk:
    """A walk over the words of a Turtle text."""

    def __init__(self, data: bytes, most: int) -> None:
        self.found: list[int] = []
        self._data, self._most = data, most
        self._known = 0  # words of the fact at hand
        self._ahead = 0  # words to come that are of no fact
        self._directives = 0
        self._depth = 0  # brackets that are open
        self._bracketed = False  # words were counted that are of other facts; a record has no such brackets
        self._at, self._line = 0, 1

    def over(self) -> None:
        """Walk over the text, once."""
        for word in _WORDS.finditer(self._data):
            match word.lastgroup:
                case "term":
                    self._take(word)
                case "word":
                    self._take_word(word)
                case "mark":
                    self._known = 1 if word[0].endswith(b";") else 2
                case "type":
                    self._ahead = 1
                case "directive":
                    self._direct(word)
                case "open" | "close" as kind:
                    self._count(word, 1 if kind == "open" else -1)
                case "quote":
                    raise unreadable(self._line_at(word.start()), "a text has no end.")

    def _take(self, word: re.Match[bytes]) -> None:
        if self._ahead:
            self._ahead -= 1
            if len(word[0]) > LONGEST_BEGIN:
                detail = f"a prefix or base is longer than {LONGEST_BEGIN} characters."
                raise unreadable(self._line_at(word.start()), detail)
            return
        self._known += 1
        if self._known == 3:
            self.found.append(self._line_at(word.start()))
            if len(self.found) > self._most:
                raise too_many(self._most, self._line)
        elif self._known > 4 and not self._bracketed:
            raise unreadable(self._line_at(word.start()), "a full stop, a comma or a semicolon is missing.")

    def _take_word(self, word: re.Match[bytes]) -> None:
        said = word[0].rstrip(b".")
        if self._known == 0 and said.lower() in _DIRECTIVES:
            self._direct(word)
        elif said:
            self._take(word)
        if len(said) < len(word[0]):
            self._known = 0

    def _direct(self, word: re.Match[bytes]) -> None:
        """Pass over the words of a directive."""
        ahead = _DIRECTIVES.get(word[word.lastgroup or 0].lower())
        self._directives += 1
        if ahead is None or self._ahead or self._known:
            raise unreadable(self._line_at(word.start()), "a language or a directive stands where none can.")
        if self._directives > DIRECTIVES:
            raise unreadable(self._line_at(word.start()), f"it has more than {DIRECTIVES:,} prefixes.")
        self._ahead = ahead

    def _count(self, word: re.Match[bytes], change: int) -> None:
        self._depth += change
        if self._depth > DEEPEST:
            line = self._line_at(word.start())
            raise unreadable(line, f"brackets stand inside brackets more than {DEEPEST} deep.")
        if word[0] in b"{}":
            self._known = 0
        else:
            self._bracketed = True

    def _line_at(self, start: int) -> int:
        self._line += self._data.count(b"\n", self._at, start)
        self._at = start
        return self._line


class Lines:
    """The text of a file, handed to a parser line by line, so that each fact is known to end in one."""

    def __init__(self, data: bytes) -> None:
        self._lines = iter(data.splitlines(keepends=True))
        self._rest = memoryview(b"")
        self.line = 0  # the one that was handed over last

    def read(self, size: int = -1) -> bytes:
        """The next line, or as much of it as fits; nothing at the end."""
        if not self._rest:
            self._rest = memoryview(next(self._lines, b""))
            self.line += bool(self._rest)
        cut = len(self._rest) if size < 0 else size
        part, self._rest = self._rest[:cut], self._rest[cut:]
        return bytes(part)


def unreadable(line: int, detail: str, hint: str = "Mend that line and try again.") -> InputError:
    """The error that a line of a file gives."""
    return InputError(f"The file cannot be read: {detail}", where=f"line {line}", hint=hint)


def too_many(most: int, line: int) -> TooLargeError:
    """The error that more facts than a file may hold give."""
    return TooLargeError(f"The file holds more than {most:,} facts.", where=f"line {line}", hint="Split it.")
