"""Urgent withdrawal: a record is in no answer from one moment to the next, and then in no file of the home.

First it is written down which graphs have to go; from then on no release that holds one of them is asked by anybody.
Then each of those releases is made anew without them, and destroyed; what was cited from it is forgotten; the contents
in the ledger are erased. Each step can be done again, so that a withdrawal that was interrupted goes on where it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from taxonomy.citing import Citations
from taxonomy.errors import GoneError, InputError, NotAllowedError, StoreError
from taxonomy.publishing import revising
from taxonomy.publishing.alone import alone
from taxonomy.publishing.ledger import Ledger, State, Submission
from taxonomy.publishing.people import Person
from taxonomy.publishing.proposals import Proposals
from taxonomy.publishing.release import Progress, changed
from taxonomy.publishing.repetition import Repetition
from taxonomy.publishing.revising import Renamed
from taxonomy.store import numbers, withheld
from taxonomy.store.embedded import SealedStore
from taxonomy.store.manifests import Manifest
from taxonomy.store.numbers import ReleaseNumber
from taxonomy.store.releases import Home
from taxonomy.store.withheld import Withheld

_PATIENCE: Final = 300.0  # seconds to wait for whoever publishes; nothing of it is answered meanwhile
ONCE_PUBLIC: Final = (State.PUBLISHED, State.SUPERSEDED, State.WITHDRAWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What an urgent withdrawal did."""

    replaced: Renamed  # each release that held it → the one in its place
    erased: tuple[int, ...]  # submissions
    kept: tuple[int, ...]  # other versions of these records, never public, which the ledger still holds


def withdraw(
    home: Home,
    ledger: Ledger,
    chosen: Sequence[int],
    *,
    by: Person,
    reason: str,
    spared: int | None = None,
    progress: Progress | None = None,
) -> Purged:
    """Withdraw every version that was ever public of the records of these submissions, and destroy what they said.

    ``spared`` is a version that takes their place later, and stays in the ledger.

    Raises:
        InputError: the reason repeats what has to go.
        NotFoundError: there is no such submission.
        NotAllowedError: a record was never public; or somebody else published for minutes.
        StoreError: a release is damaged, or the disk would not take what has to be written. What has to go is in no
            answer all the same, and the withdrawal goes on when this, or ``resume``, is called again.
    """
    named = [ledger.submission(number) for number in chosen if number != spared]
    _were_public(home, named)
    graphs = {submission.graph for submission in named}
    versions = [each for each in ledger.submissions() if each.graph in graphs and each.id != spared]
    going = [each for each in versions if each.state in ONCE_PUBLIC or each.id in chosen]
    if _said(ledger, going).found_in(reason):
        raise InputError("The reason repeats what has to go.", hint="It is kept: say it in other words.")
    note = Withheld(
        graphs=_with_decisions(ledger, graphs, going),
        submissions=tuple(each.id for each in going),
        by=by.id,
        reason=reason,
        in_service=str(home.pointed() or ""),
    )
    withheld.write(home.path, note)
    with alone(home, patience=_PATIENCE):
        public = [each.id for each in ledger.submissions(*ONCE_PUBLIC) if each.graph in graphs and each.id != spared]
        if late := [number for number in public if number not in note.submissions]:  # published while we waited
            every = (*note.submissions, *late)
            told = _with_decisions(ledger, graphs, map(ledger.submission, every))
            withheld.write(home.path, replace(note, graphs=told, submissions=every))
        done = resume(home, ledger, progress=progress)
    kept = [each.id for each in versions if each.id not in done.erased and each.state is not State.ERASED]
    return replace(done, kept=tuple(kept))


def resume(home: Home, ledger: Ledger, *, progress: Progress | None = None) -> Purged:
    """Carry out the urgent withdrawals that are under way, if there are any. Only while nobody else publishes.

    Raises:
        StoreError: as for ``withdraw``.
    """
    replaced, erased = dict[ReleaseNumber, ReleaseNumber](), list[int]()
    for going in home.withheld():
        with home.locked(patience=_PATIENCE):
            replaced |= _Purge(home, ledger, going).carry_out(progress)
            Proposals(ledger).forget(_contents(ledger, map(ledger.submission, going.submissions)), by=going.by)
            ledger.erase(going.submissions, by=going.by, why=going.reason)
            withheld.end(home.path, going)
        erased += going.submissions
    return Purged(replaced=replaced, erased=tuple(erased), kept=())


def resume_if_begun(home: Home) -> bool:
    """Carry out what was interrupted; whether there was anything.

    Raises:
        NotAllowedError: somebody is publishing, or carries it out just now.
        StoreError: as for ``withdraw``.
    """
    if not home.withheld():
        return False
    with alone(home), Ledger.of(home) as ledger:
        resume(home, ledger)
    return True


