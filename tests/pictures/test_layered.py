"""The pathway as a picture tells what the text and the table tell, and nothing that a page may not hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from xml.etree.ElementTree import Element

import pytest

from taxonomy.analysis import clusters
from taxonomy.analysis.citations import Citation
from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.rows import Named
from taxonomy.analysis.ways import Edge, Node, NodeKind, Sector, Way
from taxonomy.pictures import layered

SVG = "{http://www.w3.org/2000/svg}"
Look, Address = Callable[[str], Element], Callable[[str], str]


STATED = Citation(iri="place", locator="Made-up table, row 1", document=None, as_at=date(2018, 3, 12), confirmed=True)


def node(name: str, kind: NodeKind = NodeKind.SERVICE, **facts: object) -> Node:
    return Node(name=Named(name, f"https://example.org/{kind}/{name}"), kind=kind, **facts)  # type: ignore[arg-type]  # facts as the test words them


def edge(
    number: int,
    origin: Node,
    end: Node,
    way: Way = Way.OPEN,
    *,
    consent: bool | None = None,
    citation: Citation = STATED,
) -> Edge:
    return Edge(
        number=number,
        link=f"way {number}",
        way=way,
        origin=origin,
        end=end,
        mechanisms=(),
        consent=consent,
        wider=False,
        conditions=(),
        rules=(),
        citations=(citation,),
    )


@pytest.fixture
def pathway() -> Pathway:
    person, hub = node("person", NodeKind.SOURCE), node("hub", sector=Sector.STATUTORY)
    group, centre = node("group", NodeKind.GROUP), node("centre", sector=Sector.VOLUNTARY)
    edges = (edge(1, person, hub, Way.REFUSED), edge(2, person, group), edge(3, hub, group, consent=True))
    return Pathway((centre, group, hub, person), edges)


def test_picture_text_and_table_hold_the_same_ways(pathway: Pathway, address: Address, looked_at: Look) -> None:
    tree = looked_at(layered.draw(pathway, address))
    drawn = {group.get("id") for group in tree.iter(SVG + "g") if "edge" in group.get("class", "").split()}
    told = {f"way-{step.number}" for start in pathway.starts for step in start.steps}
    assert drawn == told == {f"way-{row['Way']}" for row in pathway.table}


def test_a_refused_way_is_drawn_as_refused_and_says_so(pathway: Pathway, address: Address, looked_at: Look) -> None:
    groups = {group.get("id"): group for group in looked_at(layered.draw(pathway, address)).iter(SVG + "g")}
    refused, opened = groups["way-1"], groups["way-2"]
    assert refused.get("class") == "edge refused"
    assert [text.text for text in refused.iter(SVG + "text")] == ["1 Refused"]
    assert any(path.get("stroke-dasharray") for path in refused.iter(SVG + "path"))
    assert refused.find(SVG + "polyline") is not None  # the bar across the end of the line
    assert opened.find(SVG + "polyline") is None


def test_a_way_that_only_a_curator_states_is_dotted_and_says_so(address: Address, looked_at: Look) -> None:
    person, hub = node("person", NodeKind.SOURCE), node("hub")
    judged = edge(1, person, hub, citation=replace(STATED, confirmed=False))
    groups = {
        group.get("id"): group
        for group in looked_at(layered.draw(Pathway((hub, person), (judged,)), address)).iter(SVG + "g")
    }
    assert groups["way-1"].get("class") == "edge open unconfirmed"
    assert [text.text for text in groups["way-1"].iter(SVG + "text")] == ["1 not confirmed"]


def test_the_picture_says_for_which_day_it_speaks(pathway: Pathway, address: Address) -> None:
    assert ">As stated on 12 March 2018<" in layered.draw(pathway, address)


def test_every_node_is_a_link_with_a_name_and_a_title(pathway: Pathway, address: Address, looked_at: Look) -> None:
    links = list(looked_at(layered.draw(pathway, address)).iter(SVG + "a"))
    assert {link.get("href") for link in links} == {address(each.name.iri) for each in pathway.nodes}
    assert all(link.get("aria-label") == link.findtext(SVG + "title") for link in links)


def test_a_service_that_no_way_leads_to_stays_in_the_picture(pathway: Pathway, address: Address) -> None:
    svg = layered.draw(pathway, address)
    assert "No way in is stated for these services" in svg
    assert "centre, service, provider not stated, voluntary sector, no way in stated" in svg


def test_consent_is_told_only_where_it_is_stated(pathway: Pathway, address: Address, looked_at: Look) -> None:
    words = [text.text or "" for text in looked_at(layered.draw(pathway, address)).iter(SVG + "text")]
    assert [text for text in words if "consent" in text] == ["3 with consent"]


def test_the_words_of_a_way_lie_on_its_line(pathway: Pathway, address: Address, looked_at: Look) -> None:
    tree = looked_at(layered.draw(pathway, address))
    ways = [group for group in tree.iter(SVG + "g") if group.get("role") == "img"]
    assert len(ways) == len(pathway.edges)
    assert all(group.find(SVG + "rect") is not None for group in ways)


def test_no_label_gets_out_of_its_place(hostile: str, address: Address, looked_at: Look) -> None:
    person, centre = node(hostile, NodeKind.SOURCE), node(hostile, provider_as_printed=hostile)
    tree = looked_at(layered.draw(Pathway((person, centre), (edge(1, person, centre),)), address, within=hostile))
    assert len(list(tree.iter(SVG + "a"))) == 2


def test_labels_leave_out_the_area_that_the_page_names(address: Address) -> None:
    service = node("Made-Up Helpline (Made-Up Shire)")
    svg = layered.draw(Pathway((service,), ()), address, within="Made-Up Shire")
    assert ">Made-Up Helpline<" in svg
    assert 'aria-label="Made-Up Helpline (Made-Up Shire), service' in svg


def test_the_same_pathway_is_always_the_same_picture(pathway: Pathway, address: Address) -> None:
    assert layered.draw(pathway, address) == layered.draw(pathway, address)


def test_keyboard_and_reader_meet_a_way_after_its_start_and_before_its_end(
    pathway: Pathway, address: Address, looked_at: Look
) -> None:
    order = [group.get("id", "") for group in looked_at(layered.draw(pathway, address)).iter(SVG + "g")]
    # Node 4 is the person, who is refused by the hub (3) and may go to the group (2); nothing leads to node 1.
    assert [name for name in order if name.startswith(("pathway-node", "way"))][-1] == "pathway-node-1"
    assert order.index("pathway-node-4") < order.index("way-1") < order.index("pathway-node-3")


def test_where_there_are_too_many_boxes_those_that_stand_together_are_one_and_keep_every_way(
    address: Address, looked_at: Look
) -> None:
    person = node("person", NodeKind.SOURCE)
    services = tuple(node(f"service {n:03}", sector=list(Sector)[n % 5]) for n in range(300))
    edges = tuple(edge(n, person, services[n]) for n in range(1, 100))
    tree = looked_at(layered.draw(Pathway((person, *services), edges), address, opens=lambda key: f"/open/{key}"))
    assert len(list(tree.iter(SVG + "a"))) == 11  # the person, and five sectors with and without a way in
    drawn = " ".join(group.get("data-ways", "") for group in tree.iter(SVG + "g")).split()
    assert sorted(map(int, drawn)) == [each.number for each in edges]


def test_a_box_of_several_says_how_many_and_leads_to_the_page_that_opens_it(address: Address, looked_at: Look) -> None:
    services = tuple(node(f"service {n:03}", sector=Sector.VOLUNTARY) for n in range(40))
    tree = looked_at(layered.draw(Pathway(services, ()), address, opens=lambda key: f"/open/{key}"))
    [box] = tree.iter(SVG + "a")
    assert box.get("href") == "/open/no-way.voluntary.not-stated"
    assert "40 services" in box.get("aria-label", "")


def test_one_hundred_services_opened_at_once_are_laid_out_in_time(address: Address, looked_at: Look) -> None:
    services = tuple(node(f"service {n:03}", sector=list(Sector)[n % 5]) for n in range(100))
    opened = [f"no-way.{slug}.not-stated" for slug in ("voluntary", "statutory", "private", "several", "not-stated")]
    tree = looked_at(layered.draw(clusters.of(Pathway(services, ()), opened=opened), address))
    assert len(list(tree.iter(SVG + "a"))) == 100
