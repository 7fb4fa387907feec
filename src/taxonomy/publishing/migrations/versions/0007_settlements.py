"""Decisions on proposals to the register become links of the chain; those from before are added at its end."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from typing import Final

import sqlalchemy as sa
from alembic import op

from taxonomy.publishing import chain

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SAID: Final = ("iri", "names", "verdict", "known", "label", "kind", "why")
_HELD: Final = "proposals_no_update"


def upgrade() -> None:
    """Make the table, give each decision its salt, and seal it."""
    text, number = sa.Text(), sa.Integer()
    settlements = op.create_table(
        "settlements",
        sa.Column("id", number, primary_key=True, autoincrement=False),
        sa.Column("proposal_id", number, nullable=False),
        sa.Column("what", text, nullable=False),
        sa.Column("contents", text, nullable=False),
        sa.Column("person_id", number, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("when", sa.DateTime(), nullable=False),
        sa.Column("seal", text, nullable=False),
    )
    op.add_column("proposals", sa.Column("salt", sa.LargeBinary(), nullable=False, server_default=sa.text("''")))
    _seal(settlements)
    for change in ("UPDATE", "DELETE"):
        _trigger(
            f"settlements_no_{change.lower()}",
            f"BEFORE {change} ON settlements",
            "1 = 1",
            "a decision is never changed or deleted",
        )
    forgotten = "SELECT 1 FROM settlements WHERE proposal_id = OLD.id AND what = 'forgotten'"
    _trigger(
        "proposals_kept",
        "BEFORE DELETE ON proposals",
        f"NOT EXISTS ({forgotten})",
        "what was decided on a proposal is never deleted unless forgotten",
    )


def _seal(settlements: sa.Table) -> None:
    """Add what was decided before to the chain, in its order."""
    connection = op.get_bind()
    columns = [sa.column(name, sa.Text()) for name in _SAID]
    held = sa.table(
        "proposals",
        sa.column("id", sa.Integer()),
        *columns,
        sa.column("person_id", sa.Integer()),
        sa.column("when", sa.DateTime()),
        sa.column("salt", sa.LargeBinary()),
    )
    head = sa.table("head", sa.column("id", sa.Integer()), sa.column("length", sa.Integer()), sa.column("seal"))
    rows = connection.execute(sa.select(held).order_by(held.c.id)).mappings().all()
    if not rows:
        return
    length, seal = connection.execute(sa.select(head.c.length, head.c.seal)).one()
    with _unheld(connection):
        for row in rows:
            length += 1
            salt = secrets.token_bytes(16)
            link = chain.Settling(
                number=length,
                proposal=row["id"],
                what=row["verdict"],
                contents=chain.commitment(salt, (row[name].encode() for name in _SAID)),
                person=row["person_id"],
                when=row["when"].replace(tzinfo=UTC),
            )
            seal = link.seal(seal)
            connection.execute(held.update().where(held.c.id == row["id"]).values(salt=salt))
            connection.execute(
                settlements.insert().values(
                    id=length,
                    proposal_id=link.proposal,
                    what=link.what,
                    contents=link.contents,
                    person_id=link.person,
                    when=row["when"],
                    seal=seal,
                )
            )
    connection.execute(head.update().values(length=length, seal=seal))


@contextmanager
def _unheld(connection: sa.Connection) -> Iterator[None]:
    """While its rows get their salt, the table lets itself be changed."""
    if connection.dialect.name == "sqlite":
        wanted = sa.text("SELECT sql FROM sqlite_master WHERE name = :name")
        made = connection.execute(wanted, {"name": _HELD}).scalar_one()
        op.execute(f"DROP TRIGGER {_HELD}")
        yield
        op.execute(made)
    else:
        op.execute(f"ALTER TABLE proposals DISABLE TRIGGER {_HELD}")
        yield
        op.execute(f"ALTER TABLE proposals ENABLE TRIGGER {_HELD}")


def _trigger(name: str, when: str, condition: str, reason: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} {when} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{reason}'); END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN "
        f"RAISE EXCEPTION '{reason}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {name}()")
