"""An organisation that a record proposes is matched, accepted or left; from the next release on, until undone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import NamedNode, RdfFormat, Triple, parse
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError
from tests.ledgers import alter, behind_its_back

from taxonomy import namespaces
from taxonomy.cli import main
from taxonomy.context import Context
from taxonomy.errors import ConflictError, InputError, NotAllowedError, NotFoundError, StoreError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.publishing import verification
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.ledger import Arrival, Ledger
from taxonomy.publishing.people import People, Person, Role
from taxonomy.publishing.proposal import Kind, Proposal, Verdict
from taxonomy.publishing.proposals import Proposals
from taxonomy.publishing.proposing import named
from taxonomy.publishing.rebuilding import rebuild
from taxonomy.publishing.resolving import resolved
from taxonomy.publishing.tables import ProposalRow
from taxonomy.store.releases import Home

CENTRE = "https://example.org/id/organisation/made-up-centre"
TRUST = "https://example.org/id/organisation/made-up-trust"
KNOWN = "https://w3id.org/svssv/id/organisation/opcc-avon-and-somerset"
CALLED = "Avon and Somerset Office of the Police and Crime Commissioner"
WRITTEN = "The Made-Up Trust (North)"
WHY = "Both names stand on the same made-up letter"
RECORD = Path(__file__).parent / "records" / "made-up-centre.ttl"
SECOND = """
agreement:made-up-counselling sv:fundingPart <https://example.org/id/agreement/made-up-counselling/part/2> .
<https://example.org/id/agreement/made-up-counselling/part/2> a sv:FundingPart ;
    sv:amount 655.00 ;
    sv:amountBasis <https://w3id.org/svssv/concept/amount-basis/per-year> ;
    sv:currency "GBP" ;
    sv:funder <{funder}> .
<{funder}> sv:nameAsPrinted "{name}" .
"""


def proposing(name: str = WRITTEN, funder: str = TRUST) -> str:
    """The made-up centre's record: a part from a known funder, and one from a funder that nobody knows."""
    return RECORD.read_text(encoding="utf-8") + SECOND.format(funder=funder, name=name)


# ---- decisions, on each database


@pytest.fixture
def ledger(place: Path | str) -> Iterator[Ledger]:
    with Ledger(place) as ledger:
        yield ledger


def content(name: str = WRITTEN, owner: str = CENTRE) -> bytes:
    part = f"{owner.replace('organisation', 'agreement')}/part/1"
    sv = namespaces.SV
    return f'<{part}> <{sv}funder> <{TRUST}> .\n<{TRUST}> <{sv}nameAsPrinted> "{name}" .\n'.encode()


def hold(ledger: Ledger, by: Person, said: bytes, owner: str = CENTRE) -> int:
    graph = f"https://w3id.org/svssv/graph/record/{owner.rsplit('/', 1)[1]}"
    arrival = Arrival(owner=owner, graph=graph, file_name="r.nt", sha256="", file=b"", content=said, report="{}")
    return ledger.add(arrival, by=by.id).id


@pytest.fixture
def sam(ledger: Ledger) -> Person:
    sam = People(ledger).add("sam", [Role.STEWARD])[0]
    hold(ledger, sam, content())
    return sam


def only(ledger: Ledger) -> Proposal:
    (found,) = Proposals(ledger).list(Context.bundled())
    return found


def test_what_a_record_names_and_nobody_describes_is_a_proposal(ledger: Ledger, sam: Person) -> None:
    found = only(ledger)
    assert (found.iri, found.names, found.parts, found.open) == (TRUST, (WRITTEN,), ("funder",), True)


def test_an_organisation_that_the_record_describes_is_none() -> None:
    told = f"<{TRUST}> <{namespaces.RDF}type> <{namespaces.SV}Organisation> .\n"
    assert dict(named(content() + told.encode())) == {}


def test_known_organisations_with_a_like_name_are_shown(ledger: Ledger, sam: Person) -> None:
    hold(ledger, sam, content("Avon and Somerset Office of the Police & Crime Comissioner"))
    assert KNOWN in only(ledger).near


def test_a_match_says_who_decided_what_and_why(ledger: Ledger, sam: Person) -> None:
    Proposals(ledger).match(TRUST, CALLED, sam, WHY, context=Context.bundled())
    found = only(ledger)
    assert found.settled is not None
    assert (found.open, found.settled.verdict, found.settled.known) == (False, Verdict.MATCHED, KNOWN)
    assert (found.settled.why, found.settled.who) == (WHY, "sam")


