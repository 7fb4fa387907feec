"""Urgent withdrawal: out of every answer at once, then out of every file; interrupted anywhere, it goes on."""

from __future__ import annotations

import json
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from tests import canaries

from taxonomy import assets, namespaces
from taxonomy.citing import Citations
from taxonomy.errors import GoneError, InputError, NotAllowedError, ReplacedError, StoreError, WithheldError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.publishing import backups, purging, verification
from taxonomy.publishing.alone import alone
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.gathering import gather
from taxonomy.publishing.ledger import Arrival, Ledger, State
from taxonomy.publishing.people import People, Person, Role
from taxonomy.publishing.rebuilding import rebuild
from taxonomy.questions.citation import Citation
from taxonomy.store import embedded
from taxonomy.store.releases import Home, Manifest

OWNER = "https://example.org/id/organisation/heronsgate"
GRAPH = "https://w3id.org/svssv/graph/record/heronsgate"
SERVICE = "https://example.org/id/service/heronsgate-listening-room"
Purged = tuple[Home, purging.Purged]
OF_3 = f"SELECT ?x {{ <{SERVICE}> ?p ?x }}"
REPEATING = 'ASK { FILTER(CONTAINS("12 Heronsgate Row", "x")) }'
CITED = ((OF_3, 3), (REPEATING, 1), ("ASK {}", 1))  # what was cited from which release
TELLING = (
    "12 Heronsgate Row",
    "14 Heronsgate Row",
    "ZQ9 9QZ",
    "Listening Room of the Herons",
    "heronsgate-listening-room",
)
EVERYTHING = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o"


