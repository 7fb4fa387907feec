"""A release to take away whole: its manifest as data, all of it as one file, and where that is said."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from taxonomy.site import create_app, reading
from taxonomy.store import dumps
from taxonomy.store.releases import Home
from taxonomy.store.withheld import Withheld, write

DUMP = "/releases/1/dump.nq.gz"


def test_the_manifest_of_a_release_is_its_data(client: FlaskClient, home: Path) -> None:
    manifest = Home.open(home).manifest(1)
    told = client.get("/releases/1.json").json
    assert told
    assert {name: told[name] for name in ("release", "hash", "graphs", "counts")} == {
        "release": 1,
        "hash": manifest.hash,
        "graphs": dict(manifest.graphs),
        "counts": dict(manifest.counts),
    }
    assert client.get("/releases/1", headers={"Accept": "application/json"}).json == told


def test_the_manifest_says_where_the_dump_is_and_what_it_must_be(client: FlaskClient) -> None:
    told = client.get("/releases/1.json").json
    assert told
    data = client.get(told["dump"]["address"]).data
    assert (len(data), hashlib.sha256(data).hexdigest()) == (told["dump"]["bytes"], told["dump"]["sha256"])


def test_the_dump_is_every_fact_of_the_release(client: FlaskClient, home: Path) -> None:
    reply = client.get(DUMP)
    quads = list(parse(gzip.decompress(reply.data), RdfFormat.N_QUADS))
    assert len({quad.triple for quad in quads}) == Home.open(home).manifest(1).counts["triples"]
    assert reply.headers["Content-Type"] == "application/gzip"
    assert reply.headers["Content-Disposition"] == 'attachment; filename="svssv-release-1.nq.gz"'


def test_who_holds_the_dump_is_not_sent_it_again(client: FlaskClient) -> None:
    tag = client.get(DUMP).headers["ETag"]
    reply = client.get(DUMP, headers={"If-None-Match": tag})
    assert (reply.status_code, reply.data) == (304, b"")


def test_the_hash_beside_the_dump_names_the_file_as_it_is_saved(client: FlaskClient) -> None:
    reply = client.get(DUMP)
    assert client.get(f"{DUMP}.sha256").text == f"{hashlib.sha256(reply.data).hexdigest()}  svssv-release-1.nq.gz\n"


def test_the_page_of_a_release_leads_to_the_dump_with_its_size(browser: FlaskClient, home: Path) -> None:
    page = browser.get("/releases/1").text
    found = dumps.find(Home.open(home).folder(1))
    assert found
    link = re.search(rf'<a [^>]*href="{re.escape(DUMP)}">[^<]*\((.+?)\)</a>', page)
    assert link
    assert link[1] == f"{found.size / 1e3:.1f} kB"
    assert found.sha256 in page


def test_the_description_of_the_release_names_the_dump(client: FlaskClient) -> None:
    turtle = client.get("/.well-known/void").text
    assert re.search(r"void#dataDump> <http://[^>]+/releases/1/dump\.nq\.gz>", turtle)


def test_the_list_of_releases_is_data_too(client: FlaskClient) -> None:
    told = client.get("/releases.json").json
    assert told
    assert [(row["number"], row["in_service"]) for row in told["rows"]] == [("1", True)]
    assert client.get("/releases.csv").text.splitlines()[1].startswith("https://w3id.org/svssv/release/1,")
    assert "Release 1" in client.get("/releases.ttl").text


def test_a_dump_that_is_not_made_yet_is_said_to_be_being_prepared(home: Path, tmp_path: Path) -> None:
    copied = Home.open(shutil.copytree(home, tmp_path / "home", symlinks=True))
    (copied.folder(1) / dumps.NAME).unlink()
    app = create_app(copied.path)
    client = app.test_client()
    try:
        reply = client.get(DUMP)
        assert (reply.status_code, reply.headers["Retry-After"]) == (503, "5")
        assert "is being prepared" in reply.json["error"]["detail"]  # type: ignore[index]  # the answer is an object
        assert client.get("/releases/1.json").json["dump"] is None  # type: ignore[index]  # likewise
        assert "being prepared" in client.get("/releases/1", headers={"Accept": "text/html"}).text
        assert "dataDump" not in client.get("/.well-known/void").text
    finally:
        with app.app_context():
            reading.current().close()


def test_what_is_withdrawn_while_it_is_sent_is_sent_no_further(home: Path, tmp_path: Path) -> None:
    copied = Home.open(shutil.copytree(home, tmp_path / "home", symlinks=True))
    app = create_app(copied.path)
    try:
        reply = app.test_client().get(DUMP, buffered=False)
        pieces = reply.iter_encoded()
        first = next(pieces)
        graph = next(iter(copied.manifest(1).graphs))
        write(copied.path, Withheld(graphs=(graph,), submissions=(), by=1, reason="made up", in_service="1"))
        assert list(pieces) == []
        assert 0 < len(first) < int(reply.headers["Content-Length"])
    finally:
        with app.app_context():
            reading.current().close()


@pytest.mark.parametrize("address", ["/releases/9/dump.nq.gz", "/releases/9.json", "/releases/x/dump.nq.gz.sha256"])
def test_a_release_that_never_was_has_neither(client: FlaskClient, address: str) -> None:
    reply = client.get(address, headers={"Accept": "application/json"})
    assert (reply.status_code, json.loads(reply.data)["error"]["status"]) == (404, 404)
