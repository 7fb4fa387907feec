"""A ledger that an earlier version made is brought up to this one, and nobody loses what they could do."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.people import EVERY_SCOPE, People
from taxonomy.publishing.tokens import fingerprint

CENTRE = "https://example.org/id/organisation/made-up-centre"
TOKEN = "svssv_a-token-from-before"
WHEN = "2026-11-01 09:00:00"
RECORD = "https://w3id.org/svssv/graph/record/x"
BEFORE: list[tuple[str, dict[str, object]]] = [
    ("INSERT INTO people (id, name, added) VALUES (1, 'robin', :on)", {"on": WHEN}),
    ("INSERT INTO roles VALUES (1, 'contributor')", {}),
    ("INSERT INTO tokens VALUES (:sha256, 1, :on)", {"sha256": fingerprint(TOKEN), "on": WHEN}),
    (
        "INSERT INTO submissions VALUES (1, :owner, :graph, '', 1, :on, 'submitted')",
        {"owner": CENTRE, "graph": RECORD, "on": WHEN},
    ),
]


def test_tokens_and_contributors_from_before_may_do_what_they_could(place: Path | str) -> None:
    engine = create_engine(f"sqlite:///{place}" if isinstance(place, Path) else place)
    config = Config()
    config.set_main_option("script_location", "taxonomy.publishing:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement, values in BEFORE:
            connection.execute(text(statement), values)
    engine.dispose()
    with Ledger(place) as ledger:
        robin = People(ledger).verified("robin", TOKEN)
    assert (robin.scopes, robin.organisations) == (EVERY_SCOPE, {CENTRE})
