"""The pictures of a real area, from the release to the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from xml.etree.ElementTree import Element

from taxonomy.analysis import clusters, pathways
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.pictures import flow, layered, timeline

SVG = "{http://www.w3.org/2000/svg}"
AREA, WITHIN = "E23000036", "Avon and Somerset"
Look = Callable[[str], Element]


def test_the_pathways_of_avon_and_somerset_show_every_way_and_every_service(
    kg: KnowledgeGraph, looked_at: Look
) -> None:
    links, services = kg.ask("pathway-links", area=AREA), kg.ask("pathway-nodes", area=AREA)
    pathway = pathways.of(links, services, label=kg.label)
    singly = clusters.of(pathway, most=len(pathway.nodes))
    tree = looked_at(layered.draw(singly, lambda iri: "/" + iri, within=WITHIN))
    drawn = {link.get("href", "")[1:] for link in tree.iter(SVG + "a")}
    assert drawn == {row[end] for row in links for end in ("from", "to")} | {row["service"] for row in services}
    ways = {group.get("id") for group in tree.iter(SVG + "g") if group.get("class", "").startswith("edge")}
    assert len(ways) == len({(row["link"], row["from"], row["to"]) for row in links})
    refused = [group for group in tree.iter(SVG + "g") if group.get("class") == "edge refused"]
    assert len(refused) == len({row["link"] for row in links if row["kind"] == "refused"}) == 2


def test_the_money_of_avon_and_somerset_shows_every_share(kg: KnowledgeGraph, looked_at: Look) -> None:
    money = kg.funding(AREA)
    tree = looked_at(flow.draw(money, lambda iri: "/" + iri, within=WITHIN))
    words = " ".join(text.text or "" for text in tree.iter(SVG + "text"))
    assert "£3,547,368 published; 7 of 7 agreements with an amount; as stated on 12 March 2018" in words
    hatched = [group for group in tree.iter(SVG + "g") if group.get("class") == "band unknown"]
    unknown = sum(share.amount is None for share in money.flows)
    assert len(hatched) == unknown + sum(1 + len(agreement.services) for agreement in money.unknown)


def test_the_terms_of_avon_and_somerset_show_each_row_of_the_table(kg: KnowledgeGraph, looked_at: Look) -> None:
    money = kg.funding(AREA)
    tree = looked_at(timeline.draw(money.spans, lambda iri: "/" + iri, within=WITHIN, on=date(2018, 3, 12)))
    names = [link.get("href", "")[1:] for link in tree.iter(SVG + "a")]
    assert names == [row["agreement"] for row in money.timeline]
    kinds = [group.get("class") for group in tree.iter(SVG + "g") if group.get("class", "").startswith("bar")]
    assert kinds.count("bar extension") == sum(row["ends_if_extended"] is not None for row in money.timeline)
    assert [group.get("aria-label") for group in tree.iter(SVG + "g") if group.get("class") == "on"] == [
        "12 March 2018"
    ]
