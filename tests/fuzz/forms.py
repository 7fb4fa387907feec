"""The forms of a page, as a browser reads them, and what somebody might send with one who means no good."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st

MARK = "sv-probe"  # no element and no attribute of ours is called so
Sent = list[tuple[str, bytes]]  # what a form sends, in its order


@dataclass
class Field:
    """One field of a form, with what stands in it."""

    name: str
    kind: str  # hidden, text, file, password, select, textarea, checkbox, radio or submit
    value: str = ""
    chosen: bool = True  # whether a browser would send it as it stands


@dataclass
class Form:
    """One form of a page."""

    action: str
    method: str
    encoding: str
    fields: list[Field] = field(default_factory=list)

    @property
    def key(self) -> tuple[object, ...]:
        """The same for forms that differ in nothing but their values."""
        return (self.method, *sorted({(each.name, each.kind) for each in self.fields}))

    @property
    def names(self) -> list[str]:
        """The names of what somebody may fill in, and of what the page has filled in for them."""
        return list(dict.fromkeys(each.name for each in self.fields))

    @property
    def hidden(self) -> list[str]:
        """The names of what nobody types: it is the mark of a form, or which state of a thing was seen."""
        return list(dict.fromkeys(each.name for each in self.fields if each.kind == "hidden"))

    def as_it_stands(self) -> Sent:
        """What a browser sends when nothing is changed."""
        return [(each.name, each.value.encode()) for each in self.fields if each.chosen and each.kind != "file"]


class Page(HTMLParser):
    """The forms and the links of a page, its whole text, and whatever a stranger has slipped into it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.slipped: list[str] = []
        self.said: list[str] = []
        self._form: Form | None = None
        self._open: Field | None = None
        self._select = ""
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        """Everything that it says, and everything that its fields hold."""
        held = [each.value for form in self.forms for each in form.fields]
        return "\n".join(["".join(self.said), *held])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        runs = [value for name, value in given.items() if name in {"href", "action", "src"} and _runs(value)]
        if MARK in tag or any(MARK in name for name in given) or any(name.startswith("on") for name in given) or runs:
            self.slipped.append(self.get_starttag_text() or tag)
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "form":
            encoding = given.get("enctype", "application/x-www-form-urlencoded")
            self._form = Form(given.get("action", ""), given.get("method", "get").lower(), encoding)
            self.forms.append(self._form)
        elif self._form and tag in {"input", "textarea", "select", "button", "option"}:
            self._field(self._form, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "textarea" and self._open:
            self._open.value = self._open.value.removeprefix("\n")
        if tag in {"textarea", "form"}:
            self._open = None
        if tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open.value += data
        self.said.append(data)

    def _field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            form.fields.append(Field(self._select, "select", given.get("value", ""), "selected" in given))
        elif tag == "textarea" and name:
            self._open = Field(name, "textarea")
            form.fields.append(self._open)
        elif tag in {"input", "button"} and name:
            kind = given.get("type", "submit" if tag == "button" else "text")
            chosen = "checked" in given if kind in {"checkbox", "radio"} else kind != "submit"
            form.fields.append(Field(name, kind, given.get("value", ""), chosen))


def _runs(address: str) -> bool:
    return "".join(address.split()).lower().startswith(("javascript:", "vbscript:", "data:text/html,<"))


_NASTY: tuple[bytes, ...] = tuple(
    text if isinstance(text, bytes) else text.encode()
    for text in (
        "",
        " ",
        "\t\r\n",
        "\x00",
        "a\x00b",
        "\x1b[31m",
        "\x85\u2028\u2029",
        b"\xff\xfe",
        b"\xe2\x82",  # the first half of a character
        b"\xed\xa0\xbd",  # half of a pair
        b"\xf0\x9f\x98",
        "\u202eabc",
        "e\u0301" * 40,
        "\U0001f600",
        "x" * 5_000,
        "é" * 20_000,
        "9" * 20,
        "9" * 5_000,
        "-1",
        "0",
        "00000000000000000001",
        "1e309",
        "NaN",
        "1_000",
        "٣",
        "²",
        "1.5",
        "true",
        "null",
        "[]",
        '{"a": 1}',
        "2018-02-30",
        "9999-12-31",
        "0001-01-01",
        "10000-01-01",
        "2018-W11-1",
        "20180312",
        f"<{MARK}>",
        f'"><{MARK}>',
        f"'><{MARK}>",
        f'" {MARK}="1',
        f"' {MARK}='1",
        f"</textarea><{MARK}>",
        f"</title></script><{MARK}>",
        f"--><{MARK}>",
        "javascript:alert(1)",
        "data:text/html,<b>",
        "{{ 191 * 193 }}",
        "${191*193}",
        "%s%n%00",
        "' OR 1=1 --",
        "x> ?p ?o } #",
        '" } INSERT DATA { <x:a> <x:b> <x:c> } #',
        "../../../etc/passwd",
        "/steward/../../x",
        "//example.org/x",
        "https://example.org/a b",
        "https://[",
        "urn:x:" + "y" * 3_000,
        "E23000036",
        "organisation/made-up",
        "a, b; c",
        "x\r\nSet-Cookie: a=b",
        "=1+1",
        "*",
        "-",
        "(" * 500,
        '"' * 101,
    )
)


def nasty() -> st.SearchStrategy[bytes]:
    """What stands in a field that nobody expects there."""
    return st.one_of(
        st.sampled_from(_NASTY), st.text(max_size=60).map(lambda text: text.encode()), st.binary(max_size=40)
    )


@st.composite
def sent(draw: st.DrawFn, form: Form, kept: Sequence[str] = ()) -> Sent:
    """What is sent with a form: some fields changed, gone, repeated, or there that were not; those kept stay."""
    if draw(st.integers(0, 2)):  # a person changes nothing that is hidden
        kept = [*kept, *form.hidden]
    found: Sent = []
    for name, value in form.as_it_stands():
        for _ in range(1 if name in kept else draw(st.sampled_from((1, 1, 1, 1, 0, 2)))):
            changes = name not in kept and draw(st.booleans())
            found.append((name, draw(nasty()) if changes else value))
    others = [name for name in form.names if name not in {name for name, _ in found} and name not in kept]
    found += [(name, draw(nasty())) for name in others if draw(st.booleans())]
    choices = [(each.name, each.value.encode()) for each in form.fields if not each.chosen and each.name not in kept]
    found += draw(st.lists(st.sampled_from(choices), max_size=3)) if choices else []
    if draw(st.integers(0, 9)) == 0:
        found += [(f"more-{number}", b"x") for number in range(draw(st.sampled_from((1, 1_500, 5_000))))]
    if draw(st.integers(0, 9)) == 0 and found:
        found += [draw(st.sampled_from([each for each in found if each[0] not in kept] or [("x", b"")]))] * 200
    if draw(st.integers(0, 9)) == 0:
        found.append((draw(st.text(max_size=20)), draw(nasty())))
    return found


def written(fields: Sent) -> str:
    """Fields as an address or a body has them."""
    return "&".join(f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}" for name, value in fields)


def in_parts(fields: Sent, files: dict[str, tuple[str, bytes]]) -> tuple[bytes, str]:
    """Fields and files as ``multipart/form-data``, and its content type."""
    edge = b"svssv-edge"
    lines = []
    for name, value in fields:
        head = f'Content-Disposition: form-data; name="{_quoted(name)}"'.encode("utf-8", "replace")
        lines += [b"--" + edge, head, b"", value]
    for name, (called, content) in files.items():
        head = f'Content-Disposition: form-data; name="{_quoted(name)}"; filename="{_quoted(called)}"'.encode()
        lines += [b"--" + edge, head, b"Content-Type: application/octet-stream", b"", content]
    return b"\r\n".join([*lines, b"--" + edge + b"--", b""]), f"multipart/form-data; boundary={edge.decode()}"


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def faults(answer: Any, *, fields: Sent) -> Iterator[str]:
    """What is wrong with an answer, whatever was sent."""
    again = answer.status_code == 503 and "Retry-After" in answer.headers
    if answer.status_code >= 500 and not again:
        yield f"status {answer.status_code}"
    if any("\r" in value or "\n" in value for _, value in answer.headers):
        yield "a header of two lines"
    if "Set-Cookie" in answer.headers and any("a=b" in each for each in answer.headers.getlist("Set-Cookie")):
        yield "a cookie that was slipped in"
    body = answer.get_data(as_text=True) if answer.mimetype in {"text/html", "application/json"} else ""
    if "Traceback (most recent call last)" in body:
        yield "a traceback"
    if "36863" in body and not any(b"36863" in value for _, value in fields):  # 191 times 193
        yield "what was sent was worked out as a template"
    if answer.mimetype == "text/html":
        yield from (f"slipped in: {each[:200]}" for each in Page(body).slipped)