def test_what_was_accepted_goes_by_the_name_that_was_written_or_given(ledger: Ledger, sam: Person) -> None:
    held = Proposals(ledger)
    assert held.accept(TRUST, Kind.VOLUNTARY, sam, WHY, context=Context.bundled()).label == WRITTEN
    again = held.accept(TRUST, Kind.NOT_KNOWN, sam, WHY, context=Context.bundled(), label="Made-Up Trust")
    assert (again.label, again.kind) == ("Made-Up Trust", Kind.NOT_KNOWN)


def test_what_was_left_is_no_task_any_more(ledger: Ledger, sam: Person) -> None:
    Proposals(ledger).leave(TRUST, sam, WHY, context=Context.bundled())
    assert not only(ledger).open


def test_what_was_undone_is_a_task_again_and_its_history_stays(ledger: Ledger, sam: Person) -> None:
    held = Proposals(ledger)
    held.leave(TRUST, sam, WHY, context=Context.bundled())
    held.undo(TRUST, sam, "It was a slip", context=Context.bundled())
    found = only(ledger)
    assert found.open
    assert [each.verdict for each in held.history(found.iri)] == [Verdict.LEFT, Verdict.UNDONE]


def test_another_name_at_the_same_address_has_to_be_decided_on_again(ledger: Ledger, sam: Person) -> None:
    Proposals(ledger).match(TRUST, KNOWN, sam, WHY, context=Context.bundled())
    hold(ledger, sam, content("Another Trust"), owner=CENTRE.replace("centre", "haven"))
    assert only(ledger).open


def test_the_same_name_in_other_capitals_is_no_other_name(ledger: Ledger, sam: Person) -> None:
    Proposals(ledger).match(TRUST, KNOWN, sam, WHY, context=Context.bundled())
    hold(ledger, sam, content(WRITTEN.upper()), owner=CENTRE.replace("centre", "haven"))
    assert not only(ledger).open


def test_whoever_decides_second_is_told(ledger: Ledger, sam: Person) -> None:
    Proposals(ledger).leave(TRUST, sam, WHY, context=Context.bundled(), seen=0)
    with pytest.raises(ConflictError, match="meanwhile"):
        Proposals(ledger).match(TRUST, KNOWN, sam, WHY, context=Context.bundled(), seen=0)


def test_the_same_form_sent_twice_decides_once(ledger: Ledger, sam: Person) -> None:
    held = Proposals(ledger)
    once = held.match(TRUST, KNOWN, sam, WHY, context=Context.bundled(), seen=0)
    assert held.match(TRUST, KNOWN, sam, WHY, context=Context.bundled(), seen=0) == once
    assert len(held.history(once.iri)) == 1


@pytest.mark.parametrize("why", [" ", "Ask jo@made-up-trust.example", "Ring 01632 960001", "x" * 2_001])
def test_a_decision_takes_a_reason_that_may_be_public(ledger: Ledger, sam: Person, why: str) -> None:
    with pytest.raises(InputError, match=r"reason|why"):
        Proposals(ledger).leave(TRUST, sam, why, context=Context.bundled())


def test_a_decision_takes_a_steward(ledger: Ledger, sam: Person) -> None:
    robin = People(ledger).add("robin", [Role.CONTRIBUTOR], organisations=[CENTRE])[0]
    with pytest.raises(NotAllowedError):
        Proposals(ledger).leave(TRUST, robin, WHY, context=Context.bundled())


@pytest.mark.parametrize("known", ["Nobody of that name", TRUST, "https://w3id.org/svssv/concept/role/funder", ""])
def test_nothing_is_matched_to_what_is_no_known_organisation(ledger: Ledger, sam: Person, known: str) -> None:
    with pytest.raises(NotFoundError):
        Proposals(ledger).match(TRUST, known, sam, WHY, context=Context.bundled())


def test_what_nobody_proposes_cannot_be_decided_on(ledger: Ledger, sam: Person) -> None:
    with pytest.raises(NotFoundError):
        Proposals(ledger).leave(KNOWN, sam, WHY, context=Context.bundled())


def test_nothing_can_be_undone_that_was_not_decided(ledger: Ledger, sam: Person) -> None:
    with pytest.raises(ConflictError):
        Proposals(ledger).undo(TRUST, sam, WHY, context=Context.bundled())


