"""The ledger, with its chain of decisions.

What was submitted, decided and said is held to by the database itself, against the most careless script: decisions are
only ever added, contents and reasons never change, and go only once somebody has decided to erase their submission.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_STATES: Final = "'submitted', 'returned', 'approved', 'published', 'superseded', 'withdrawn', 'erased'"
_REFUSED: Final = {
    "decisions": ("UPDATE OR DELETE", "a decision is never changed or deleted"),
    "submissions": ("DELETE", "a submission is never deleted"),
    "contents": ("UPDATE", "what was submitted is never changed"),
    "reasons": ("UPDATE", "a reason is never changed"),
}
_ERASED: Final = {
    "contents": "OLD.submission_id",
    "reasons": "(SELECT submission_id FROM decisions WHERE decisions.id = OLD.decision_id)",
}
_AS_SUBMITTED: Final = ("id", "owner", "graph", "commitment", "submitted_by", "submitted")


def upgrade() -> None:
    """Make the tables, the rules that hold them, and the empty chain."""
    text, moment, number = sa.Text(), sa.DateTime(), sa.Integer()
    op.create_table(
        "people",
        sa.Column("id", number, primary_key=True),
        sa.Column("name", text, nullable=False, unique=True),
        sa.Column("added", moment, nullable=False),
        sa.Column("disabled", moment),
    )
    op.create_table(
        "roles",
        sa.Column("person_id", number, sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("role", text, primary_key=True),
    )
    op.create_table(
        "tokens",
        sa.Column("sha256", text, primary_key=True),
        sa.Column("person_id", number, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("issued", moment, nullable=False),
    )
    op.create_table(
        "submissions",
        sa.Column("id", number, primary_key=True),
        sa.Column("owner", text, nullable=False),
        sa.Column("graph", text, nullable=False),
        sa.Column("commitment", text, nullable=False),
        sa.Column("submitted_by", number, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("submitted", moment, nullable=False),
        sa.Column("state", text, nullable=False),
        sa.CheckConstraint(f"state IN ({_STATES})", "state"),
    )
    op.create_table(
        "contents",
        sa.Column("submission_id", number, sa.ForeignKey("submissions.id"), primary_key=True),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("file_name", text, nullable=False),
        sa.Column("sha256", text, nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("report", text, nullable=False),
    )
    op.create_table(
        "decisions",
        sa.Column("id", number, primary_key=True, autoincrement=False),
        sa.Column("submission_id", number, sa.ForeignKey("submissions.id"), nullable=False),
        sa.Column("what", text, nullable=False),
        sa.Column("person_id", number, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("when", moment, nullable=False),
        sa.Column("reason_commitment", text, nullable=False),
        sa.Column("seal", text, nullable=False),
    )
    op.create_table(
        "reasons",
        sa.Column("decision_id", number, sa.ForeignKey("decisions.id"), primary_key=True),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("why", text, nullable=False),
    )
    head = op.create_table(
        "head",
        sa.Column("id", number, primary_key=True, autoincrement=False),
        sa.Column("length", number, nullable=False),
        sa.Column("seal", text, nullable=False),
    )
    op.bulk_insert(head, [{"id": 1, "length": 0, "seal": "0" * 64}])
    _hold()


def _hold() -> None:
    for table, (changes, reason) in _REFUSED.items():
        for change in changes.split(" OR "):
            _trigger(f"{table}_no_{change.lower()}", f"BEFORE {change} ON {table}", "1 = 1", reason)
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in _AS_SUBMITTED)
    _trigger("submissions_as_they_came", "BEFORE UPDATE ON submissions", changed, "what was submitted is never changed")
    for table, submission in _ERASED.items():
        erased = f"SELECT 1 FROM decisions WHERE submission_id = {submission} AND what = 'erased'"  # noqa: S608  our own names
        _trigger(
            f"{table}_kept",
            f"BEFORE DELETE ON {table}",
            f"NOT EXISTS ({erased})",
            f"{table} are never deleted unless erased",
        )


def _trigger(name: str, when: str, condition: str, reason: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        condition = condition.replace("IS DISTINCT FROM", "IS NOT")
        op.execute(f"CREATE TRIGGER {name} {when} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{reason}'); END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN "
        f"RAISE EXCEPTION '{reason}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {name}()")
