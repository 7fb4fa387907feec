"""A desk over a practice home, with somebody for each role, a record of theirs and one of another's."""

from __future__ import annotations

import atexit
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from taxonomy.publishing.desk import Desk
from taxonomy.publishing.passwords import Passwords
from taxonomy.publishing.people import People, Person, Role
from taxonomy.publishing.sessions import Sessions
from taxonomy.site import reading
from taxonomy.site.desk import acting, create_desk
from taxonomy.store.releases import Home
from taxonomy.validation import Checkers

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CENTRE = "https://example.org/id/organisation/made-up-centre"
OTHER = "https://example.org/id/organisation/made-up-haven"
RECORD = Path(__file__).resolve().parents[2] / "publishing" / "records" / "made-up-centre.ttl"
WORDS = "lantern gravel orchestra"  # everybody's password, made up
PEOPLE = {
    "alex": ([Role.ADMINISTRATOR], []),
    "sam": ([Role.STEWARD], []),
    "robin": ([Role.CONTRIBUTOR], [CENTRE]),
    "kim": ([Role.CONTRIBUTOR], [OTHER]),
    "jo": ([Role.CONTRIBUTOR], []),
    "lee": ([Role.COMMISSIONER], []),
}


@dataclass
class Place:
    """A desk that is open, and who acts there."""

    app: Flask
    desk: Desk
    people: dict[str, Person]
    tokens: dict[str, str] = field(default_factory=dict)

    def visitor(self, name: str = "") -> Visitor:
        """A browser; of somebody who has signed in, where one is named."""
        client = self.app.test_client()
        client.environ_base["HTTP_ACCEPT"] = BROWSER
        if name:
            client.set_cookie("svssv-desk", Sessions(self.desk.ledger).begin(self.people[name]), domain="localhost")
        return Visitor(client)

    def submitted(self, text: str = "", by: str = "robin") -> int:
        """A record that waits; by default the made-up centre's."""
        folder = self.desk._home.path.parent
        path = folder / "record.ttl"
        path.write_text(text or RECORD.read_text(encoding="utf-8"), encoding="utf-8")
        receipt = self.desk.submit(path, self.people[by])
        assert receipt.submission, [finding.message for finding in receipt.report.findings]
        return receipt.submission.id


@dataclass
class Visitor:
    """A browser at the desk, that fills in the forms it was given."""

    client: FlaskClient

    def get(self, path: str, **how: object) -> TestResponse:
        return self.client.get(path, **how)  # type: ignore[arg-type]  # as the client takes it

    def send(self, page: str, path: str, **fields: object) -> TestResponse:
        """Open a page, and send a form of it."""
        found = re.search(r'name="mark" value="([0-9a-f]+)"', self.get(page).text)
        assert found, f"{page} has no form"
        return self.client.post(path, data={"mark": found[1], **fields})


def peopled(desk: Desk) -> dict[str, tuple[Person, str]]:
    """Somebody for each role, each with a token."""
    held = People(desk.ledger)
    added = {name: held.add(name, roles, organisations=own) for name, (roles, own) in list(PEOPLE.items())[1:]}
    return added | {"alex": held.add("alex", PEOPLE["alex"][0])}


@cache
def checkers() -> Checkers:
    """The workers that check files for every desk here; each desk's own would have to start first, which takes long."""
    held = Checkers()
    atexit.register(held.close)
    return held


@contextmanager
def opened(path: Path, people: Mapping[str, tuple[Person, str]] | None = None) -> Iterator[Place]:
    """A desk over a practice home, made where there is none, with the people who are there, or new ones."""
    home = Home.init(path, practice=True)
    app = create_desk(path)
    app.extensions["svssv-checkers"] = checkers()
    with Desk(home) as desk:
        added = people or peopled(desk)
        yield Place(
            app, desk, {name: each[0] for name, each in added.items()}, {name: each[1] for name, each in added.items()}
        )
    with app.app_context():
        acting.office().close()
        reading.current().close()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with opened(tmp_path / "practice") as found:
        yield found


@pytest.fixture
def with_password(place: Place) -> Place:
    """The same, and sam has a password."""
    Passwords(place.desk.ledger).set("sam", WORDS, by=place.people["sam"])
    return place