def test_no_decision_can_be_changed_in_the_database(ledger: Ledger, sam: Person) -> None:
    Proposals(ledger).leave(TRUST, sam, WHY, context=Context.bundled())
    with pytest.raises(StoreError, match="never changed"), ledger.session() as session:
        session.execute(update(ProposalRow).values(why="Something else"))


def test_what_was_forgotten_leaves_nothing_and_its_number_is_not_given_again(ledger: Ledger, sam: Person) -> None:
    held = Proposals(ledger)
    first = held.match(TRUST, KNOWN, sam, WHY, context=Context.bundled())
    assert held.graphs([content()]) == {first.graph}
    held.forget([content()], by=sam.id)
    with ledger.session() as session:
        assert session.execute(text("SELECT COUNT(*) FROM proposals")).scalar() == 0
    assert held.leave(TRUST, sam, WHY, context=Context.bundled()).number > first.number


def test_what_is_decided_on_proposals_stands_in_the_chain_of_decisions(ledger: Ledger, sam: Person) -> None:
    before = ledger.seal
    Proposals(ledger).match(TRUST, KNOWN, sam, WHY, context=Context.bundled())
    after = ledger.seal
    Proposals(ledger).undo(TRUST, sam, WHY, context=Context.bundled())
    hold(ledger, sam, content())
    assert list(ledger.faults(seals=[before, after, ledger.seal])) == []
    assert before != after


def test_the_chain_is_whole_where_what_was_decided_had_to_be_forgotten(ledger: Ledger, sam: Person) -> None:
    held = Proposals(ledger)
    held.match(TRUST, KNOWN, sam, WHY, context=Context.bundled())
    held.forget([content()], by=sam.id)
    assert list(ledger.faults(seals=[ledger.seal])) == []


def test_the_same_form_sent_twice_adds_no_second_link(ledger: Ledger, sam: Person) -> None:
    for _ in range(2):
        Proposals(ledger).leave(TRUST, sam, WHY, context=Context.bundled(), seen=0)
    assert list(ledger.faults()) == []


def test_the_database_lets_nobody_take_a_decision_away(ledger: Ledger, sam: Person) -> None:
    Proposals(ledger).leave(TRUST, sam, WHY, context=Context.bundled())
    for statement in ("DELETE FROM proposals", "DELETE FROM settlements", "UPDATE settlements SET what = 'matched'"):
        with pytest.raises(DatabaseError, match="never"):
            alter(ledger, statement)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE proposals SET label = 'Another'", "What was decided on proposal 1 is not what was sealed."),
        ("UPDATE proposals SET person_id = person_id + 1", "What was decided on proposal 1 is not what was sealed."),
        ("DELETE FROM proposals", "What was decided on proposal 1 is missing, and nobody erased it."),
        ("UPDATE settlements SET what = 'left'", "Decision 2 (on a proposal) is not what was sealed."),
        ("DELETE FROM settlements", "What stands as decided on proposal 1 was never sealed."),
        ("DELETE FROM settlements", "The chain has 1 decisions, and 2 were taken."),
    ],
)
def test_what_was_done_to_a_decision_behind_its_back_shows(
    ledger: Ledger, sam: Person, statement: str, fault: str
) -> None:
    Proposals(ledger).match(TRUST, KNOWN, sam, WHY, context=Context.bundled())
    People(ledger).add("pat", [Role.STEWARD])
    behind_its_back(ledger, statement)
    assert fault in list(ledger.faults())


# ---- what becomes of it in a release

GRAPH = namespaces.graph("record", "made-up-centre")
REGISTER = namespaces.graph("register", "organisations")


def graphs(said: bytes, *described: str) -> dict[str, frozenset[Triple]]:
    """A record, and a register that describes some organisations."""
    kind, organisation = NamedNode(namespaces.RDF + "type"), NamedNode(namespaces.SV + "Organisation")
    entries = frozenset(Triple(NamedNode(each), kind, organisation) for each in described)
    return {GRAPH: frozenset(quad.triple for quad in parse(said, RdfFormat.N_TRIPLES)), REGISTER: entries}


def test_a_match_replaces_the_address_and_keeps_the_name_beside(ledger: Ledger, sam: Person) -> None:
    settled = Proposals(ledger).match(TRUST, KNOWN, sam, WHY, context=Context.bundled())
    changed = resolved(graphs(content(), KNOWN), [GRAPH], [settled])
    assert changed.keys() == {GRAPH, settled.graph}
    assert changed[GRAPH] == graphs(content().replace(TRUST.encode(), KNOWN.encode()))[GRAPH]