class _Purge:
    """One urgent withdrawal, carried out while the home is locked."""

    def __init__(self, home: Home, ledger: Ledger, going: Withheld) -> None:
        self._home, self._going = home, going
        self._said = _said(ledger, [ledger.submission(number) for number in going.submissions])
        self._held = home.held()
        latest = {manifest.number: manifest.name for manifest in self._held}
        self._left = [manifest for manifest in self._held if latest[manifest.number] != manifest.name]
        self._touched = [
            manifest for manifest in self._held if manifest not in self._left and self._is_touched(manifest)
        ]
        self._renamed = self._new_names()

    def carry_out(self, progress: Progress | None) -> Renamed:
        """Replace each release that holds what has to go; what was replaced by what, now or before."""
        for manifest in self._left:  # made anew already, by whoever was interrupted
            if self._home.pointed() == manifest.name:
                self._home.point(self._renamed[manifest.name])
            self._home.destroy(manifest.name)
        failed = []
        for done, manifest in enumerate(self._in_turn()):
            if progress:
                progress(f"Making release {manifest.name} anew", done, len(self._touched))
            try:
                self._replace(manifest)
            except StoreError as error:
                failed.append(str(error))
        if failed:
            self._fall_back()
            raise StoreError(
                f"{' '.join(failed)} What has to go is in no answer, and still in files of the home. Mend this (for a "
                "release that cannot be mended: remove its folder), then run: svssv doctor"
            )
        self._settle()
        self._forget_citations()
        return {manifest.name: self._renamed[manifest.name] for manifest in (*self._left, *self._touched)}

    def _is_touched(self, manifest: Manifest) -> bool:
        """Whether a release holds what has to go, or a note that repeats it."""
        if self._going.touches(manifest.graphs) or self._said.found_in(manifest.note):
            return True
        try:
            store = SealedStore(self._home.store_path(manifest.name))
            return any(map(self._said.found_in, revising.notes(store)))
        except StoreError:
            return False  # it is damaged, and does not hold the graph

    def _new_names(self) -> Renamed:
        names: dict[ReleaseNumber, ReleaseNumber] = {}
        for manifest in self._held:
            now = revising.revised_name(manifest) if manifest in self._touched else manifest.name
            names |= {numbers.read(old): now for old in manifest.replaces}
            if now != manifest.name:
                names[manifest.name] = now
        return names

    def _in_turn(self) -> list[Manifest]:
        """The release in service first, then from the newest back."""
        first = numbers.read(self._going.in_service) if self._going.in_service else None
        pointed = self._home.pointed()
        return sorted(self._touched, key=lambda each: (each.name == pointed, each.name == first, each.number))[::-1]

    def _replace(self, manifest: Manifest) -> None:
        served = str(manifest.name) == self._going.in_service or self._home.pointed() == manifest.name
        revised = revising.revise(
            self._home,
            manifest,
            self._going.graphs,
            on=self._going.day,
            renamed=self._renamed,
            repeats=self._said.found_in,
        )
        if served:
            self._home.point(revised.name)
        self._home.destroy(manifest.name)

    def _fall_back(self) -> None:
        """Where the release in service cannot be made anew, the newest one that never held it answers meanwhile."""
        pointed, whole = self._home.pointed(), self._home.releases()
        if whole and pointed not in {manifest.name for manifest in whole}:
            self._home.point(whole[-1].name)

    def _settle(self) -> None:
        """What manifests say of changes names no graph that has gone, and fits the releases as they are now."""
        kept = {manifest.number: manifest for manifest in self._home.releases()}
        for manifest in kept.values():
            before = kept.get(manifest.basis) if manifest.basis is not None else None
            if before and (manifest.revision or before.revision):
                told = changed(before.graphs, manifest.graphs)
            else:
                told = {how: tuple(self._others(names)) for how, names in manifest.changed.items()}
            if told != dict(manifest.changed):
                self._home.amend(replace(manifest, changed=told))

    def _others(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if name not in self._going.graphs]

    def _forget_citations(self) -> None:
        replaced = {str(old): str(new) for old, new in self._renamed.items()}
        Citations(self._home.citations_path).forget(replaced, on=self._going.day, repeats=self._said.found_in)


def _were_public(home: Home, named: Iterable[Submission]) -> None:
    """Each record was public: by a slip of the hand, a version that waits would take all others with it.

    Raises:
        NotAllowedError: one was not.
    """
    public = {graph for manifest in home.held() for graph in manifest.graphs}
    known = {each.graph for each in named if each.state in ONCE_PUBLIC}
    known |= {each.graph for each in named if each.state is State.APPROVED and each.graph in public}
    for submission in named:
        if submission.graph not in known:
            raise NotAllowedError(
                f"Submission {submission.id} is {submission.state}, and was never public. Name one that was, or return "
                f"this one: svssv review return {submission.id}"
            )


def _with_decisions(ledger: Ledger, graphs: Iterable[str], going: Iterable[Submission]) -> tuple[str, ...]:
    """Graphs of records, with those in which a steward decided on what these versions propose: they repeat it."""
    return tuple(sorted({*graphs, *Proposals(ledger).graphs(_contents(ledger, going))}))


def _said(ledger: Ledger, going: Sequence[Submission]) -> Repetition:
    """What the contents say, as far as they are not erased already."""
    return Repetition(_contents(ledger, going), known=[submission.owner for submission in going])


def _contents(ledger: Ledger, going: Iterable[Submission]) -> Iterator[bytes]:
    for submission in going:
        with suppress(GoneError):
            yield ledger.content(submission.id)
