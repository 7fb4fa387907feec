"""Proposals to the register: organisations that records name and nobody describes, and what a steward decides on each.

One is matched to an entry that is known, accepted as an entry of its own, or left as it is. What was decided holds from
the next release on, until it is undone; what the records say, as the ledger keeps it, is never changed.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from taxonomy.context import Context, fold
from taxonomy.errors import ConflictError, InputError, NotFoundError
from taxonomy.publishing import chain, decisions, gates, proposing
from taxonomy.publishing.ledger import Ledger, State
from taxonomy.publishing.person import Person, Role, Scope
from taxonomy.publishing.proposal import Kind, Mention, Proposal, Settled, Verdict
from taxonomy.publishing.proposing import ORGANISATION
from taxonomy.publishing.tables import FORGOTTEN, ProposalRow, SettlementRow
from taxonomy.values import Iri

_HELD: Final = (State.SUBMITTED, State.APPROVED, State.PUBLISHED)
_LONGEST: Final = 2_000  # characters of a reason
_LONGEST_LABEL: Final = 200


class Proposals:
    """The proposals of one ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def settled(self) -> Mapping[Iri, Settled]:
        """What holds now, for each organisation on which somebody has decided."""
        with self._ledger.session() as session:
            return {iri: each for iri, each in _latest(session).items() if each.verdict is not Verdict.UNDONE}

    def history(self, iri: Iri) -> tuple[Settled, ...]:
        """All that was decided on one, first to last."""
        wanted = select(ProposalRow).where(ProposalRow.iri == iri).order_by(ProposalRow.id)
        with self._ledger.session() as session:
            return tuple(map(_settled, session.scalars(wanted)))

    def list(self, context: Context) -> tuple[Proposal, ...]:
        """Every proposal of a record that waits, is approved or is published; those to be decided on come first."""
        settled = self.settled()
        mentions: defaultdict[Iri, list[Mention]] = defaultdict(list)
        for submission in self._ledger.submissions(*_HELD):
            for iri, each in proposing.named(self._ledger.content(submission.id)).items():
                if iri in settled or iri not in context.labels:  # a kind alone may follow from what records say
                    mentions[iri].append(
                        Mention(
                            submission=submission.id,
                            owner=Iri(submission.owner),
                            state=submission.state,
                            name=each.name,
                            parts=each.parts,
                        )
                    )
        found = (_proposal(iri, mentions[iri], settled.get(iri), context) for iri in {*mentions, *settled})
        return tuple(sorted(found, key=lambda each: (not each.open, fold(each.names[0]), each.iri)))

    def one(self, iri: str, context: Context) -> Proposal:
        """One proposal.

        Raises:
            NotFoundError: no record that is held proposes it.
        """
        found = next((each for each in self.list(context) if each.iri == iri), None)
        if found is None:
            raise NotFoundError("proposal", iri[:200])
        return found

    def match(
        self, iri: str, known: str, by: Person, why: str, *, context: Context, seen: int | None = None
    ) -> Settled:
        """Decide that it is an organisation that is known; ``known`` is its name or its IRI.

        ``seen`` is the number of the last decision on it that this person saw, 0 where they saw none.

        Raises:
            InputError: there is no reason, or one that may not be public; or the name is that of several.
            NotFoundError: there is no such proposal, or no such organisation.
            NotAllowedError: this person is no steward.
            ConflictError: somebody decided on it since.
        """
        proposal = self._decidable(iri, by, why, context)
        return self._add(proposal, Verdict.MATCHED, by, why, seen, known=_known(known, proposal.iri, context))

    def accept(
        self, iri: str, kind: Kind, by: Person, why: str, *, context: Context, label: str = "", seen: int | None = None
    ) -> Settled:
        """Decide that it is an organisation of its own; ``label`` is what it is to be called, if not as it is written.

        Raises:
            InputError, NotFoundError, NotAllowedError, ConflictError: as for ``match``.
        """
        proposal = self._decidable(iri, by, why, context)
        called = _plain(label) or proposal.names[0]
        if len(called) > _LONGEST_LABEL or gates.holds_contact(called) or not fold(called):
            raise InputError(
                "An organisation cannot be called so.",
                hint=f"Write its name alone, in {_LONGEST_LABEL} characters at most.",
            )
        return self._add(proposal, Verdict.ACCEPTED, by, why, seen, kind=kind, label=called)

    def leave(self, iri: str, by: Person, why: str, *, context: Context, seen: int | None = None) -> Settled:
        """Decide that it stays what the record writes, and is no task any more.

        Raises:
            InputError, NotFoundError, NotAllowedError, ConflictError: as for ``match``.
        """
        return self._add(self._decidable(iri, by, why, context), Verdict.LEFT, by, why, seen)

    def undo(self, iri: str, by: Person, why: str, *, context: Context, seen: int | None = None) -> Settled:
        """Take back what was decided; the next release is built without it.

        Raises:
            InputError, NotFoundError, NotAllowedError: as for ``match``.
            ConflictError: nothing was decided on it, or something else since.
        """
        proposal = self._decidable(iri, by, why, context)
        if proposal.settled is None:
            raise ConflictError(f"Nothing is decided on {iri}, so there is nothing to undo.")
        return self._add(proposal, Verdict.UNDONE, by, why, seen)

    def graphs(self, contents: Iterable[bytes]) -> frozenset[str]:
        """The graphs that repeat some of what these records say, of whichever release: they go where the records go."""
        with self._ledger.session() as session:
            return frozenset(_settled(row).graph for row in _repeating(session, contents))

    def forget(self, contents: Iterable[bytes], *, by: int) -> None:
        """Destroy what was decided on anything that these records propose or describe; see ``Ledger.shred``.

        That something was decided, and by whom, stays in the chain, with who destroyed it: ``by`` is their number.
        """
        with self._ledger.session() as session:
            for row in tuple(_repeating(session, contents)):
                _settle(session, row, FORGOTTEN, by=by, when=datetime.now(UTC))
                session.flush()  # the database lets go of it only after that
                session.execute(delete(ProposalRow).where(ProposalRow.id == row.id))

    def _decidable(self, iri: str, by: Person, why: str, context: Context) -> Proposal:
        by.must_be("decide on proposals", Role.STEWARD, scope=Scope.REVIEW)
        if not why.strip():
            raise InputError("Nothing says why.", hint="Say why. The reason is public.")
        if len(why) > _LONGEST:
            raise InputError(f"The reason has {len(why):,} characters.", hint=f"Use {_LONGEST:,} at most.")
        if gates.holds_contact(why):
            raise InputError(
                "The reason holds an e-mail address or a telephone number.", hint="It is public: leave that out."
            )
        return self.one(iri, context)

    def _add(
        self,
        proposal: Proposal,
        verdict: Verdict,
        by: Person,
        why: str,
        seen: int | None,
        *,
        known: Iri | None = None,
        kind: Kind | None = None,
        label: str = "",
    ) -> Settled:
        with self._ledger.session() as session:
            decisions.wait_for_turn(session)
            last = _latest(session).get(proposal.iri)
            step = (verdict, known, label, kind, _plain(why), by.name)
            if last and step == (last.verdict, last.known, last.label, last.kind, last.why, last.who):
                return last  # the same form came twice
            now = last.number if last and last.verdict is not Verdict.UNDONE else 0
            if now != (proposal.seen if seen is None else seen):
                raise ConflictError("Somebody decided on this proposal meanwhile. Look at it again.")
            row = ProposalRow(
                iri=proposal.iri,
                names=json.dumps(proposal.names),
                verdict=verdict,
                known=known or "",
                label=label,
                kind=kind or "",
                why=_plain(why),
                person_id=by.id,
                when=datetime.now(UTC),
                salt=chain.salt(),
            )
            session.add(row)
            session.flush()
            _settle(session, row, row.verdict, by=by.id, when=row.when)
            session.refresh(row)
            return _settled(row)


