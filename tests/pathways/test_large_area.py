"""An area with 300 services stays readable: a picture of few boxes, which can be opened, and every way in it."""

from __future__ import annotations

import csv
import io
import re
import resource
import time

import pytest
from flask import Flask

from taxonomy.analysis.narrowing import Narrowing
from taxonomy.knowledge import KnowledgeGraph

PAGE = "/areas/made-up-shire/pathways"
SECONDS = 3  # of processor time for the page without its readers; about half of it when measured


@pytest.fixture(scope="module")
def page(large_site: Flask) -> str:
    client = large_site.test_client()
    client.get(PAGE, headers={"Accept": "text/html"})
    return client.get(PAGE, headers={"Accept": "text/html"}).text


def ways(html: str) -> set[int]:
    """The numbers of the ways that the pictures of a page draw."""
    return {int(number) for numbers in re.findall(r'data-ways="([\d ]+)"', html) for number in numbers.split()}


def boxes(html: str) -> int:
    return len(re.findall(r'<g [^>]*class="node ', html))


def test_the_picture_has_few_boxes_and_every_way(page: str, large: KnowledgeGraph) -> None:
    answer = large.pathways("made-up-shire")
    assert len(answer.services) == 300
    assert ways(page) == {edge.number for edge in answer.edges}
    assert boxes(page) <= 60


def test_an_opened_box_is_shown_alone_with_its_ways_on_the_page_and_in_the_download(
    large_site: Flask, page: str, large: KnowledgeGraph
) -> None:
    client = large_site.test_client()
    assert "show=voluntary#" in page
    sector = client.get(f"{PAGE}?show=voluntary", headers={"Accept": "text/html"}).text
    assert "show=voluntary.therapy#" in sector
    opened = client.get(f"{PAGE}?show=voluntary.therapy", headers={"Accept": "text/html"}).text
    rows = list(csv.DictReader(io.StringIO(client.get(f"{PAGE}.csv?show=voluntary.therapy").text)))
    assert ways(opened) == {int(row["way"]) for row in rows} < ways(sector) < ways(page)
    assert boxes(opened) <= 60
    assert "Close “voluntary.therapy”" in opened
    inside = {
        node.name.iri
        for node in large.pathways("made-up-shire").services
        if node.sector == "Voluntary sector" and any(stage.name.iri.endswith("/therapy") for stage in node.stages)
    }
    assert all({row["from"], row["to"]} & inside for row in rows)


def test_a_service_whose_ways_in_are_left_out_is_not_said_to_have_none(
    large_site: Flask, large: KnowledgeGraph
) -> None:
    silent = {node.name.iri for node in large.pathways("made-up-shire").pathway.silent}
    shown = large.pathways("made-up-shire", narrowed=Narrowing(stage="therapy")).pathway
    assert {node.name.iri for node in shown.silent} == silent & {node.name.iri for node in shown.services}


def test_services_can_be_put_together_by_provider(large_site: Flask, page: str) -> None:
    by_provider = large_site.test_client().get(f"{PAGE}?group=provider", headers={"Accept": "text/html"}).text
    assert ways(by_provider) == ways(page)
    opened = large_site.test_client().get(f"{PAGE}?group=provider&show=statutory", headers={"Accept": "text/html"}).text
    assert "Made-Up Body 7" in re.sub(r"<desc.*?</desc>|<table.*?</table>", "", opened, flags=re.DOTALL)


def test_a_filter_narrows_page_and_download_alike(large_site: Flask) -> None:
    client = large_site.test_client()
    asked = "?stage=therapy&sector=voluntary"
    html = client.get(PAGE + asked, headers={"Accept": "text/html"}).text
    rows = list(csv.DictReader(io.StringIO(client.get(f"{PAGE}.csv{asked}").text)))
    assert ways(html) == {int(row["way"]) for row in rows}
    assert 0 < len(rows) < 300
    assert re.search(r"Shown: \d+ of 300 services", html)


def test_the_page_takes_little_of_the_processor(large_site: Flask, page: str) -> None:
    client = large_site.test_client()

    def used() -> float:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time() + children.ru_utime + children.ru_stime

    before = used()
    assert client.get(f"{PAGE}?age=15&reported=no", headers={"Accept": "text/html"}).status_code == 200
    assert used() - before < SECONDS