@pytest.mark.parametrize("described", [(), (TRUST, KNOWN)], ids=["known no more", "describes itself"])
def test_a_match_that_makes_no_sense_any_more_is_passed_over(
    ledger: Ledger, sam: Person, described: tuple[str, ...]
) -> None:
    settled = Proposals(ledger).match(TRUST, KNOWN, sam, WHY, context=Context.bundled())
    assert resolved(graphs(content(), *described), [GRAPH], [settled]) == {}


def test_a_match_does_not_hold_for_a_name_that_nobody_saw(ledger: Ledger, sam: Person) -> None:
    settled = Proposals(ledger).match(TRUST, KNOWN, sam, WHY, context=Context.bundled())
    assert resolved(graphs(content("Another Trust"), KNOWN), [GRAPH], [settled]) == {}


def test_what_was_left_is_published_as_it_is_written(ledger: Ledger, sam: Person) -> None:
    settled = Proposals(ledger).leave(TRUST, sam, WHY, context=Context.bundled())
    assert resolved(graphs(content(), KNOWN), [GRAPH], [settled]) == {}


def test_a_match_holds_for_no_graph_but_those_of_records(ledger: Ledger, sam: Person) -> None:
    settled = Proposals(ledger).match(TRUST, KNOWN, sam, WHY, context=Context.bundled())
    assert resolved(graphs(content(), KNOWN), [], [settled]) == {}


# ---- the whole way