def record(address: str) -> bytes:
    """One version of a made-up record, as the ledger keeps it."""
    label, text = f"{namespaces.RDFS}label", f"{namespaces.DCTERMS}description"
    lines = [
        f"<{GRAPH}> <{namespaces.SV}recordOf> <{OWNER}> .",
        f"<{SERVICE}> <{namespaces.RDF}type> <{namespaces.SV}Service> .",
        f"<{SERVICE}> <{namespaces.SV}leadProvider> <{OWNER}> .",
        f'<{SERVICE}> <{label}> "Listening Room of the Herons"@en .',
        f'<{SERVICE}> <{text}> "A quiet room at {address}, ZQ9 9QZ."@en .',
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def released(home: Home, content: bytes | None, *, note: str) -> Manifest:
    """A release of the ontology and perhaps a record, made as a build makes it but for what it has no need of."""
    graphs = dict(ontology())
    if content:
        graphs[GRAPH] = embedded.normal(GRAPH, (quad.triple for quad in parse(content, RdfFormat.N_TRIPLES)))
    with home.making() as (number, folder):
        node = NamedNode(f"{namespaces.BASE}release/{number}")
        told = {
            (namespaces.DCTERMS + "identifier", Literal(str(number))),
            (namespaces.DCTERMS + "description", Literal(note)),
        }
        told.add((namespaces.RDFS + "label", Literal(f"Release {number}", language="en")))
        graphs[namespaces.graph("releases")] = frozenset(Triple(node, NamedNode(name), value) for name, value in told)
        evidence = Triple(NamedNode(SERVICE), NamedNode(namespaces.SV + "evidence"), NamedNode(GRAPH))
        graphs[namespaces.graph("inferred")] = frozenset({evidence} if GRAPH in graphs else ())
        graphs = {name: triples for name, triples in graphs.items() if triples}
        embedded.write(folder / "store", graphs)
        hashes = {name: embedded.fingerprint(triples) for name, triples in sorted(graphs.items())}
        before = home.releases()
        manifest = Manifest(
            number=number,
            built=datetime.now(UTC).replace(microsecond=0),
            seconds=0.0,
            note=note,
            practice=True,
            counts=verification.count(graphs),
            graphs=hashes,
            hash=verification.content_hash(hashes),
            files=embedded.digests(folder / "store"),
            records=tuple(name for name in graphs if name == GRAPH),
            basis=before[-1].number if before else None,
            changed={"added": (GRAPH,) if GRAPH in graphs else (), "altered": (), "removed": ()},
        )
        return home.seal(folder, manifest)


@cache
def ontology() -> Mapping[str, frozenset[Triple]]:
    kept = namespaces.graph("ontology")
    return {kept: gather(assets.root()).graphs[kept]}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with four releases: 1 holds no record, 2 and 3 hold one version each, 4 holds the second one again."""
    home = Home.init(tmp_path_factory.mktemp("purging") / "home", practice=True)
    released(home, None, note="without records")
    with Ledger.of(home) as ledger:
        people = People(ledger)
        robin, sam = people.add("robin", [Role.CONTRIBUTOR])[0], people.add("sam", [Role.STEWARD])[0]
        for number, address in enumerate(("12 Heronsgate Row", "14 Heronsgate Row"), start=1):
            content = record(address)
            arrival = Arrival(
                owner=OWNER,
                graph=GRAPH,
                file_name="Listening Room of the Herons.ttl",
                sha256="0" * 64,
                file=content,
                content=content,
                report=json.dumps({"verdict": "", "findings": [{"message": f"{address} is a street"}]}),
            )
            ledger.add(arrival, by=robin.id)
            ledger.move(number, State.SUBMITTED, State.APPROVED, by=sam.id, why=f"{address} is where it is")
            released(home, content, note=f"with {address}" if number == 1 else "a new version")
            ledger.publish([number], by=sam.id, why=f"In release {number + 1}.")
    released(home, content, note="nothing new")
    return home.path


@pytest.fixture
def home(model: Path, tmp_path: Path) -> Home:
    return Home.open(shutil.copytree(model, tmp_path / "home", symlinks=True))


@pytest.fixture
def desk(home: Home) -> Iterator[Desk]:
    with Desk(home) as opened:
        yield opened


def steward(desk: Desk) -> Person:
    return People(desk.ledger).find("sam")


def purge(home: Home) -> purging.Purged:
    with Desk(home) as desk:
        return desk.purge([2], steward(desk), "Asked for by telephone")


@pytest.fixture(scope="module")
def purged(model: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, purging.Purged]:
    """The same home after an urgent withdrawal, to be looked at."""
    home = Home.open(shutil.copytree(model, tmp_path_factory.mktemp("purged") / "home", symlinks=True))
    for text, number in CITED:
        cited(home, text, number)
    return home, purge(home)


def nothing_is_left(home: Home) -> None:
    assert canaries.seen(home.path, TELLING) == {}
    assert home.withheld() == ()
    assert [(each.name, verification.verify(home, each.name).faults) for each in home.releases()] == [
        (1, ()),
        ("2.1", ()),
        ("3.1", ()),
        ("4.1", ()),
    ]
    with Ledger.of(home) as ledger:
        assert {each.state for each in ledger.submissions()} == {State.ERASED}
        assert list(ledger.faults(seals=[each.seal for each in home.releases() if each.seal])) == []


def test_before_it_everything_is_there_to_be_found(home: Home) -> None:
    assert set(canaries.seen(home.path, TELLING)) == {each.casefold() for each in TELLING}


def test_after_it_no_file_of_the_home_holds_any_of_it(purged: Purged) -> None:
    home, done = purged
    assert dict(done.replaced) == {2: "2.1", 3: "3.1", 4: "4.1"}
    assert (done.erased, done.kept) == ((1, 2), ())
    nothing_is_left(home)


def test_the_release_in_service_is_the_one_in_its_place(purged: Purged) -> None:
    home, _ = purged
    current = home.current()
    assert current is not None
    assert (current.name, (home.path / "current").readlink().name) == ("4.1", "4.1")
    with KnowledgeGraph.open(home) as kg:
        assert SERVICE not in str([dict(row) for row in kg.sparql(EVERYTHING, labels=False)])


def test_a_release_that_was_rolled_back_to_stays_in_service(home: Home) -> None:
    home.swap(2)
    purge(home)
    assert home.served().name == "2.1"


def test_what_did_not_hold_it_stays_as_it_was(model: Path, purged: Purged) -> None:
    home, _ = purged
    before = Home.open(model).manifest(1)
    assert home.manifest(1) == before


def test_everything_else_in_a_replaced_release_is_as_it_was(model: Path, purged: Purged) -> None:
    home, _ = purged
    before = Home.open(model).manifest(3)
    after = home.manifest("3.1")
    changing = {GRAPH, namespaces.graph("inferred"), namespaces.graph("releases")}
    kept = {name: each for name, each in before.graphs.items() if name not in changing}
    assert {name: each for name, each in after.graphs.items() if name not in changing} == kept
    assert (after.built, after.basis, after.practice, after.number) == (before.built, 2, True, 3)


def test_the_manifests_name_neither_the_graph_nor_its_hash(model: Path, purged: Purged) -> None:
    home, _ = purged
    before = Home.open(model).manifest(3)
    gone = before.graphs[GRAPH], before.hash
    for manifest in home.releases():
        assert GRAPH not in manifest.to_json()
        assert not any(each in manifest.to_json() for each in gone)


def test_what_changed_between_releases_is_told_as_they_are_now(purged: Purged) -> None:
    home, _ = purged
    assert [set(home.manifest(name).changed["added"]) for name in ("2.1", "3.1", "4.1")] == [set(), set(), set()]


def test_each_number_that_went_says_what_stands_in_its_place_and_since_when(purged: Purged) -> None:
    home, _ = purged
    for number in (2, 3, 4):
        with pytest.raises(ReplacedError, match=rf"Release {number} was replaced by release {number}\.1 on") as caught:
            home.manifest(number)
        assert (caught.value.by, caught.value.on) == (f"{number}.1", datetime.now(UTC).date())
        with pytest.raises(ReplacedError):
            KnowledgeGraph.open(home, release=number)


def test_a_release_that_is_open_somewhere_is_not_asked_any_more(home: Home) -> None:
    with KnowledgeGraph.open(home, release=3) as kg:
        assert SERVICE in str([dict(row) for row in kg.sparql(EVERYTHING, labels=False)])
        purge(home)
        with pytest.raises(ReplacedError, match=r"3\.1"):
            kg.sparql(EVERYTHING, labels=False)


def test_a_note_that_repeats_it_goes_and_other_notes_stay(purged: Purged) -> None:
    home, _ = purged
    assert [manifest.note for manifest in home.releases()] == ["without records", "", "a new version", "nothing new"]


def test_the_ledger_tells_who_when_and_why_and_nothing_more(purged: Purged) -> None:
    home, _ = purged
    with Desk(home) as desk:
        *before, last = desk.history(2)
        shown = desk.show(2)
    assert (last.what, last.who, last.why) == (State.ERASED, "sam", "Asked for by telephone")
    assert [decision.why for decision in before] == [None, None, None]
    assert (shown.file_name, shown.report) == ("", {})


@pytest.mark.parametrize("reason", ["12 heronsgate row is not safe", "the listening room of the herons", "at ZQ99QZ"])
def test_a_reason_that_repeats_it_is_refused_before_anything_is_done(home: Home, desk: Desk, reason: str) -> None:
    with pytest.raises(InputError, match="repeats what has to go"):
        desk.purge([2], steward(desk), reason)
    assert (home.withheld(), home.served().name) == ((), 4)


def test_only_a_steward_may(home: Home, desk: Desk) -> None:
    robin = People(desk.ledger).find("robin")
    with pytest.raises(NotAllowedError, match="role steward"):
        desk.purge([2], robin, "no")
    assert home.withheld() == ()


def waiting(desk: Desk) -> int:
    """A version that was submitted and is not public."""
    content = record("16 Heronsgate Row")
    arrival = Arrival(
        owner=OWNER, graph=GRAPH, file_name="new.ttl", sha256="1" * 64, file=content, content=content, report="{}"
    )
    return desk.ledger.add(arrival, by=1).id


def test_a_version_that_was_never_public_does_not_take_the_others_with_it(home: Home, desk: Desk) -> None:
    number = waiting(desk)
    with pytest.raises(NotAllowedError, match="was never public"):
        desk.purge([number], steward(desk), "Asked for")
    assert home.served().name == 4


def test_a_version_that_waits_is_kept_and_told_unless_it_is_named(home: Home, desk: Desk) -> None:
    number = waiting(desk)
    assert desk.purge([2], steward(desk), "Asked for").kept == (number,)
    assert desk.show(number).state is State.SUBMITTED


def test_a_version_that_waits_goes_too_where_it_is_named(home: Home, desk: Desk) -> None:
    number = waiting(desk)
    assert desk.purge([2, number], steward(desk), "Asked for").erased == (1, 2, number)
    assert "16 heronsgate row" not in canaries.seen(home.path, ["16 Heronsgate Row"])


def test_a_version_that_is_published_while_it_waits_goes_too(home: Home, desk: Desk) -> None:
    number = waiting(desk)
    desk.ledger.move(number, State.SUBMITTED, State.APPROVED, by=2)
    found: list[purging.Purged] = []

    def withdraw() -> None:
        with Desk(home) as other:
            found.append(other.purge([2], steward(other), "Asked for"))

    with alone(home):
        released(home, record("16 Heronsgate Row"), note="meanwhile")
        thread = threading.Thread(target=withdraw)
        thread.start()
        while not home.withheld():
            time.sleep(0.02)
        desk.ledger.publish([number], by=2, why="In release 5.")
    thread.join()
    assert found[0].erased == (1, 2, number)
    assert [each.name for each in home.releases()] == [1, "2.1", "3.1", "4.1", "5.1"]
    assert canaries.seen(home.path, ["16 Heronsgate Row"]) == {}


def test_a_superseded_version_takes_all_that_were_public(home: Home, desk: Desk) -> None:
    assert desk.purge([1], steward(desk), "Asked for").erased == (1, 2)
    nothing_is_left(home)


def test_a_second_urgent_withdrawal_gives_the_next_number(home: Home, desk: Desk) -> None:
    purge(home)
    content = record("18 Heronsgate Row")
    number = waiting(desk)
    desk.ledger.move(number, State.SUBMITTED, State.APPROVED, by=2)
    released(home, content, note="once more")
    desk.ledger.publish([number], by=2, why="In release 5.")
    desk.purge([number], steward(desk), "Asked for again")
    assert [each.name for each in home.releases()] == [1, "2.1", "3.1", "4.1", "5.1"]
    assert canaries.seen(home.path, ["18 Heronsgate Row"]) == {}


def test_a_revised_release_can_be_revised_again(home: Home) -> None:
    revised = purge(home)
    manifest = home.manifest("4.1")
    other = namespaces.graph("ontology")
    with home.locked():
        again = purging.revising.revise(home, manifest, [other], on=datetime(2027, 1, 2, tzinfo=UTC).date(), renamed={})
        home.destroy("4.1")
    assert (again.name, set(again.replaces)) == ("4.2", {"4", "4.1"})
    assert again.revised == datetime(2027, 1, 2, tzinfo=UTC).date()
    for gone in (4, "4.1"):
        with pytest.raises(ReplacedError, match=r"replaced by release 4\.2"):
            home.manifest(gone)
    assert revised.replaced[4] == "4.1"


def citation_of(home: Home, text: str, release: int) -> Citation:
    return Citation(
        text=text,
        release=release,
        release_hash=home.manifest(release).hash,
        asked=datetime(2026, 11, 1, tzinfo=UTC),
        rows=1,
        hash="d" * 64,
    )


def cited(home: Home, text: str, release: int) -> None:
    Citations(home.citations_path).keep(citation_of(home, text, release))


def test_a_citation_of_a_replaced_release_keeps_nothing_and_says_so(model: Path, purged: Purged) -> None:
    home, _ = purged
    citation = citation_of(Home.open(model), OF_3, 3)
    with pytest.raises(ReplacedError, match=r"Release 3 was replaced by release 3\.1"):
        Citations(home.citations_path).get(citation.id)
    kept = home.citations_path.read_bytes()
    assert citation.id.encode() in kept
    assert not any(each.encode() in kept for each in (SERVICE, citation.release_hash))


def test_a_citation_that_repeats_it_goes_whatever_its_release(purged: Purged) -> None:
    home, _ = purged
    repeating, other = (citation_of(home, text, 1) for text in (REPEATING, "ASK {}"))
    with pytest.raises(GoneError, match="no longer kept"):
        Citations(home.citations_path).get(repeating.id)
    assert Citations(home.citations_path).get(other.id).text == "ASK {}"


def begun(home: Home) -> None:
    """As it is right after an urgent withdrawal was decided, and before anything else was done."""
    with Ledger.of(home) as ledger, alone(home):
        note = purging.Withheld(graphs=(GRAPH,), submissions=(1, 2), by=2, reason="Asked for", in_service="4")
        purging.withheld.write(home.path, note)
        assert ledger.submission(2).state is State.PUBLISHED


def test_from_the_first_moment_no_release_that_holds_it_answers(home: Home) -> None:
    begun(home)
    with pytest.raises(WithheldError, match="release 4"):
        home.current()
    assert [each.name for each in home.releases()] == [1]
    with pytest.raises(ReplacedError, match=r"Release 2 was replaced by release 2\.1"):
        KnowledgeGraph.open(home, release=2)
    with pytest.raises(ReplacedError):
        home.swap(3)


def test_no_backup_is_made_of_what_is_being_withdrawn(home: Home, tmp_path: Path) -> None:
    begun(home)
    with pytest.raises(NotAllowedError, match="svssv doctor"):
        backups.backup(home, tmp_path / "saved")
    assert not (tmp_path / "saved").exists()


def test_the_next_build_goes_on_with_what_was_interrupted(home: Home) -> None:
    begun(home)
    assert rebuild(home).number == 5
    home.swap("4.1")
    shutil.rmtree(home.path / "releases" / "5")
    nothing_is_left(home)


def test_a_backup_made_after_it_is_restored_whole_and_holds_nothing_of_it(purged: Purged, tmp_path: Path) -> None:
    home, _ = purged
    saved = backups.backup(home, tmp_path / "saved")
    assert (saved.faults, saved.current) == ((), "4.1")
    restored = backups.restore(saved, tmp_path / "restored")
    assert restored.releases() == home.releases()
    nothing_is_left(restored)
    assert canaries.seen(tmp_path / "saved", TELLING) == {}


def test_a_new_release_is_numbered_after_those_that_went(purged: Purged) -> None:
    home, _ = purged
    with home.making() as (number, _):
        assert number == 5


def test_what_a_killed_build_left_behind_goes_too(home: Home) -> None:
    shutil.copytree(home.path / "releases" / "4", home.path / "releases" / ".building-killed")
    purge(home)
    nothing_is_left(home)


def test_a_damaged_release_is_not_given_a_new_seal_and_is_named(home: Home) -> None:
    manifest = home.manifest(3)
    changed = dict(manifest.graphs) | {namespaces.graph("ontology"): "0" * 64}
    home.amend(replace(manifest, graphs=changed))
    with pytest.raises(StoreError, match=r"Release 3 is damaged.*remove its folder.*svssv doctor"):
        purge(home)
    assert [each.name for each in home.releases()] == [1, "2.1", "4.1"]
    with pytest.raises(ReplacedError):
        home.manifest(3)
    shutil.rmtree(home.path / "releases" / "3")
    assert purging.resume_if_begun(home)
    assert canaries.seen(home.path, TELLING) == {}


def test_where_the_one_in_service_cannot_be_made_anew_an_older_one_answers(home: Home) -> None:
    for manifest in home.releases()[1:]:
        changed = dict(manifest.graphs) | {namespaces.graph("ontology"): "0" * 64}
        home.amend(replace(manifest, graphs=changed))
    with pytest.raises(StoreError, match="Release 4 is damaged"):
        purge(home)
    assert home.served().name == 1


PURGE = """
import sys
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.people import People
from taxonomy.store.releases import Home
with Desk(Home.open(sys.argv[1])) as desk:
    sam = People(desk.ledger).find("sam")
    print("begins", flush=True)
    desk.purge([2], sam, "Asked for by telephone")
    print("done", flush=True)
"""


def test_a_full_disk_leaves_nothing_in_an_answer_and_it_goes_on_when_there_is_room(home: Home) -> None:
    def little() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    command = [sys.executable, "-c", PURGE, str(home.path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=little)
    assert "could not be written" in done.stderr
    assert [each.name for each in home.releases()] == [1]
    assert home.served().name == 1
    assert purging.resume_if_begun(home)
    assert home.served().name == "4.1"
    nothing_is_left(home)


def killed_after(home: Home, seconds: float) -> None:
    """A purge in a process of its own that ends by ``SIGKILL``, so many seconds after it began."""
    command = [sys.executable, "-c", PURGE, str(home.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begins\n"
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.kill()


MOMENTS = [0.25, 1.15, 2.35]  # seconds
MORE = [pytest.param(each / 25, marks=pytest.mark.soak) for each in range(100)]


@pytest.mark.parametrize("moment", [*MOMENTS, *MORE])
def test_killed_at_any_moment_it_is_in_no_answer_and_goes_on(home: Home, moment: float) -> None:
    killed_after(home, moment)
    if home.withheld() or home.served().name != 4:
        for manifest in home.releases():
            with KnowledgeGraph.open(home, release=manifest.name) as kg:
                assert SERVICE not in str([dict(row) for row in kg.sparql(EVERYTHING, labels=False)])
    with Ledger.of(home) as ledger:
        begun_then = bool(home.withheld()) or ledger.submission(2).state is State.ERASED
    if not begun_then:
        purge(home)
    else:
        purging.resume_if_begun(home)
    nothing_is_left(home)
