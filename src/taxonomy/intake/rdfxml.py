"""A stranger's RDF/XML, made safe for a parser: text without declarations of its own, and not nested too deep."""

from __future__ import annotations

import codecs
import re
from typing import Final

from taxonomy.errors import InputError
from taxonomy.intake.lines import DEEPEST, LONGEST_BEGIN, too_many, unreadable

ATTRIBUTES: Final = 100  # of one element: a parser compares each with each
_SAVE: Final = "Save it as UTF-8 and try again."
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_BARE: Final = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_HEAD: Final = 1_000  # characters in which an encoding is named
_ENCODINGS: Final = frozenset({"utf-8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "windows-1252"})
_DECLARED: Final = re.compile(
    r"""(?s)(\s*<\?xml\s[^>]{0,200}?)\s+encoding\s{0,9}=\s{0,9}["']([A-Za-z][\w.:-]{0,40})["']"""
)

# Nothing that has matched is tried again (the signs ++ and *+), and what fits nothing is refused: the time is linear.
_TAG: Final = re.compile(
    r"""<(?:!--(?:[^-]|-(?!->))*+-->|\?(?:[^?]|\?(?!>))*+\?>|!\[CDATA\[(?:[^\]]|\](?!\]>))*+\]\]>"""
    r"""|(?P<close>/[^<>"']*+>)|(?P<open>[^!?/<>"'\s][^<>"'=]*+(?:=[^<>"'=]*+(?:"[^"<]*+"|'[^'<]*+')[^<>"'=]*+)*+>)"""
    r"""|(?P<own>![A-Za-z])|(?P<stray>))"""
)

_LONG_BEGIN: Final = re.compile(rf"""\bxml(?:ns|:base)[^\s=]*+\s*+=\s*+["'][^"']{{{LONGEST_BEGIN}}}""")
_PARSE_TYPE: Final = re.compile(r"""\bparseType\s*+=\s*+["']([^"']*+)""")


def plain(data: bytes, most: int = 1_000_000) -> bytes:
    """The same document as UTF-8, if it is safe to be parsed; ``most`` is how many facts it may hold.

    >>> plain('<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16"))
    b'<?xml version="1.0"?><a/>'

    Raises:
        InputError: it has declarations of its own, is nested too deep, or is no XML; names the line.
        TooLargeError: it holds more facts.
    """
    text = _decoded(data)
    if not text.strip():
        raise InputError("The file is empty.")
    _look_at(text, most)
    return text.encode()


def _decoded(data: bytes) -> str:
    """The text, without the mark and the name of its encoding."""
    mark, encoding = next((each for each in _MARKS if data.startswith(each[0])), (b"", ""))
    encoding = encoding or next((name for begin, name in _BARE if data.startswith(begin)), "")
    if not encoding:
        declared = _DECLARED.match(data[:_HEAD].decode("latin-1"))
        encoding = declared[2].lower() if declared else "utf-8"
        if encoding not in _ENCODINGS:
            raise unreadable(1, f"we do not read the encoding {encoding}.", _SAVE)
    try:
        text = data.removeprefix(mark).decode(encoding)
    except UnicodeDecodeError as error:
        raise unreadable(data.count(b"\n", 0, error.start) + 1, f"it is not {encoding.upper()} text.", _SAVE) from None
    if "\0" in text:
        raise unreadable(text.count("\n", 0, text.index("\0")) + 1, "it holds a NUL character.")
    return _DECLARED.sub(r"\1", text[:_HEAD], count=1) + text[_HEAD:] if _DECLARED.match(text[:_HEAD]) else text


def _look_at(text: str, most: int) -> None:
    depth = line = at = count = 0
    for tag in _TAG.finditer(text):
        line += text.count("\n", at, tag.start())
        at = tag.start()
        match tag.lastgroup:
            case "own":
                detail = "it holds declarations of its own (DOCTYPE or ENTITY)."
                raise unreadable(line + 1, detail, "Take them out: we do not follow them.")
            case "stray":
                raise unreadable(line + 1, "a < stands where no tag begins.")
            case "close":
                depth -= 1
            case "open":
                depth += not tag[0].endswith("/>")
                count += 1
                if count > 2 * most:  # a fact takes one element, a thing another
                    raise too_many(most, line + 1)
                if depth > DEEPEST:
                    raise unreadable(line + 1, f"elements stand inside elements more than {DEEPEST} deep.")
                _look_at_tag(tag[0], line + 1)


def _look_at_tag(tag: str, line: int) -> None:
    if (parsed := _PARSE_TYPE.search(tag)) and parsed[1] not in {"Resource", "Collection"}:
        raise unreadable(line, "a value is a piece of XML.", "Write it as plain text.")
    if _LONG_BEGIN.search(tag):
        raise unreadable(line, f"a namespace or base is longer than {LONGEST_BEGIN} characters.")
    if tag.count("=") > ATTRIBUTES:
        raise unreadable(line, f"an element has more than {ATTRIBUTES} attributes.")