def handed_in(desk: Desk, folder: Path, said: str, robin: Person, sam: Person) -> int:
    path = folder / "record.ttl"
    path.write_text(said, encoding="utf-8")
    receipt = desk.submit(path, robin)
    assert receipt.submission is not None, [finding.message for finding in receipt.report.findings]
    desk.approve(receipt.submission.id, sam, "Read together with the provider")
    return receipt.submission.id


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice home with the record in its first release."""
    folder = tmp_path_factory.mktemp("base")
    with Desk(Home.init(folder / "home", practice=True)) as desk:
        people = People(desk.ledger)
        robin = people.add("robin", [Role.CONTRIBUTOR], organisations=[CENTRE])[0]
        sam = people.add("sam", [Role.STEWARD])[0]
        desk.publish([handed_in(desk, folder, proposing(), robin, sam)], sam)
    return folder / "home"


@pytest.fixture
def practice_home(base: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(base, tmp_path / "practice", symlinks=True)


@pytest.fixture
def published(practice_home: Path) -> Iterator[tuple[Desk, Person]]:
    """Its desk, and a steward."""
    with KnowledgeGraph.open(practice_home) as kg:
        context = Context.from_kg(kg)  # in which a kind of the trust follows from what the record says
    with Desk(Home.open(practice_home), context=lambda: context) as desk:
        yield desk, People(desk.ledger).find("sam")


def money(home: Path) -> dict[str, Decimal]:
    """The yearly money that is agreed for the made-up service, by funder."""
    with KnowledgeGraph.open(home) as kg:
        rows = kg.ask("money-by-funder").rows
        mine = {WRITTEN, "Made-Up Trust", CALLED}
        return {
            row.label("funder"): row["total"]
            for row in rows
            if row.label("funder") in mine and row["standing"] == "agreed" and "year" in row.label("basis").lower()
        }


def asked(home: Path, query: str) -> list[tuple[str, ...]]:
    with KnowledgeGraph.open(home) as kg:
        return [tuple(map(str, row.values())) for row in kg.sparql(query).rows]


def sound(home: Path) -> bool:
    place = Home.open(home)
    return verification.verify(place, place.served().name).sound


def test_a_match_counts_the_money_of_both_together_until_it_is_undone(
    published: tuple[Desk, Person], practice_home: Path
) -> None:
    desk, sam = published
    before, kept = money(practice_home), desk.ledger.content(1)
    assert before[WRITTEN] == Decimal(655)
    Proposals(desk.ledger).match(TRUST, KNOWN, sam, WHY, context=desk.context)
    assert money(practice_home) == before  # not before the next release
    rebuild(Home.open(practice_home))
    assert money(practice_home) == {CALLED: before[CALLED] + 655}
    assert sound(practice_home)
    assert desk.ledger.content(1) == kept  # what was submitted is not changed
    assert list(desk.ledger.faults()) == []
    Proposals(desk.ledger).undo(TRUST, sam, "They are two after all", context=desk.context)
    rebuild(Home.open(practice_home))
    assert money(practice_home) == before
    assert sound(practice_home)


def test_a_release_says_who_matched_what_and_when_and_keeps_what_was_written(
    published: tuple[Desk, Person], practice_home: Path
) -> None:
    desk, sam = published
    settled = Proposals(desk.ledger).match(TRUST, KNOWN, sam, WHY, context=desk.context)
    rebuild(Home.open(practice_home))
    said = f"SELECT ?role ?day ?why {{ <{settled.graph}> sv:curatorRole ?role ; sv:stated ?day ; sv:reason ?why }}"
    assert asked(practice_home, said) == [("steward", settled.when.date().isoformat(), WHY)]
    beside = f"SELECT ?graph {{ GRAPH ?graph {{ <{KNOWN}> sv:nameAsPrinted '{WRITTEN}' }} }}"
    assert asked(practice_home, beside) == [("https://w3id.org/svssv/graph/record/made-up-centre",)]
    assert not asked(practice_home, "SELECT ?s { ?s ?p ?said FILTER (STR(?said) = 'sam') }")


def test_what_was_accepted_has_a_name_and_a_kind_in_the_next_release(
    published: tuple[Desk, Person], practice_home: Path
) -> None:
    desk, sam = published
    Proposals(desk.ledger).accept(TRUST, Kind.VOLUNTARY, sam, WHY, context=desk.context, label="Made-Up Trust")
    rebuild(Home.open(practice_home))
    assert "Made-Up Trust" in money(practice_home)
    kinds = {kind for (kind,) in asked(practice_home, f"SELECT ?kind {{ <{TRUST}> a ?kind }}")}
    assert "https://w3id.org/svssv/ontology#VoluntaryOrganisation" in kinds
    assert sound(practice_home)
    with KnowledgeGraph.open(practice_home) as kg:
        assert Context.from_kg(kg).find("made-up trust", ["https://w3id.org/svssv/ontology#Organisation"]) == (TRUST,)  # type: ignore[list-item]  # an IRI as text


def test_a_match_holds_for_the_next_version_of_the_record_too(
    published: tuple[Desk, Person], practice_home: Path, tmp_path: Path
) -> None:
    desk, sam = published
    Proposals(desk.ledger).match(TRUST, KNOWN, sam, WHY, context=desk.context)
    robin = People(desk.ledger).find("robin")
    desk.publish([handed_in(desk, tmp_path, proposing().replace("655.00", "700.00"), robin, sam)], sam)
    assert money(practice_home).keys() == {CALLED}


def test_an_urgent_withdrawal_takes_the_decision_along(published: tuple[Desk, Person], practice_home: Path) -> None:
    desk, sam = published
    settled = Proposals(desk.ledger).match(TRUST, KNOWN, sam, WHY, context=desk.context)
    rebuild(Home.open(practice_home))
    desk.purge([1], sam, "Asked for by the provider")
    assert Proposals(desk.ledger).history(settled.iri) == ()
    assert not asked(practice_home, f"SELECT ?s {{ ?s ?p ?o FILTER (CONTAINS(STR(?o), '{WRITTEN}')) }}")
    assert sound(practice_home)
    telling = [each.encode() for each in (WRITTEN, "made-up-trust", WHY)]
    holding = [
        path.name
        for path in practice_home.rglob("*")
        if path.is_file() and any(each in path.read_bytes() for each in telling)
    ]
    assert holding == []


def test_the_shell_lists_and_decides(
    published: tuple[Desk, Person], practice_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, _ = published
    token = People(desk.ledger).add("alex", [Role.STEWARD])[1]
    monkeypatch.setenv("SVSSV_TOKEN", token)

    def svssv(*words: str) -> str:
        done = CliRunner().invoke(main, ["--home", str(practice_home), "review", *words])
        assert done.exit_code == 0, done.output
        return done.output

    why = ("--by", "alex", "--reason", WHY)
    assert WRITTEN in svssv("proposals", "--open")
    svssv("accept", TRUST, "--kind", "statutory", *why)
    svssv("leave", TRUST, *why)
    svssv("undo", TRUST, *why)
    assert KNOWN in svssv("match", TRUST, CALLED, *why)
    assert WRITTEN not in svssv("proposals", "--open")
    assert '"verdict": "matched"' in svssv("proposals", "--format", "json")