def _settle(session: Session, row: ProposalRow, what: str, *, by: int, when: datetime) -> None:
    """Add to the chain that something was decided on a proposal, or destroyed."""
    number, previous = decisions.turn(session)
    link = SettlementRow(id=number, proposal_id=row.id, what=what, contents=row.commitment, person_id=by, when=when)
    link.seal = link.link.seal(previous)
    session.add(link)
    decisions.sealed(session, link.seal)


def _known(written: str, proposed: Iri, context: Context) -> Iri:
    meant = context.find(written.strip(), [ORGANISATION])
    found = [each for each in meant if ORGANISATION in context.types[each] and each in context.labels]
    if not found:
        raise NotFoundError("organisation", written.strip()[:200], near=context.near(written, [ORGANISATION]))
    if len(found) > 1:
        raise InputError("Several organisations go by this name.", hint=f"Write one of: {', '.join(found)}.")
    if found[0] == proposed:
        raise InputError("It cannot be matched to itself.", hint="Accept it, or choose another organisation.")
    return found[0]


def _proposal(iri: Iri, mentions: Iterable[Mention], settled: Settled | None, context: Context) -> Proposal:
    bare = Proposal(iri=iri, mentions=tuple(mentions), near=(), settled=settled)
    near: dict[Iri, None] = {}
    for name in bare.names:
        near |= dict.fromkeys(context.find(name, [ORGANISATION]))
        for label in context.near(name, [ORGANISATION]):
            near |= dict.fromkeys(context.find(label, [ORGANISATION]))
    near.pop(iri, None)
    return Proposal(iri=iri, mentions=bare.mentions, near=tuple(near), settled=settled)


def _latest(session: Session) -> dict[Iri, Settled]:
    return {Iri(row.iri): _settled(row) for row in session.scalars(select(ProposalRow).order_by(ProposalRow.id))}


def _repeating(session: Session, contents: Iterable[bytes]) -> Iterator[ProposalRow]:
    mentioned, described = set[str](), set[str]()
    for content in contents:
        said, own = proposing.everything(content)
        mentioned |= said
        described |= own
    for row in session.scalars(select(ProposalRow).order_by(ProposalRow.id)):
        if row.iri in mentioned or row.known in described:
            yield row


def _settled(row: ProposalRow) -> Settled:
    return Settled(
        number=row.id,
        iri=Iri(row.iri),
        names=tuple(json.loads(row.names)),
        verdict=Verdict(row.verdict),
        known=Iri(row.known) if row.known else None,
        label=row.label,
        kind=Kind(row.kind) if row.kind else None,
        why=row.why,
        who=row.person.name,
        when=row.when,
    )


def _plain(text: str) -> str:
    """One line that any database and page takes."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
