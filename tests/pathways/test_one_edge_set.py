"""The ways of an area are one set: in the picture, the steps, the table, the CSV, and whoever else asks in SPARQL."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from html import unescape
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Triple

from taxonomy import assets
from taxonomy.namespaces import graph
from taxonomy.publishing import gathering
from taxonomy.questions.results import Answer
from taxonomy.site import create_app, reading

from .conftest import concept, kind, node, say

Way = tuple[str, str, str]  # from, to, open or refused
Facts = dict[str, frozenset[Triple]]

# Written apart from the questions of the site: what touches a service near the area, or a group that one is in or that
# shares a way with one.
APART = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX sv: <https://w3id.org/svssv/ontology#>
SELECT DISTINCT ?way ?start ?finish ?refused WHERE {
  ?near sv:coversArea ?there ; a sv:Service .
  { ?there sv:within* <AREA> } UNION { <AREA> sv:within* ?there }
  { ?near sv:coversArea ?there . BIND (?near AS ?touched) }
  UNION { ?touched sv:groupMember ?near }
  UNION { ?touched a sv:ServiceGroup ; ^(sv:referralFrom|sv:referralTo)/(sv:referralFrom|sv:referralTo) ?near }
  ?touched ^(sv:referralFrom|sv:referralTo) ?way .
  ?way sv:referralFrom/(rdfs:label|skos:prefLabel) ?start ; sv:referralTo/(rdfs:label|skos:prefLabel) ?finish .
  FILTER (LANGMATCHES(LANG(?start), "en") && LANGMATCHES(LANG(?finish), "en"))
  BIND (EXISTS { ?way a sv:RefusedRoute } AS ?refused)
}
"""
AREA, PART, WIDER, ELSEWHERE = (node("area", f"made-up-{name}") for name in ("shire", "town", "country", "isle"))
SERVICES = [node("service", f"made-up-{n}") for n in range(5)]
GROUPS = [node("group", f"made-up-{n}") for n in range(2)]
SENDERS = [concept("referral-source", "police"), concept("referral-source", "gp"), node("organisation", "made-up-0")]


@cache
def words() -> Facts:
    """The vocabularies, with the labels of referral sources."""
    known = gathering.gather(assets.root()).graphs
    return {name: triples for name, triples in known.items() if name.startswith(graph("vocabulary"))}


@st.composite
def stated(draw: st.DrawFn) -> Facts:
    """A few services, groups and ways, some of the area and some not, as two made-up documents state them."""
    told = [*kind(AREA, "PoliceForceArea", "Made-Up Shire"), *kind(WIDER, "Country", "Made-Up Country")]
    told += [*kind(PART, "NamedArea", "Made-Up Town"), *kind(ELSEWHERE, "NamedArea", "Made-Up Isle")]
    told += [say(PART, "within", AREA), say(AREA, "within", WIDER), *kind(SENDERS[2], "Organisation", "Made-Up Body 0")]
    for number, service in enumerate(SERVICES):
        told += [*kind(service, "Service", f"Made-Up Service {number}")]
        told.append(say(service, "coversArea", draw(st.sampled_from([AREA, AREA, PART, WIDER, ELSEWHERE]))))
    for number, group in enumerate(GROUPS):
        told += [*kind(group, "ServiceGroup", f"Made-Up Group {number}")]
        told += [say(group, "groupMember", each) for each in draw(st.sets(st.sampled_from(SERVICES), max_size=2))]
    pages: list[list[Triple]] = [[], []]
    for number in range(draw(st.integers(0, 9))):
        way = node("service", "made-up-0", "route", number)
        end = draw(st.sampled_from([*SERVICES, *GROUPS]))
        start = draw(st.sampled_from([each for each in (*SENDERS, *SERVICES, *GROUPS) if each != end]))
        said = [say(way, "referralFrom", start), say(way, "referralTo", end)]
        said += kind(way, draw(st.sampled_from(["OpenRoute", "OpenRoute", "RefusedRoute"])), "A made-up way")
        for page in draw(st.sampled_from([[0], [1], [0, 1]])):
            pages[page] += said
    cited = {f"https://example.org/graph/citation/made-up/{n}": frozenset(page) for n, page in enumerate(pages)}
    return {**words(), **cited, graph("record", "made-up-body"): frozenset(told)}


def as_words(ways: Iterator[tuple[str, str, str]] | list[tuple[str, str, str]]) -> Counter[Way]:
    return Counter((start.casefold(), finish.casefold(), way) for start, finish, way in ways)


def told_in(texts: list[str]) -> Counter[Way]:
    """The ways that sentences tell, such as “A to B: open, self-referral.”"""
    found = [re.match(r"(?:Way \d+: )?(.+?) to (.+?): (open|refused)\b", text) for text in texts]
    return as_words([each.groups() for each in found if each])  # type: ignore[misc]  # three groups each


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_examples_have_ways_or_none() -> None:
    """The strategy makes areas with ways as well as without."""
    sizes: set[bool] = set()

    @given(stated())
    @settings(max_examples=20, deadline=None, database=None)
    def drawn(facts: Facts) -> None:
        sizes.add(any("/route/" in triple.subject.value for page in list(facts.values())[-3:] for triple in page))  # type: ignore[union-attr]  # no blank nodes here

    drawn()
    assert sizes == {True, False}


@given(facts=stated())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_picture_steps_table_csv_and_sparql_hold_the_same_ways(sealed: Callable[..., Path], facts: Facts) -> None:
    app = create_app(sealed(facts, practice=True))
    client = app.test_client()
    try:
        with app.test_request_context("/"):
            found = reading.pages().sparql(APART.replace("AREA", AREA.value), labels=False)
        assert isinstance(found, Answer)
        apart = as_words(
            [(str(row["start"]), str(row["finish"]), "refused" if row["refused"] else "open") for row in found]
        )
        page = client.get("/areas/made-up-shire/pathways", headers={"Accept": "text/html"}).get_data(as_text=True)
        download = csv.DictReader(io.StringIO(client.get("/areas/made-up-shire/pathways.csv").get_data(as_text=True)))
        assert apart == as_words([(r["from_label"], r["to_label"], r["open_or_refused"]) for r in download])
        pictures = "".join(re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL))
        lines = re.findall(r'<g [^>]*class="edge[^>]*>', pictures)
        drawn = [unescape(each[1]) for line in lines if (each := re.search(r'aria-label="([^"]+)"', line))]
        assert apart == told_in(drawn)
        items = re.findall(r"<li(?: class=\"sv-refused\")?>(.*?<span class=\"sv-place\">Way \d+.*?)</li>", page)
        steps = {re.search(r"Way (\d+) ", plain(item))[1]: plain(item) for item in items}  # type: ignore[index]  # each has one
        assert apart == told_in(list(steps.values()))
        table = page.rpartition("<tbody")[2].partition("</tbody")[0] if apart else ""
        rows = [
            [plain(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in re.findall("<tr.*?</tr>", table)
        ]
        assert apart == as_words([(row[1], row[2], row[3]) for row in rows])
    finally:
        with app.app_context():
            reading.current().close()
