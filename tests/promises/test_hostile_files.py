"""Promise 7, for files: whatever is sent is answered in time, nothing of it is kept, and nobody is called."""

from __future__ import annotations

import io
import json
import os
import socket
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from taxonomy.namespaces import SV
from taxonomy.site import checking, create_app, reading

GOOD = (Path(__file__).parent.parent / "examples" / "records" / "made-up-centre.ttl").read_text()
RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="https://example.org/">'
BROWSER = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"
SECONDS = 10.0


def workbook(title: str = "Organisation") -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0].title = title
    book.worksheets[0].append(["Name of organisation", "Sector"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    out = io.BytesIO(workbook())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{number + 1} "{f"&a{number};" * 10}">' for number in range(20))
    return f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "ha">{entities}]>{RDF}&a20;</rdf:RDF>'.encode()


REFUSED: Mapping[str, tuple[str, bytes, int]] = {
    "nothing": ("mine.ttl", b"", 400),
    "spaces": ("mine.ttl", b" \n", 400),
    "no Turtle": ("mine.ttl", b"hello", 400),
    "not UTF-8": ("mine.ttl", b'<a:a> <a:b> "\xff" .', 400),
    "NUL": ("mine.nt", b'<a:a> <a:b> "\0" .', 400),
    "half of a sign": ("mine.nt", b'<a:a> <a:b> "\\ud800" .', 400),
    "a named graph": ("mine.trig", b"<a:g> { <a:a> <a:b> 1 }", 400),
    "a quad": ("mine.nq", b"<a:a> <a:b> <a:c> <a:g> .", 400),
    "a relative IRI": ("mine.ttl", b"<a> <a:b> 1 .", 400),
    "nothing but brackets": ("mine.ttl", b"<a:a> <a:b> " + b"[" * 100_000, 400),
    "a billion laughs": ("mine.rdf", laughs(), 400),
    "a billion laughs in UTF-16": ("mine.rdf", laughs().decode().encode("utf-16"), 400),
    "elements in elements": ("mine.rdf", RDF.encode() + b"<s:a><s:b>" * 50_000, 400),
    "a context elsewhere": ("mine.jsonld", b'{"@context": "http://127.0.0.1/", "@id": "a:a"}', 400),
    "objects in objects": ("mine.jsonld", b'{"a":' * 100_000, 400),
    "no JSON": ("mine.jsonld", b"{", 400),
    "a part of a zip": ("mine.xlsx", workbook()[:-100], 400),
    "a workbook with a password": ("mine.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048), 400),
    "a workbook with macros": ("mine.xlsx", with_part("xl/vbaProject.bin", b"macro"), 400),
    "a way out of a workbook": ("mine.xlsx", with_part("../../etc/passwd", b"root"), 400),
    "a sheet with an entity": ("mine.xlsx", with_part("xl/a.xml", b'<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'), 400),
    "a sheet that is cut short": ("mine.xlsx", with_part("xl/worksheets/sheet2.xml", b"<worksheet><sheetData>"), 400),
    "a workbook that is a bomb": ("mine.xlsx", with_part("xl/a.bin", bytes(60 * 2**20)), 413),
    "a text of 9 MB": ("mine.ttl", b'<a:a> <a:b> "' + b"x" * (9 * 2**20) + b'" .', 400),
    "more than a file may be": ("mine.ttl", b"#" * (11 * 2**20), 413),
    "too many facts": ("mine.ttl", b"<a:a> <a:b> " + b"1," * 600_000 + b"1 .", 413),
    "too many facts of one": (
        "mine.ttl",
        f"<a:a> a <{SV}Organisation> ; <a:b> {','.join(map(str, range(6_000)))} .".encode(),
        413,
    ),
    "too many values": ("mine.jsonld", b"[" + b"{}," * 1_000_001 + b"{}]", 413),
    "a program": ("mine.exe", b"MZ\x90", 415),
    "no ending": ("mine", b"hello", 415),
    "a zip of something else": ("mine.zip", b"PK\x05\x06" + bytes(18), 415),
    "a sheet of something else": ("mine.xlsx", workbook("Menu"), 422),
    "no organisation": ("mine.ttl", b"<a:a> <a:b> 1 .", 422),
    "an empty graph": ("mine.jsonld", b"[]", 422),
}


@pytest.fixture(scope="module")
def app(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The site, whose temporary files would all be seen."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(tmp_path_factory.mktemp("kept")))
        app = create_app(home)
        send(app.test_client(), "mine.ttl", GOOD.encode(), BROWSER)  # the first file starts a checker
        yield app
        with app.app_context():
            checking.checkers().close()
            reading.current().close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def calls() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a listener on this machine, and who called it."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        ended = threading.Event()

        def listen() -> None:
            while not ended.is_set():
                try:
                    caller, _ = listener.accept()
                except TimeoutError:
                    continue
                with caller:
                    heard.append(caller.recv(1000))

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/", heard
        ended.set()
        thread.join()


def send(client: FlaskClient, name: str, data: bytes, accept: str) -> tuple[int, str, float]:
    started = spent(client)
    head = f'--end\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + data + b"\r\n--end--\r\n"
    kind = "multipart/form-data; boundary=end"
    answer = client.post("/validate", data=body, content_type=kind, headers={"Accept": accept})
    return answer.status_code, answer.text, spent(client) - started


def spent(client: FlaskClient) -> float:
    """Seconds that processors have worked for this process and its checkers; on an idle machine, those of the clock."""
    with client.application.app_context():
        workers = [*checking.checkers()._pool._idle]
    ticks = 0
    for worker in workers:
        said = Path(f"/proc/{worker._process.pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(said[11]) + int(said[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("accept", [BROWSER, "application/json"], ids=["page", "json"])
@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_answered_in_words_and_in_time(client: FlaskClient, name: str, accept: str) -> None:
    file, data, status = REFUSED[name]
    answered, text, seconds = send(client, file, data, accept)
    assert answered == status
    assert seconds < SECONDS
    if accept == BROWSER:
        assert "<h1" in text
        assert "Traceback" not in text
    else:
        error = json.loads(text)["error"]
        assert error["status"] == status
        assert error["detail"]
        assert "\n" not in error["detail"]


def test_nothing_of_a_file_is_kept(client: FlaskClient, home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    canary = b"canary-in-a-hostile-file"
    before = sorted(home.rglob("*"))
    for data in (b'<a:a> <a:b> "' + canary + b'" .', GOOD.encode().replace(b"Made-Up Refuge", canary), canary):
        send(client, "mine.ttl", data, "application/json")
    assert sorted(home.rglob("*")) == before
    assert not any(canary in path.read_bytes() for path in home.rglob("*") if path.is_file())
    for folder in tmp_path_factory.getbasetemp().glob("kept*"):
        assert list(folder.iterdir()) == []


def calling(address: str) -> Mapping[str, tuple[str, str]]:
    """Files that ask a reader to call an address."""
    context = json.dumps(address)
    return {
        "a context": ("a.jsonld", f'{{"@context": {context}, "@id": "a:a"}}'),
        "a context in a list": ("a.jsonld", f'{{"@context": [{context}], "@id": "a:a"}}'),
        "an imported context": ("a.jsonld", f'{{"@context": {{"@import": {context}}}, "@id": "a:a"}}'),
        "a context of a term": (
            "a.jsonld",
            f'{{"@context": {{"t": {{"@id": "a:t", "@context": {context}}}}}, "@id": "a:a", "t": {{"@id": "a:b"}}}}',
        ),
        "a context of a thing": ("a.jsonld", f'{{"@id": "a:a", "a:b": {{"@context": {context}, "@id": "a:c"}}}}'),
        "an external entity": ("a.rdf", f'<!DOCTYPE a [<!ENTITY e SYSTEM "{address}">]>{RDF}&e;</rdf:RDF>'),
        "an external definition": ("a.rdf", f'<!DOCTYPE a SYSTEM "{address}">{RDF}</rdf:RDF>'),
        "a parameter entity": ("a.rdf", f'<!DOCTYPE a [<!ENTITY % e SYSTEM "{address}"> %e;]>{RDF}</rdf:RDF>'),
        "a stylesheet": ("a.rdf", f'<?xml-stylesheet href="{address}"?>{RDF}</rdf:RDF>'),
        "an inclusion": (
            "a.rdf",
            f'{RDF}<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{address}"/></rdf:RDF>',
        ),
        "an import": ("a.ttl", f"{GOOD}\n<{address}> <http://www.w3.org/2002/07/owl#imports> <{address}> ."),
        "shapes of its own": (
            "a.ttl",
            f"{GOOD}\n<{address}> <http://www.w3.org/ns/shacl#shapesGraph> <{address}> .",
        ),
        "a website": ("a.ttl", GOOD.replace("https://made-up-centre.example/", address)),
    }


@pytest.mark.parametrize("name", calling(""))
def test_no_file_makes_the_server_call_an_address(
    client: FlaskClient, calls: tuple[str, list[bytes]], name: str
) -> None:
    address, heard = calls
    file, text = calling(address)[name]
    status, _, _ = send(client, file, text.encode(), "application/json")
    assert status in {200, 400, 422}
    time.sleep(0.2)
    assert heard == []


SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
<https://w3id.org/svssv/shapes#AgreementShape-endDate> sh:deactivated true .
<https://w3id.org/svssv/shapes#ServiceShape> sh:sparql [] .
"""


def test_rules_that_a_file_brings_are_not_run_and_switch_none_of_ours_off(client: FlaskClient) -> None:
    broken = GOOD.replace('sv:endDate "2027-03-31"^^xsd:date', 'sv:endDate "next spring"')
    own = SHAPES.replace("sh:sparql []", 'sh:js "a"')
    _, text, _ = send(client, "mine.ttl", f"{broken}\n{own}".encode(), "application/json")
    found = {each["rule"].rpartition("#")[2] for each in json.loads(text)["findings"]}
    assert "AgreementShape-endDate" in found
    assert "Reading-thingUnknown" in found


@pytest.mark.parametrize(
    "thing",
    [
        "<https://w3id.org/svssv/ontology#Service>",
        "<https://w3id.org/svssv/id/organisation/ministry-of-justice>",
        "<http://statistics.data.gov.uk/id/statistical-geography/E23000036>",
        "<https://w3id.org/svssv/graph/record/made-up-neighbour>",
    ],
)
def test_a_file_may_not_speak_of_what_is_not_its_own(client: FlaskClient, thing: str) -> None:
    text = f'{GOOD}\n{thing} rdfs:label "Made-Up takeover"@en .'
    _, answer, _ = send(client, "mine.ttl", text.encode(), "application/json")
    assert json.loads(answer)["conforms"] is False


HEAVY = {
    "a ring of wider classes": "".join(
        f"<a:{number}> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <a:{(number + 1) % 1_500}> .\n"
        for number in range(1_500)
    ),
    "many names of one": "".join(
        f"<a:{number}> <http://www.w3.org/2002/07/owl#sameAs> <a:{number + 1}> .\n" for number in range(300)
    ),
    "a ring of areas": "".join(f"<a:{number}> sv:within <a:{(number + 1) % 3_000}> .\n" for number in range(3_000)),
}


@pytest.mark.parametrize("name", HEAVY)
def test_terms_that_are_heavy_to_reason_over_are_not_reasoned_over(client: FlaskClient, name: str) -> None:
    status, _, seconds = send(client, "mine.ttl", f"{GOOD}\n{HEAVY[name]}".encode(), "application/json")
    assert status in {200, 413}
    assert seconds < SECONDS


@pytest.mark.parametrize("name", ["../../etc/passwd.ttl", "a\u202elld.ttl", "CON.ttl", "<b>.ttl", "x" * 300 + ".ttl"])
def test_a_hostile_name_is_no_path_and_no_markup(client: FlaskClient, name: str) -> None:
    status, text, _ = send(client, name, GOOD.encode(), BROWSER)
    assert status == 200
    assert "etc/passwd" not in text
    assert "\u202e" not in text
    assert "<b>" not in text
