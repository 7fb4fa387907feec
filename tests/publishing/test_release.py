"""A release holds what the files and the approved records say, or it is not made at all."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from taxonomy import assets
from taxonomy.errors import CurationError, NotAllowedError
from taxonomy.namespaces import ID, SV, graph
from taxonomy.publishing.composing import ApprovedRecord
from taxonomy.publishing.release import build
from taxonomy.publishing.verification import verify
from taxonomy.store.embedded import SealedStore
from taxonomy.store.releases import Home

Edit = Callable[[Path], None]

CENTRE = "https://example.org/id/organisation/made-up-centre"
RECORD = graph("record", "made-up-centre")


@pytest.fixture(scope="module")
def released(home: Path) -> Home:
    return Home.open(home)


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    """A copy of the knowledge files, to be spoilt."""
    for name in ("ontology", "shapes", "data"):
        shutil.copytree(assets.folder(name), tmp_path / "knowledge" / name)
    return tmp_path / "knowledge"


def made_up_record(*lines: str) -> ApprovedRecord:
    day = '"2026-11-23"^^<http://www.w3.org/2001/XMLSchema#date>'
    text = [
        f"<{RECORD}> <{SV}asAt> {day} .",
        f"<{RECORD}> <{SV}lastConfirmed> {day} .",
        f'<{CENTRE}> <http://www.w3.org/2000/01/rdf-schema#label> "Made-Up Centre"@en .',
        f"<{CENTRE}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{SV}VoluntaryOrganisation> .",
        *lines,
    ]
    return ApprovedRecord(owner=CENTRE, graph_iri=RECORD, ntriples="\n".join(text).encode())


def statements(home: Home, number: int, name: str | None = None) -> set[tuple[str, ...]]:
    triples = SealedStore(home.store_path(number)).triples(name)
    return {tuple(getattr(term, "value", "") for term in triple) for triple in triples}


def test_a_release_counts_what_it_holds(released: Home) -> None:
    counts = released.manifest(1).counts
    assert counts["triples"] == len(statements(released, 1))
    assert counts["graphs"] == len(released.manifest(1).graphs)
    assert all(
        counts[name] > 0 for name in ("services", "agreements", "organisations", "areas", "routes", "contradictions")
    )


def test_each_part_of_the_files_stands_in_its_own_graph(released: Home) -> None:
    kinds = {name.removeprefix(graph("")).partition("/")[0] for name in released.manifest(1).graphs}
    assert kinds == {"ontology", "vocabulary", "register", "citation", "document", "curation", "inferred", "releases"}


def test_every_subject_of_a_citation_has_it_as_evidence(released: Home) -> None:
    inferred = statements(released, 1, graph("inferred"))
    name = next(name for name in released.manifest(1).graphs if name.startswith(graph("citation", "")))
    subjects = {subject for subject, _, _ in statements(released, 1, name)} - {name}
    assert subjects
    assert all((subject, SV + "evidence", name) in inferred for subject in subjects)


def test_a_release_describes_itself_and_those_before_it(tmp_path: Path) -> None:
    home = Home.init(tmp_path)
    build(home, note="the first")
    build(home)
    said = {(s.rpartition("/")[2], p.rpartition("/")[2]): o for s, p, o in statements(home, 2, graph("releases"))}
    assert said["1", "description"] == "the first"
    assert said["2", "prov#wasRevisionOf"] == "https://w3id.org/svssv/release/1"


def test_the_same_files_make_the_same_hash_and_no_change(tmp_path: Path) -> None:
    home = Home.init(tmp_path)
    first, second = build(home), build(home)
    assert first.hash == second.hash
    assert not any(second.changed.values())
    assert second.basis == 1


def test_progress_is_told_step_by_step(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    build(Home.init(tmp_path), progress=lambda *step: told.append(step))
    assert [done for _, done, _ in told] == list(range(len(told)))
    assert (told[0][0], told[-1][0], told[-1][2]) == ("Reading the files", "In service", len(told) - 1)


def test_a_fault_between_facts_that_are_each_right_stops_a_release(practice_home: Path) -> None:
    home, agreement = Home.open(practice_home), "https://example.org/id/agreement/made-up"
    amount = '"{}"^^<http://www.w3.org/2001/XMLSchema#decimal>'.format
    record = made_up_record(
        f"<{agreement}> <{SV}statedAmount> {amount('100.00')} .",
        f"<{agreement}> <{SV}fundingPart> <{agreement}/part/1> .",
        f"<{agreement}/part/1> <{SV}amount> {amount('60.00')} .",
    )
    with pytest.raises(CurationError, match=r"agreement-sum-differs.*made-up.*To mend"):
        build(home, records=[record])
    assert home.current() is None


def test_what_may_be_right_after_all_is_told_and_stops_nothing(practice_home: Path) -> None:
    service = "https://example.org/id/service/made-up"
    record = made_up_record(
        f'<{service}> <http://www.w3.org/2000/01/rdf-schema#label> "Made-Up Service"@en .',
        f"<{service}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{SV}Service> .",
        f"<{service}> <{SV}leadProvider> <https://example.org/id/organisation/made-up-other> .",
        '<https://example.org/id/organisation/made-up-other> <http://www.w3.org/2000/01/rdf-schema#label> "Other"@en .',
        f"<https://example.org/id/organisation/made-up-other> a <{SV}Organisation> .".replace(
            " a ", " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        ),
    )
    home = Home.open(practice_home)
    assert any("nobody has judged the sector" in look for look in build(home, records=[record]).looks)
    assert home.manifest(1).looks


def test_an_approved_record_joins_the_release_and_is_named_in_the_manifest(practice_home: Path) -> None:
    home = Home.open(practice_home)
    manifest = build(home, records=[made_up_record()])
    assert (manifest.records, manifest.practice) == ((RECORD,), True)
    label = (CENTRE, "http://www.w3.org/2000/01/rdf-schema#label", "Made-Up Centre")
    assert label in statements(home, 1)
    assert label in statements(home, 1, RECORD)
    assert (CENTRE, SV + "evidence", RECORD) in statements(home, 1, graph("inferred"))


def test_what_a_record_describes_leaves_the_register(practice_home: Path, knowledge: Path) -> None:
    register = knowledge / "data" / "register" / "organisations.ttl"
    with register.open("a") as file:
        file.write(f'\n<{CENTRE}> <http://www.w3.org/2000/01/rdf-schema#label> "an older name"@en .\n')
    home = Home.open(practice_home)
    build(home, knowledge=knowledge)
    assert "an older name" in {value for _, _, value in statements(home, 1)}
    manifest = build(home, knowledge=knowledge, records=[made_up_record()])
    assert "an older name" not in {value for _, _, value in statements(home, 2)}
    assert set(manifest.changed["altered"]) >= {graph("register", "organisations")}


def test_a_made_up_record_is_refused_outside_a_practice_home(tmp_path: Path) -> None:
    with pytest.raises(CurationError, match="made up, and this is no practice home"):
        build(Home.init(tmp_path), records=[made_up_record()])


def test_a_real_record_is_refused_in_a_practice_home(practice_home: Path) -> None:
    real = ApprovedRecord(owner=ID + "organisation/sari", graph_iri=graph("record", "sari"), ntriples=b"")
    with pytest.raises(CurationError, match="practice home"):
        build(Home.open(practice_home), records=[real])


def test_two_values_where_the_rules_allow_one_are_refused_with_both_places(practice_home: Path) -> None:
    second = f'<{CENTRE}> <http://www.w3.org/2000/01/rdf-schema#label> "Another Name"@en .'
    with pytest.raises(CurationError, match=r"rival values of rdfs:label.*Another Name.*Made-Up Centre"):
        build(Home.open(practice_home), records=[made_up_record(second)])


def append(path: str, text: str) -> Edit:
    def edit(knowledge: Path) -> None:
        file = knowledge / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a") as opened:
            opened.write("\n" + text)

    return edit


LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
SPOILT = {
    "a file that does not parse": (append("data/register/funds.ttl", "<broken"), r"funds\.ttl: cannot be read"),
    "a term nobody declared": (append("data/register/funds.ttl", f"<x:a> <{SV}madeUp> 1 ."), "sv:madeUp is declared"),
    "a concept nobody declared": (
        append("data/register/funds.ttl", "<x:a> <x:b> <https://w3id.org/svssv/concept/harm/made-up> ."),
        "harm/made-up is declared nowhere",
    ),
    "a statement in no graph": (append("data/curation/x/y.trig", "<x:a> <x:b> 1 ."), "stands in no graph"),
    "a statement in another's graph": (
        append("data/curation/x/y.trig", f"<{graph('register', 'funds')}> {{ <x:a> <x:b> 1 }}"),
        "graphs begin with https://w3id.org/svssv/graph/curation/",
    ),
    "a judgement without a reason": (
        append("data/curation/x/y.trig", f"<{graph('curation', 'x', 'y')}> {{ <x:a> <x:b> 1 }}"),
        "does not say its sv:",
    ),
    "a citation nobody describes": (
        append("data/sources/made-up/a.trig", f"<{graph('citation', 'made-up', 'row-1')}> {{ <x:a> <x:b> 1 }}"),
        "no document describes the citation",
    ),
    "a document without a day": (
        append(
            "data/sources/made-up/a.trig",
            f"<{graph('document', 'made-up')}> {{ <{graph('citation', 'made-up')}> <{SV}inSource> <{ID}source/x> }}",
        ),
        "does not say the day for which it speaks",
    ),
    "a fact in a register": (
        append("data/register/services.ttl", f"<{ID}service/x> <{SV}coversArea> <{ID}area/avon> ."),
        "sv:coversArea needs a citation",
    ),
    "an e-mail address": (
        append("data/register/funds.ttl", f'<x:a> {LABEL} "made.up@nobody.test" .'),
        "e-mail address",
    ),
    "a telephone number": (append("data/register/funds.ttl", f'<x:a> {LABEL} "ring 01632 960 983" .'), "telephone"),
    "a made-up thing": (append("data/register/funds.ttl", f'<{CENTRE}> {LABEL} "x" .'), "no practice home"),
}


@pytest.mark.parametrize(("edit", "said"), SPOILT.values(), ids=SPOILT)
def test_a_fault_stops_the_build_in_one_line_and_leaves_nothing_behind(
    tmp_path: Path, knowledge: Path, edit: Edit, said: str
) -> None:
    home = Home.init(tmp_path / "home")
    edit(knowledge)
    with pytest.raises(CurationError, match=said) as caught:
        build(home, knowledge=knowledge)
    assert "\n" not in str(caught.value)
    assert (list((home.path / "releases").iterdir()), home.current()) == ([], None)


def test_a_failed_build_leaves_the_old_release_in_service(practice_home: Path) -> None:
    home = Home.open(practice_home)
    first = build(home)
    with pytest.raises(CurationError):
        build(home, records=[made_up_record("nonsense")])
    assert (home.current(), home.releases()) == (first, (first,))


SLOW_BUILD = """
import sys, time
from taxonomy.publishing.release import build
from taxonomy.store.releases import Home
def wait(step, done, total):
    if done == int(sys.argv[2]):
        print(step, flush=True)
        time.sleep(60)
