"""The map questions asked of the real release: what the 2018 document states, and nothing more."""

from __future__ import annotations

from decimal import Decimal

import pytest

from taxonomy.analysis import funding, pathways
from taxonomy.analysis.funding import Funding
from taxonomy.analysis.money import Standing
from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.ways import Way
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.namespaces import ID

AREA = "E23000036"  # Avon and Somerset police force area
LIGHTHOUSE = ID + "service/lighthouse-avon-and-somerset"


@pytest.fixture(scope="module")
def pathway(kg: KnowledgeGraph) -> Pathway:
    return pathways.of(kg.ask("pathway-links", area=AREA), kg.ask("pathway-nodes", area=AREA), label=kg.label)


@pytest.fixture(scope="module")
def money(kg: KnowledgeGraph) -> Funding:
    return funding.of(kg.ask("funding-flows", area=AREA), label=kg.label)


def test_lighthouse_takes_cases_from_the_police_and_refuses_the_other_two_ways(pathway: Pathway) -> None:
    assert {("Police", Way.OPEN), ("The person themselves", Way.REFUSED), ("External agency", Way.REFUSED)} == {
        (edge.origin.name.label, edge.way) for edge in pathway.edges if edge.end.name.iri == LIGHTHOUSE
    }


def test_restorative_approaches_are_silent_about_a_way_in(pathway: Pathway) -> None:
    assert ID + "service/restorative-approaches-avon-and-somerset" in {node.name.iri for node in pathway.silent}


def test_every_way_leads_to_its_place_in_the_document_and_its_day(pathway: Pathway) -> None:
    assert all(edge.citations for edge in pathway.edges)
    days = {edge.place.partition("as stated on ")[2].rstrip(".") for edge in pathway.edges}
    assert {"12 March 2018", "31 July 2019"} == days


def test_every_link_of_the_answer_is_one_way_of_the_pathway(kg: KnowledgeGraph, pathway: Pathway) -> None:
    asked = kg.ask("pathway-links", area=AREA)
    assert {edge.link for edge in pathway.edges} == {row["link"] for row in asked}


def test_the_printed_totals_come_out(money: Funding) -> None:
    totals = {(total.standing, total.basis.label): total.amount for total in money.overall}
    assert totals[(Standing.FIRM, "Per year")] == Decimal(3_547_368)


def test_the_isva_service_is_paid_for_in_three_shares(money: Funding) -> None:
    isva = ID + "agreement/isva-avon-and-somerset"
    [agreement] = [agreement for agreement in money.agreements if agreement.name.iri == isva]
    assert (len(agreement.flows), agreement.amount) == (3, Decimal(342_333))


def test_agreements_without_a_published_amount_are_counted_and_named(money: Funding) -> None:
    assert money.unknown
    assert f"{len(money.unknown)} of {len(money.agreements)} agreements have no published amount" in money.summary


def test_an_area_inside_the_force_area_sees_the_services_that_cover_it(kg: KnowledgeGraph, pathway: Pathway) -> None:
    bristol = kg.ask("pathway-nodes", area="E06000023")
    assert LIGHTHOUSE in {row["service"] for row in bristol}


def test_an_area_with_nothing_of_its_own_sees_what_covers_all_of_england(kg: KnowledgeGraph) -> None:
    cumbria = kg.ask("pathway-nodes", area="E23000002")
    assert {ID + "service/letting-the-future-in-nspcc"} == {row["service"] for row in cumbria}


def test_no_row_means_that_nothing_is_known() -> None:
    assert "not known" in pathways.of([], [], label=str).summary
