"""What is for the steward alone, sealed; who opened it; and what people asked to have corrected or erased.

Of something sealed nothing but its box and the name of its key is ever changed (for a new key), and it goes only once
somebody has decided to erase its submission. An opening is never changed or deleted.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_AS_SEALED: Final = ("submission_id", "number", "what", "commitment")


def upgrade() -> None:
    """Make the tables, and the rules that hold them."""
    text, moment, number, day = sa.Text(), sa.DateTime(), sa.Integer(), sa.Date()
    op.create_table(
        "restricted",
        sa.Column("submission_id", number, sa.ForeignKey("contents.submission_id"), primary_key=True),
        sa.Column("number", number, primary_key=True, autoincrement=False),
        sa.Column("what", text, nullable=False),
        sa.Column("commitment", text, nullable=False),
        sa.Column("key", text, nullable=False),
        sa.Column("box", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "openings",
        sa.Column("id", number, primary_key=True, autoincrement=False),
        sa.Column("submission_id", number, sa.ForeignKey("submissions.id"), nullable=False),
        sa.Column("what", text, nullable=False),
        sa.Column("person_id", number, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("when", moment, nullable=False),
        sa.Column("seal", text, nullable=False),
    )
    op.create_table(
        "requests",
        sa.Column("id", number, primary_key=True),
        sa.Column("kind", text, nullable=False),
        sa.Column("about", text, nullable=False),
        sa.Column("received", day, nullable=False),
        sa.Column("due", day, nullable=False),
        sa.Column("taken_by", number, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("closed", day),
        sa.Column("closed_by", number, sa.ForeignKey("people.id")),
        sa.Column("outcome", text),
    )
    _hold()


def _hold() -> None:
    for change in ("UPDATE", "DELETE"):
        _trigger(f"openings_no_{change.lower()}", f"{change} ON openings", "1 = 1", "an opening is never undone")
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in _AS_SEALED)
    _trigger("restricted_as_sealed", "UPDATE ON restricted", changed, "what was sealed is never exchanged")
    erased = "SELECT 1 FROM decisions WHERE submission_id = OLD.submission_id AND what = 'erased'"
    _trigger(
        "restricted_kept",
        "DELETE ON restricted",
        f"NOT EXISTS ({erased})",
        "what is sealed is never deleted unless erased",
    )


def _trigger(name: str, when: str, condition: str, reason: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        condition = condition.replace("IS DISTINCT FROM", "IS NOT")
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{reason}'); END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN "
        f"RAISE EXCEPTION '{reason}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {when} FOR EACH ROW EXECUTE FUNCTION {name}()")
