"""A hostile file in a syntax of RDF is refused by the worker that parses it: in time, in memory, in one clear line."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from taxonomy import sandbox
from taxonomy.errors import InputError, TooLargeError
from taxonomy.settings import Bounds

LARGE = 9 * 2**20  # bytes, as large as a file may be
FACTS = 500_000
FACT = b"<a:a> <a:b> "
RDF = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="https://example.org/">'
THING = RDF + b'<s:A rdf:about="a:b"><s:b>'
LAUGHS = (
    '<?xml version="1.0"{}?><!DOCTYPE a [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{number + 1} "{f"&a{number};" * 10}">' for number in range(20))
    + "]><a>&a20;</a>"
)


def full_of(unit: bytes, before: bytes = b"", after: bytes = b"") -> bytes:
    """A file that is as large as a file may be, of one thing again and again."""
    return before + unit * ((LARGE - len(before) - len(after)) // len(unit)) + after


def many(form: str, count: int, before: str = "", after: str = "", between: str = "") -> bytes:
    """A file of many things that differ."""
    return (before + between.join(form.replace("#", str(number)) for number in range(count)) + after).encode()


HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "turtle: brackets in brackets": ("turtle", lambda: full_of(b"[ <a:b> ", FACT), "64 deep"),
    "turtle: lists in lists": ("turtle", lambda: full_of(b"(", FACT), "64 deep"),
    "turtle: statements in statements": ("turtle", lambda: full_of(b"<< "), "64 deep"),
    "turtle: a text without an end": ("turtle", lambda: full_of(b'\\"""', FACT + b'"""'), "no end"),
    "turtle: a text of everything": ("turtle", lambda: full_of(b"x", FACT + b'"', b'" .'), "longer than 10,000"),
    "turtle: an IRI of everything": ("turtle", lambda: full_of(b"x", FACT + b"<a:", b"> ."), "longer than 2,000"),
    "turtle: a number of everything": ("turtle", lambda: full_of(b"9", FACT, b" ."), "longer than 10,000"),
    "turtle: too many facts": ("turtle", lambda: full_of(b"1,", FACT, b"1 ."), "more than 500,000 facts"),
    "turtle: too many prefixes": ("turtle", lambda: many("@prefix p#: <a:#> .\n", 9_000), "more than 1,000 prefixes"),
    "turtle: a prefix that makes all long": (
        "turtle",
        lambda: many("p:#", 90_000, f"@prefix p: <a:{'x' * 1_900}> . <a:a> <a:b> ", " .", ","),
        "longer than 300",
    ),
    "turtle: semicolons": ("turtle", lambda: full_of(b";", FACT + b"1 "), "line 1"),
    "turtle: words": ("turtle", lambda: full_of(b"a "), "missing"),
    "turtle: languages": ("turtle", lambda: full_of(b"@a-"), "stands where none can"),
    "turtle: not UTF-8": ("turtle", lambda: b'\n<a:a> <a:b> "\xff" .', "line 2.*UTF-8"),
    "trig: graphs in graphs": ("trig", lambda: full_of(b"{ "), "64 deep"),
    "trig: a named graph": ("trig", lambda: b"\n<a:g> { <a:a> <a:b> 1 }", "line 2.*named graph"),
    "trig: a graph without a name": ("trig", lambda: b"[] { <a:a> <a:b> 1 }", "named graph"),
    "nquads: a named graph": ("nquads", lambda: b"\n<a:a> <a:b> <a:c> <a:g> .", "line 2.*named graph"),
    "ntriples: too many facts": ("ntriples", lambda: full_of(b"<a:a><a:b><a:c>.\n"), "more than 500,000 facts"),
    "ntriples: a lone surrogate": ("ntriples", lambda: b'<a:a> <a:b> "\\uD800" .', "line 1"),
    "ntriples: a relative IRI": ("ntriples", lambda: b"<a> <a:b> <a:c> .", "line 1"),
    "rdfxml: a billion laughs": ("rdfxml", lambda: LAUGHS.format("").encode(), "declarations"),
    "rdfxml: a billion laughs in UTF-16": ("rdfxml", lambda: LAUGHS.format("").encode("utf-16"), "declarations"),
    "rdfxml: the same without a mark": ("rdfxml", lambda: LAUGHS.format("").encode("utf-16-be"), "declarations"),
    "rdfxml: the same in Latin-1": (
        "rdfxml",
        lambda: LAUGHS.format(' encoding="ISO-8859-1"').encode(),
        "declarations",
    ),
    "rdfxml: an encoding that hides": (
        "rdfxml",
        lambda: b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-',
        "encoding utf-7",
    ),
    "rdfxml: a file as an entity": (
        "rdfxml",
        lambda: b'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/hostname">]>' + THING + b"&f;</s:b></s:A></rdf:RDF>",
        "declarations",
    ),
    "rdfxml: elements in elements": ("rdfxml", lambda: full_of(b"<s:a><s:b>", RDF), "64 deep"),
    "rdfxml: attributes": ("rdfxml", lambda: many(' s:a#=""', 90_000, RDF.decode() + "<s:a", "/>"), "100 attributes"),
    "rdfxml: too many elements": ("rdfxml", lambda: full_of(b"<s:a/>", RDF), "more than 500,000 facts"),
    "rdfxml: a text of everything": ("rdfxml", lambda: full_of(b"x", THING, b"</s:b></s:A></rdf:RDF>"), "10,000"),
    "rdfxml: a piece of XML": (
        "rdfxml",
        lambda: full_of(b"<a/>", THING.replace(b"<s:b>", b'<s:b rdf:parseType="Literal">')),
        "piece of XML",
    ),
    "rdfxml: a comment without an end": ("rdfxml", lambda: full_of(b"<!--"), "no tag begins"),
    "rdfxml: spaces where the encoding stands": ("rdfxml", lambda: full_of(b" ", b"<?xml ", b"?><a"), "no tag begins"),
    "rdfxml: a relative IRI": ("rdfxml", lambda: RDF + b'<s:A rdf:about="a"/></rdf:RDF>', "line 1"),
    "rdfxml: a sign that no text may hold": ("rdfxml", lambda: THING + b"&#0;</s:b></s:A></rdf:RDF>", "line 1"),
    "jsonld: objects in objects": ("jsonld", lambda: full_of(b'{"a":'), "64 deep"),
    "jsonld: too many values": ("jsonld", lambda: full_of(b"{},", b"[", b"{}]"), "more than 1,000,000 values"),
    "jsonld: too many names in a context": (
        "jsonld",
        lambda: many('"a#":"a:#"', 90_000, '{"@context":{', '},"@id":"a:a"}', ","),
        "more than 1,000 names",
    ),
    "jsonld: a context again and again": (
        "jsonld",
        lambda: full_of(b'"https://w3id.org/svssv/context",', b'{"@id":"a:a","@context":[', b"{}]}"),
        "more than 20 contexts",
    ),
    "jsonld: a context for each thing": (
        "jsonld",
        lambda: many('{"@context":{"a#":"a:#"},"@id":"a:a"}', 9_000, "[", "]", ","),
        "more than 1,000 parts",
    ),
    "jsonld: a context that makes all long": (
        "jsonld",
        lambda: json.dumps({"@context": {"a": "a:" + "x" * 400}, "@id": "a:a", "a": 1}).encode(),
        "more than 300 characters",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_by_a_worker_that_takes_little_time_and_memory(name: str) -> None:
    syntax, made, said = HOSTILE[name]
    request = json.dumps([syntax, FACTS]).encode() + b"\n" + made()
    with contextlib.closing(sandbox.Worker("taxonomy.intake.parsing", (), Bounds().limits)) as worker:
        assert worker.isolated
        started = time.monotonic()
        with pytest.raises(InputError, match=said) as refused:
            worker.call(request)
        assert time.monotonic() - started < 10
        assert peak(worker) < 2**30
    assert "\n" not in str(refused.value)
    assert isinstance(refused.value, TooLargeError) == ("facts" in said or "values" in said)


def peak(worker: sandbox.Worker) -> int:
    """The most memory, in bytes, that a worker that lives has ever held."""
    status = Path(f"/proc/{worker._process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024