build(Home.open(sys.argv[1]), progress=wait)
"""


@pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.soak), 4])
def test_a_build_that_is_killed_leaves_the_old_release_in_service(tmp_path: Path, step: int) -> None:
    home = Home.init(tmp_path)
    first = build(home)
    with subprocess.Popen(
        [sys.executable, "-c", SLOW_BUILD, str(tmp_path), str(step)], stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline()
        with pytest.raises(NotAllowedError, match="Another release is being built"):
            build(home)
        os.kill(other.pid, signal.SIGKILL)
    assert (home.current(), len(home.releases())) == (first, 1)
    assert verify(home, 1).sound
    assert build(home).number == 2
    assert sorted(each.name for each in (home.path / "releases").iterdir()) == ["1", "2"]


def test_a_disk_that_takes_no_more_is_said_in_one_line(tmp_path: Path) -> None:
    script = (
        "import resource, sys; from pathlib import Path\n"
        "from taxonomy.publishing.release import build; from taxonomy.store.releases import Home\n"
        "from taxonomy.errors import StoreError\n"
        "home = Home.open(sys.argv[1]); resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try: build(home)\n"
        "except StoreError as error: print(error)"
    )
    home = Home.init(tmp_path)
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=False)
    assert "could not be written" in done.stdout
    assert (home.releases(), list((tmp_path / "releases").iterdir())) == ((), [])


def test_a_sound_release_verifies(released: Home) -> None:
    assert verify(released, 1).sound


def damage_a_file(home: Home) -> None:
    file = max(home.store_path(1).glob("*.sst"), key=lambda each: each.stat().st_size)
    content = bytearray(file.read_bytes())
    for place in range(0, len(content) // 2, 997):
        content[place] ^= 0xFF
    file.write_bytes(content)


def change_a_graph(home: Home) -> None:
    store = Store(str(home.store_path(1)))
    subject, label = NamedNode(CENTRE), NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    store.add(Quad(subject, label, Literal("slipped in"), NamedNode(graph("register", "funds"))))
    store.flush()


def change_the_manifest(home: Home) -> None:
    file = home.path / "releases" / "1" / "manifest.json"
    text = file.read_text()
    old = home.manifest(1).graphs[graph("ontology")]
    file.write_text(text.replace(old, old[::-1]))


def change_a_count(home: Home) -> None:
    file = home.path / "releases" / "1" / "manifest.json"
    file.write_text(re.sub(r'"services": \d+', '"services": 9999', file.read_text()))


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (damage_a_file, r"The file \d+\.sst is not what the manifest says"),
        (change_a_graph, "register/funds> is not what the manifest says"),
        (change_the_manifest, "hash of the release"),
        (change_a_count, "number of services is not what the manifest says"),
    ],
)
def test_a_release_that_was_tampered_with_does_not_verify(
    tmp_path: Path, released: Home, damage: Callable[[Home], None], said: str
) -> None:
    shutil.copytree(released.path, tmp_path / "copy", symlinks=True)
    copy = Home.open(tmp_path / "copy")
    damage(copy)
    found = verify(copy, 1)
    assert not found.sound
    assert any(re.search(said, fault) for fault in found.faults)
