"""Before approving, a steward sees what a submission would change elsewhere, from a release that is put together."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.site.desk.conftest import CENTRE, OTHER, Place, opened

from taxonomy import namespaces
from taxonomy.publishing import rehearsing
from taxonomy.publishing.ledger import Arrival, State
from taxonomy.publishing.rebuilding import rebuild
from taxonomy.store.releases import Home

SERVICE = "https://example.org/id/service/made-up-counselling"
HAVEN = "https://example.org/id/service/made-up-haven"
AREA = "http://statistics.data.gov.uk/id/statistical-geography/E23000036"
GRAPH = f"{namespaces.GRAPH}record/made-up-haven"
SEE = f"{namespaces.RDFS}seeAlso"
SAID = f"""
<{GRAPH}> <{namespaces.RDF}type> <{namespaces.SV}Record> .
<{GRAPH}> <{namespaces.SV}recordOf> <{OTHER}> .
<{GRAPH}> <{namespaces.SV}asAt> "2026-10-05"^^<{namespaces.XSD}date> .
<{GRAPH}> <{namespaces.SV}lastConfirmed> "2026-10-05"^^<{namespaces.XSD}date> .
<{HAVEN}> <{namespaces.RDFS}label> "Made-Up Haven"@en .
<{HAVEN}> <{SEE}> <{SERVICE}> .
<{OTHER}/looked/1> <{namespaces.SV}coverageState> <{namespaces.CONCEPT}coverage-state/none-found> .
<{OTHER}/looked/1> <{namespaces.SV}lookedFor> <{namespaces.CONCEPT}service-type/counselling-longer-term> .
<{OTHER}/looked/1> <{namespaces.SV}lookedIn> <{AREA}> .
""".encode()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A desk over a home with a release; the centre's record waits."""
    path = tmp_path_factory.mktemp("rehearsed") / "practice"
    rebuild(Home.init(path, practice=True))
    with opened(path) as found:
        found.submitted()
        yield found


def test_nothing_is_written_by_looking(built: Place) -> None:
    home = built.desk._home
    before = sorted(path for path in home.path.rglob("*") if "ledger" not in path.name)
    rehearsing.rehearse(home, built.desk, built.desk.show(1))
    assert sorted(path for path in home.path.rglob("*") if "ledger" not in path.name) == before
    assert home.served().number == 1


def test_the_things_of_the_record_are_its_own_and_what_it_names_is_not(built: Place) -> None:
    found = rehearsing.rehearse(built.desk._home, built.desk, built.desk.show(1))
    assert CENTRE in found.own
    assert not found.own & set(found.named)
    assert not found.fault
    assert any(iri.endswith("E23000036") for iri in found.named)


def test_a_steward_reads_where_it_appears(built: Place) -> None:
    page = built.visitor("sam").get("/steward/submissions/1/elsewhere")
    assert page.status_code == 200
    for said in ("Avon and Somerset", "It takes the place of no entry", "Nobody else names it"):
        assert said in page.text
    assert "/steward/submissions/1/elsewhere" in built.visitor("sam").get("/steward/submissions/1").text


def test_it_is_for_stewards_alone(built: Place) -> None:
    assert built.visitor("robin").get("/steward/submissions/1/elsewhere").status_code == 403
    assert "elsewhere" not in built.visitor("robin").get("/steward/submissions/1/preview").text


@pytest.fixture(scope="module")
def beside(built: Place) -> Place:
    """The same, and the haven's record is public: it names the centre's service, and found none of its kind."""
    ledger, sam = built.desk.ledger, built.people["sam"]
    arrival = Arrival(owner=OTHER, graph=GRAPH, file_name="a.nt", sha256="", file=SAID, content=SAID, report="{}")
    number = ledger.add(arrival, by=built.people["kim"].id).id
    ledger.move(number, State.SUBMITTED, State.APPROVED, by=sam.id)
    ledger.publish([number], by=sam.id, why="")
    return built


def test_what_another_public_record_says_of_its_things_is_told(beside: Place) -> None:
    found = rehearsing.rehearse(beside.desk._home, beside.desk, beside.desk.show(1))
    assert (HAVEN, SEE, SERVICE) in found.naming, found.fault


def test_a_doubt_that_only_two_records_together_give_is_told_before_approving(beside: Place) -> None:
    found = rehearsing.rehearse(beside.desk._home, beside.desk, beside.desk.show(1))
    assert [SERVICE in look.things for look in found.looks] == [True]
    page = beside.visitor("sam").get("/steward/submissions/1/elsewhere").text
    assert "Kinds of service that somebody looked for and did not find" in page
    assert "Made-Up Haven" in page
