"""A ledger that an earlier version made is brought up to this one, and nobody loses what they could do."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.people import EVERY_SCOPE, People
from taxonomy.publishing.tokens import fingerprint

CENTRE = "https://example.org/id/organisation/made-up-centre"
TOKEN = "svssv_a-token-from-before"
BEFORE = [
    "INSERT INTO people (id, name, added) VALUES (1, 'robin', '2026-11-01 09:00:00')",
    "INSERT INTO roles VALUES (1, 'contributor')",
    f"INSERT INTO tokens VALUES ('{fingerprint(TOKEN)}', 1, '2026-11-01 09:00:00')",
    "INSERT INTO submissions VALUES "
    f"(1, '{CENTRE}', 'https://w3id.org/svssv/graph/record/x', '', 1, '2026-11-01 09:00:00', 'submitted')",
]


def test_tokens_and_contributors_from_before_may_do_what_they_could(place: Path | str) -> None:
    engine = create_engine(f"sqlite:///{place}" if isinstance(place, Path) else place)
    config = Config()
    config.set_main_option("script_location", "taxonomy.publishing:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in BEFORE:
            connection.exec_driver_sql(statement)
    engine.dispose()
    with Ledger(place) as ledger:
        robin = People(ledger).verified("robin", TOKEN)
    assert (robin.scopes, robin.organisations) == (EVERY_SCOPE, {CENTRE})
