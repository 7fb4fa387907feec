"""The tables of the ledger that say what was submitted and decided."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from taxonomy.publishing.accounts import PersonRow
from taxonomy.publishing.base import Base
from taxonomy.publishing.chain import Link, Settling, commitment


class State(StrEnum):
    """Where a submission stands."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"  # a later version of the same record was published
    WITHDRAWN = "withdrawn"  # no longer public
    ERASED = "erased"  # neither public nor kept: only that it was here, and who decided what


class SubmissionRow(Base):
    """One version of one record; what it says stands in its contents, as long as they are kept."""

    __tablename__ = "submissions"
    __table_args__ = (CheckConstraint(f"state IN ({', '.join(repr(state.value) for state in State)})", "state"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str]  # IRI of the organisation that the record is about
    graph: Mapped[str]  # IRI of the named graph it is published as
    commitment: Mapped[str]  # to the contents
    submitted_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    submitted: Mapped[datetime]
    state: Mapped[str]
    submitter: Mapped[PersonRow] = relationship(lazy="joined")
    contents: Mapped[ContentsRow | None] = relationship(lazy="joined")


class ContentsRow(Base):
    """What one version says, as it came and as it was read. Never changed, but may have to be destroyed."""

    __tablename__ = "contents"
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    salt: Mapped[bytes]
    file_name: Mapped[str]  # as the submitter's machine had it: text to show, never a path to open
    sha256: Mapped[str]  # of the file
    file: Mapped[bytes] = mapped_column(deferred=True)
    content: Mapped[bytes] = mapped_column(deferred=True)  # canonical N-Triples
    report: Mapped[str]  # the report it passed with, as JSON
    restricted: Mapped[list[RestrictedRow]] = relationship(lazy="selectin", order_by="RestrictedRow.number")

    @property
    def parts(self) -> tuple[bytes, ...]:
        """Everything that the commitment is to."""
        sealed = (row.commitment.encode() for row in self.restricted)
        return (self.file_name.encode(), self.sha256.encode(), self.file, self.content, self.report.encode(), *sealed)


class Sealed(StrEnum):
    """What is in a box."""

    FACT = "fact"  # one row of the sheet for the steward
    FILE = "file"  # the file as it came: it holds that sheet, so it is kept in no other way


class RestrictedRow(Base):
    """Something for the steward alone, sealed. It goes when its contents go; only its box changes, for a new key."""

    __tablename__ = "restricted"
    submission_id: Mapped[int] = mapped_column(ForeignKey("contents.submission_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1 within a submission
    what: Mapped[str]
    commitment: Mapped[str]  # to what is in the box; a random salt is in there too
    key: Mapped[str]  # the name of the key that opens it
    box: Mapped[bytes] = mapped_column(deferred=True)


class OpeningRow(Base):
    """One time that somebody opened what is sealed of one submission. Added, never changed; it repeats no value."""

    __tablename__ = "openings"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1, without gaps
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    what: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    when: Mapped[datetime]
    seal: Mapped[str]  # over these facts and the seal before
    person: Mapped[PersonRow] = relationship(lazy="joined")

    def sealed_over(self, previous: str) -> str:
        """The seal of this opening over the one before it."""
        facts = (str(self.id), str(self.submission_id), self.what, str(self.person_id), self.when.isoformat())
        return commitment(b"", map(str.encode, (previous, *facts)))


class RequestRow(Base):
    """Somebody's request about something that is public: to correct it, to erase it, or to reply to it.

    Who asked is not kept: the answer goes to where the question came from.
    """

    __tablename__ = "requests"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    about: Mapped[str]  # IRI of the thing
    received: Mapped[date]
    due: Mapped[date]
    taken_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    closed: Mapped[date | None] = mapped_column(default=None)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"), default=None)
    outcome: Mapped[str | None] = mapped_column(default=None)


class DecisionRow(Base):
    """One thing that one person did to one submission. Added, never changed."""

    __tablename__ = "decisions"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1, without gaps
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    what: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    when: Mapped[datetime]
    reason_commitment: Mapped[str]
    seal: Mapped[str]
    person: Mapped[PersonRow] = relationship(lazy="joined")
    reason: Mapped[ReasonRow | None] = relationship(lazy="joined")

    def link(self, about: SubmissionRow) -> Link:
        """What is sealed of it."""
        return Link(
            number=self.id,
            submission=about.id,
            owner=about.owner,
            graph=about.graph,
            contents=about.commitment,
            what=self.what,
            person=self.person_id,
            when=self.when,
            reason=self.reason_commitment,
        )


class ReasonRow(Base):
    """Why, in somebody's own words. Never changed, but may have to be destroyed with what it speaks of."""

    __tablename__ = "reasons"
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    salt: Mapped[bytes]
    why: Mapped[str]


class DraftRow(Base):
    """What one person has begun for one organisation, and not yet handed in; see ``drafts``."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("person_id", "owner"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    owner: Mapped[str]  # IRI of the organisation
    changed: Mapped[datetime]
    version: Mapped[int]
    file_name: Mapped[str]  # text to show, never a path to open
    file: Mapped[bytes]
    form: Mapped[str]
    report: Mapped[bytes]


class ProposalRow(Base):
    """What one steward decided on an organisation that records propose.

    Added, never changed. It repeats what records say, and goes when they have to go; its settlement stays.
    """

    __tablename__ = "proposals"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  a number is that of a graph, and never given twice
    id: Mapped[int] = mapped_column(primary_key=True)
    iri: Mapped[str]
    names: Mapped[str]  # as records wrote it then, as JSON
    verdict: Mapped[str]
    known: Mapped[str]  # IRI of the entry that it was matched to; empty where it was not
    label: Mapped[str]  # what it is to be called; empty where it was not accepted
    kind: Mapped[str]  # what it was accepted as; empty where it was not
    why: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    when: Mapped[datetime]
    salt: Mapped[bytes]
    person: Mapped[PersonRow] = relationship(lazy="joined")

    @property
    def commitment(self) -> str:
        """What stands for all that it says, in the chain."""
        said = (self.iri, self.names, self.verdict, self.known, self.label, self.kind, self.why)
        return commitment(self.salt, map(str.encode, said))


FORGOTTEN: Final = "forgotten"  # what was decided on a proposal was destroyed


class SettlementRow(Base):
    """That one person decided something on a proposal, or destroyed what was decided: a link of the chain.

    It repeats nothing of what was decided. Added, never changed or deleted.
    """

    __tablename__ = "settlements"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # in one row of numbers with the decisions
    proposal_id: Mapped[int]  # that of its row, which may be destroyed
    what: Mapped[str]  # the verdict, or that it was destroyed
    contents: Mapped[str]  # commitment to what was decided
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    when: Mapped[datetime]
    seal: Mapped[str]

    @property
    def link(self) -> Settling:
        """What is sealed of it."""
        return Settling(
            number=self.id,
            proposal=self.proposal_id,
            what=self.what,
            contents=self.contents,
            person=self.person_id,
            when=self.when,
        )


class RecheckRow(Base):
    """Whether one record conforms to the rules by which it was last checked; see ``rechecking``. It goes with it."""

    __tablename__ = "rechecks"
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"), primary_key=True, autoincrement=False)
    rules: Mapped[str]  # their fingerprint
    conforms: Mapped[bool]
    findings: Mapped[str]  # JSON
    checked: Mapped[datetime]


class HeadRow(Base):
    """The one row that whoever adds to the chain changes first, so that they take turns."""

    __tablename__ = "head"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    length: Mapped[int]
    seal: Mapped[str]
