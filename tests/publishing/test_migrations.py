"""A ledger that an earlier version made is brought up to this one, and nobody loses what they could do."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from taxonomy.errors import StoreError
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.people import EVERY_SCOPE, People, Role
from taxonomy.publishing.proposal import Verdict
from taxonomy.publishing.proposals import Proposals
from taxonomy.publishing.tokens import fingerprint
from taxonomy.values import Iri

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


PROPOSED = "https://example.org/id/organisation/made-up-trust"


def test_what_was_decided_on_proposals_before_is_sealed_and_stays_as_it_was(place: Path | str) -> None:
    with Ledger(place) as ledger:
        sam = People(ledger).add("sam", [Role.STEWARD])[0]
    engine = create_engine(f"sqlite:///{place}" if isinstance(place, Path) else place)
    row = {"iri": PROPOSED, "names": '["The Made-Up Trust"]', "why": "Looked at", "by": sam.id, "on": WHEN}
    with engine.begin() as connection:
        for statement in _back_to_0006(engine.dialect.name):
            connection.execute(text(statement))
        for verdict in ("left", "undone"):
            connection.execute(
                text(
                    'INSERT INTO proposals (iri, names, verdict, known, label, kind, why, person_id, "when") '
                    "VALUES (:iri, :names, :verdict, '', '', '', :why, :by, :on)"
                ),
                row | {"verdict": verdict},
            )
    engine.dispose()
    with Ledger(place) as ledger:
        told = Proposals(ledger).history(Iri(PROPOSED))
        assert [(each.verdict, each.who, each.why) for each in told] == [
            (Verdict.LEFT, "sam", "Looked at"),
            (Verdict.UNDONE, "sam", "Looked at"),
        ]
        assert list(ledger.faults(seals=[ledger.seal])) == []
        with pytest.raises(StoreError, match="never changed"), ledger.session() as session:
            session.execute(text("UPDATE proposals SET why = 'Something else'"))


def _back_to_0006(database: str) -> list[str]:
    triggers = {
        "settlements_no_update": "settlements",
        "settlements_no_delete": "settlements",
        "proposals_kept": "proposals",
    }
    undone = [
        f"DROP TRIGGER {name}{'' if database == 'sqlite' else f' ON {table}'}" for name, table in triggers.items()
    ]
    functions = [] if database == "sqlite" else [f"DROP FUNCTION {name}()" for name in triggers]
    return [
        *undone,
        *functions,
        "DROP TABLE settlements",
        "ALTER TABLE proposals DROP COLUMN salt",
        "UPDATE alembic_version SET version_num = '0006'",
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
