"""The worker that parses a stranger's Turtle or N-Triples: bytes in, a fact a line out, each with its line in the file.

It runs in a process of its own with limits (``taxonomy.sandbox``); nothing else imports a parser for uploaded RDF.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse, serialize

from taxonomy import sandbox
from taxonomy.errors import InputError

FORMATS: Final = {"turtle": RdfFormat.TURTLE, "ntriples": RdfFormat.N_TRIPLES}
DEEPEST: Final = 64  # brackets inside brackets
LONGEST: Final = 10_000  # characters of one text
MOST: Final = 5_000  # facts of one record

_TOKENS: Final = re.compile(
    rb"""(?P<skip>\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}"""
    rb"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>"{}|^`\\\s]*>|\#[^\n]*)|(?P<open>[\[(])|(?P<close>[\])])""",
    re.DOTALL,
)


class Words:
    """The text of a file, handed to the parser word by word, so that each fact is known to end near one line."""

    def __init__(self, data: bytes) -> None:
        self._words = re.finditer(rb"\s*\S+\s?|\s+$", data)
        self._rest = b""
        self._at = 1  # where the word begins that was read last
        self._breaks = 0  # line ends that were read behind it
        self.line = 1  # where the last word began that is more than a full stop, a comma or a semicolon

    def read(self, size: int = -1) -> bytes:
        """The next word, or as much of it as fits; nothing at the end."""
        if not self._rest:
            word = next(self._words, None)
            self._rest = word.group() if word else b""
            before = len(self._rest) - len(self._rest.lstrip())
            self._at += self._breaks + self._rest.count(b"\n", 0, before)
            self._breaks = self._rest.count(b"\n", before)
            self.line = self.line if self._rest.strip(b" \r\n\t.,;") == b"" else self._at
        cut = len(self._rest) if size < 0 else size
        part, self._rest = self._rest[:cut], self._rest[cut:]
        return part


def facts(data: bytes, syntax: str) -> Iterator[tuple[int, Triple]]:
    """Each fact with its line.

    Raises:
        InputError: it cannot be read; names the line.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    _refuse_foreign(data)
    _refuse_depth(data)
    words = Words(data)
    try:
        for count, quad in enumerate(parse(words, format=FORMATS[syntax])):  # type: ignore[arg-type]  # it only reads
            if count >= MOST:
                raise _unreadable(words.line, f"it holds more than {MOST:,} facts, too many for one record.")
            yield words.line, _checked(quad.triple, words.line)
    except SyntaxError as error:
        raise _unreadable(error.lineno or words.line, f"{error.msg}.") from None


def _refuse_foreign(data: bytes) -> None:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise _unreadable(data.count(b"\n", 0, error.start) + 1, "it is not UTF-8 text.") from None
    if "\0" in text:
        raise _unreadable(data.count(b"\n", 0, data.index(0)) + 1, "it holds a NUL character.")
    if re.match(r"\s*<(?:\?xml|!doctype|!entity|html)", text, re.IGNORECASE):
        raise _unreadable(1, "it is XML or a web page.")
    if not text.strip():
        raise InputError("The file is empty.")


def _refuse_depth(data: bytes) -> None:
    depth = 0
    for token in _TOKENS.finditer(data):
        depth += (token.lastgroup == "open") - (token.lastgroup == "close")
        if depth > DEEPEST:
            line = data.count(b"\n", 0, token.start()) + 1
            raise _unreadable(line, f"brackets stand inside brackets more than {DEEPEST} deep.")


def _checked(triple: Triple, line: int) -> Triple:
    for term in (triple.subject, triple.object):
        if isinstance(term, BlankNode):
            raise _unreadable(line, "something has no IRI (a blank node).", "Give everything an IRI of its own.")
        if isinstance(term, Triple):
            raise _unreadable(line, "a statement stands inside a statement.")
        if isinstance(term, Literal) and len(term.value) > LONGEST:
            raise _unreadable(line, f"a text is longer than {LONGEST:,} characters.", "Shorten it.")
        if isinstance(term, NamedNode) and len(term.value) > 2_000:
            raise _unreadable(line, "an IRI is longer than 2,000 characters.")
    return triple


def _unreadable(line: int, detail: str, hint: str = "Mend that line and try again.") -> InputError:
    return InputError(f"The file cannot be read: {detail}", where=f"line {line}", hint=hint)


def answer(request: bytes, out: sandbox.Outlet) -> None:
    """Write each fact of a file after its line."""
    syntax, _, data = request.partition(b"\n")
    for line, triple in facts(data, syntax.decode()):
        out.write(b"%d %s" % (line, serialize([triple], format=RdfFormat.N_TRIPLES) or b""))


if __name__ == "__main__":
    sandbox.serve(answer)
