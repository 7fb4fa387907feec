"""What a pathway says of the ways that sources state, and of those that they do not."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date

import pytest

from taxonomy.analysis import pathways
from taxonomy.analysis.rows import Row
from taxonomy.analysis.ways import Sector, Way
from taxonomy.errors import QueryError
from taxonomy.namespaces import SV

Make = Callable[..., Row]


def names(nodes: tuple[object, ...]) -> list[str]:
    return [node.name.label for node in nodes]  # type: ignore[attr-defined]  # each node of a pathway has a name


def test_picture_text_and_table_are_made_from_one_list(link: Make, service: Make) -> None:
    pathway = pathways.of(
        [
            link("person", "helpline"),
            link("helpline", "centre", from_kind="service"),
            link("gp", "centre", kind="refused"),
        ],
        [service("helpline"), service("centre")],
        label=str,
    )
    edges = {(edge.number, edge.origin.name.label, edge.end.name.label) for edge in pathway.edges}
    told = {
        (step.number, step.origin.name.label, step.end.name.label) for start in pathway.starts for step in start.steps
    }
    table = {(int(row["Way"]), row["From"], row["To"]) for row in pathway.table}
    assert edges == told == table


def test_a_refused_way_is_kept_as_a_fact_and_said_as_refused(link: Make, service: Make) -> None:
    pathway = pathways.of([link("person", "centre", kind="refused")], [service("centre")], label=str)
    assert [edge.way for edge in pathway.edges] == [Way.REFUSED]
    assert "person to centre: refused." in pathway.text
    assert pathway.table[0]["Open or refused"] == "refused"


def test_each_way_says_where_and_when_it_was_stated(link: Make) -> None:
    pathway = pathways.of([link("person", "centre")], [], label=str)
    assert "(Made-up table, row 1, as stated on 12 March 2018)" in pathway.text
    assert pathway.summary.endswith("As stated on 12 March 2018.")


def test_a_service_without_a_stated_way_in_stays_and_is_said_to_be_silent(link: Make, service: Make) -> None:
    pathway = pathways.of([link("person", "helpline")], [service("helpline"), service("centre")], label=str)
    assert names(pathway.silent) == ["centre"]
    assert pathway.text.endswith("- centre")


def test_a_service_that_refuses_a_way_is_not_silent(link: Make, service: Make) -> None:
    pathway = pathways.of([link("person", "centre", kind="refused")], [service("centre")], label=str)
    assert pathway.silent == ()


def test_the_way_to_a_group_is_never_passed_to_its_members(link: Make, service: Make) -> None:
    pathway = pathways.of(
        [link("person", "group", to_kind="group"), link("centre", "elsewhere", from_kind="service")],
        [service("centre", group="group")],
        label=str,
    )
    assert names(pathway.silent) == ["centre"]
    assert [
        (start.node.name.label, [step.end.name.label for step in start.steps])
        for start in pathway.starts
        if start.node.name.label == "person"
    ] == [("person", ["group"])]


def test_no_step_leads_on_from_a_refused_one(link: Make) -> None:
    pathway = pathways.of(
        [link("gp", "hub", kind="refused"), link("police", "hub"), link("hub", "centre", from_kind="service")],
        [],
        label=str,
    )
    steps = {start.node.name.label: [step.end.name.label for step in start.steps] for start in pathway.starts}
    assert steps == {"gp": ["hub"], "police": ["hub", "centre"]}


def test_ways_in_a_circle_are_told_once_and_end(link: Make) -> None:
    circle = [link(a, b, from_kind="service") for a, b in ("ab", "bc", "ca")]
    pathway = pathways.of(circle, [], label=str)
    assert [(s.node.name.label, [e.number for e in s.steps]) for s in pathway.starts] == [("a", [1, 2, 3])]


def test_the_order_and_the_repetition_of_rows_change_nothing(link: Make, service: Make) -> None:
    links = [link("person", "helpline"), link("police", "hub"), link("hub", "centre", from_kind="service")]
    services = [service("helpline", provider="x"), service("helpline", provider="y"), service("hub")]
    shuffled = [*links, *links]
    random.Random(2).shuffle(shuffled)  # noqa: S311  # the same order in every run
    assert pathways.of(links, services, label=str) == pathways.of(shuffled, [*services, *services], label=str)


def test_one_way_stated_in_two_places_is_one_way_with_two_places(link: Make) -> None:
    again = link("person", "centre", citation="other", locator="Another page", as_at=date(2019, 1, 2))
    [edge] = pathways.of([link("person", "centre"), again], [], label=str).edges
    assert edge.place == ("Made-up table, row 1, as stated on 12 March 2018; Another page, as stated on 2 January 2019")


def test_a_curators_judgement_alone_leaves_a_way_unconfirmed(link: Make) -> None:
    [edge] = pathways.of([link("person", "centre", confirmed=False, locator=None)], [], label=str).edges
    assert edge.status == "open, not confirmed"
    assert edge.place == "curator's judgement, as stated on 12 March 2018"


def test_silence_about_consent_is_not_consent(link: Make) -> None:
    asked, silent = pathways.of([link("a", "b", consent=True), link("a", "c")], [], label=str).edges
    assert (asked.consent_stated, silent.consent_stated) == ("needed", "not stated")
    assert "consent" not in silent.sentence


@pytest.mark.parametrize(
    ("sectors", "expected"),
    [
        (["VoluntaryOrganisation"], Sector.VOLUNTARY),
        (["VoluntaryOrganisation", "StatutoryOrganisation"], Sector.SEVERAL),
        ([], Sector.NOT_STATED),
    ],
)
def test_a_sector_is_as_stated_for_the_lead(service: Make, sectors: list[str], expected: Sector) -> None:
    rows = [service("centre", sector=SV + sector) for sector in sectors] or [service("centre", sector=None)]
    assert expected == pathways.of([], rows, label=str).nodes[0].sector


def test_the_lead_provider_comes_first(service: Make) -> None:
    rows = [service("centre", provider="a partner", leads=False), service("centre", provider="the lead")]
    assert pathways.of([], rows, label=str).nodes[0].provided_by == "the lead and a partner"


def test_a_provider_that_the_source_does_not_name_is_shown_as_printed(service: Make) -> None:
    rows = [service("centre", provider_as_printed="Made-Up Service")]
    assert pathways.of([], rows, label=str).nodes[0].provided_by == "Provider printed as “Made-Up Service”"


def test_a_question_that_lost_a_column_is_named_as_the_fault(link: Make) -> None:
    row = {column: cell for column, cell in link("a", "b").items() if column != "consent"}
    with pytest.raises(QueryError, match="no column 'consent'"):
        pathways.of([row], [], label=str)


def test_a_way_that_is_stated_for_a_wider_area_says_so(link, service) -> None:
    pathway = pathways.of([link("self", "near"), link("police", "near", wider=True)], [service("near")], label=str)
    told = {row["From"]: row["Stated for"] for row in pathway.table}
    assert told == {"self": "this area", "police": "a wider area"}
    assert "1 of the ways is stated for a wider area, not for this one." in pathway.summary


def test_the_parts_of_a_pathway_share_its_ways_between_them_and_keep_their_numbers(link, service) -> None:
    pathway = pathways.of([link("self", "near"), link("police", "far", wider=True)], [service("near")], label=str)
    numbers = [{edge.number for edge in part.edges} for part in (pathway.near, pathway.beyond)]
    assert numbers[0] | numbers[1] == {edge.number for edge in pathway.edges}
    assert not numbers[0] & numbers[1]
    assert [node.name.iri for node in pathway.beyond.nodes] == ["far", "police"]
