"""What every picture is held to."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from taxonomy.namespaces import EXAMPLE

SVG = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "desc", "defs", "pattern", "g", "a", "rect", "path", "polygon", "polyline", "text"}
HOSTILE = [
    '"<script>alert(1)</script>',
    "</title></svg><script>alert(1)</script>",
    "'onload='alert(1)",
    "two\nlines\r\tand a tab",
    "back\\slash \\N \\G \\",
    "]]> &amp; &#x3c; <!-- --> {{ 7 * 7 }} {% raw %}",
    "a" * 300,
    "W" * 300,
    "word " * 60,
    "مركز مختلق",
    "\u202eright to left\u202c",
    "\x00\x1b[31m\x7f",
    "\ud800",
    "案例" * 40,
    "",
]


def strict(svg: str) -> Element:
    """The picture as a tree, once it is known to hold nothing that a strict policy or a careful reader would refuse."""
    tree: Element = fromstring(svg)
    for element in tree.iter():
        assert element.tag.removeprefix(SVG) in ELEMENTS
        for name in element.attrib:
            assert name != "style"
            assert not name.startswith("on")
        assert element.get("href", "/").startswith("/")
    assert tree.get("role") == "group"
    named = {element.get("id") for element in tree.iter() if element.text and element.get("id")}
    assert set(tree.get("aria-labelledby", "").split()) <= named
    return tree


@pytest.fixture(scope="session")
def looked_at() -> Callable[[str], Element]:
    """Reads a picture, and refuses what no page may hold."""
    return strict


@pytest.fixture(params=HOSTILE, ids=range(len(HOSTILE)))
def hostile(request: pytest.FixtureRequest) -> str:
    """A label that somebody could have typed."""
    return str(request.param)


@pytest.fixture(scope="session")
def address() -> Callable[[str], str]:
    """The address of a thing on the site."""
    return lambda iri: "/things/" + iri.removeprefix(EXAMPLE)
