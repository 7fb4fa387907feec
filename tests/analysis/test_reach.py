"""How far a person gets, and what the shape of the ways says, over made-up ways and over any ways at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysis.conftest import LINK, SERVICE

from taxonomy.analysis import clusters, eligibility, narrowing, pathways, structure, told, walks
from taxonomy.analysis.clusters import Cluster, Grouping
from taxonomy.analysis.eligibility import Rules
from taxonomy.analysis.narrowing import Narrowing
from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.person import Person
from taxonomy.analysis.reach import Passage, Reach, routes
from taxonomy.analysis.rows import Row
from taxonomy.analysis.vocabulary import Terms
from taxonomy.analysis.ways import Way
from taxonomy.errors import NotFoundError
from taxonomy.namespaces import EXAMPLE, SV
from taxonomy.pictures import layered
from taxonomy.questions.results import Answer

Make = Callable[..., Row]


def reach(pathway: Pathway, *starts: str, rules: Rules | None = None, **facts: object) -> Reach:
    begins = tuple(pathway.by_iri[start] for start in starts)
    return Reach(pathway, Person(**facts), begins, rules or Rules(), Terms())  # type: ignore[arg-type]  # facts as the test words them


def adults(owner: str) -> Row:
    fixed = {"citation": EXAMPLE + "place", "locator": "page 1", "document": None, "as_at": None, "confirmed": True}
    return {"owner": owner, "rule": f"{owner}: adults", "aspect": SV + "minimumAge", "value": 18, **fixed}


def passages(found: Reach) -> dict[str, str]:
    return {f"{step.edge.origin.name}-{step.edge.end.name}": str(step.passage) for step in found.steps}


@pytest.fixture
def pathway(link: Make, service: Make) -> Pathway:
    ways = [
        link("self", "helpline"),
        link("self", "hub", kind="refused"),
        link("police", "hub"),
        link("helpline", "therapy", from_kind="service"),
        link("hub", "court", from_kind="service"),
    ]
    return pathways.of(ways, [service(name) for name in ("helpline", "hub", "therapy", "court")], label=str)


def test_a_refused_way_is_closed_never_walked_and_says_which_way_in_there_is(pathway: Pathway) -> None:
    found = reach(pathway, "self")
    assert passages(found) == {
        "self-helpline": "open",
        "self-hub": "closed",
        "police-hub": "not reached",
        "helpline-therapy": "open",
        "hub-court": "not reached",
    }
    [shut] = found.of(Passage.CLOSED)
    assert shut.why == "refused by the service; the only stated way in is from: police"
    assert shut.reasons[0].citations == shut.edge.citations


def test_a_rule_closes_a_way_and_what_lies_beyond_it_is_not_reached(pathway: Pathway) -> None:
    found = reach(pathway, "self", rules=eligibility.of([adults("helpline")], label=str), age=15)
    assert passages(found)["self-helpline"] == "closed"
    assert passages(found)["helpline-therapy"] == "not reached"
    assert [reason.words for reason in found.reasons][:1] == ["from 18"]


def test_beyond_a_way_that_is_not_known_nothing_is_known_to_be_open(pathway: Pathway) -> None:
    found = reach(pathway, "self", rules=eligibility.of([adults("therapy")], label=str), age=20)
    assert passages(found)["self-helpline"] == "not known"
    [step] = [step for step in found.steps if step.edge.end.name.label == "therapy"]
    assert (step.passage, step.why) == (
        Passage.NOT_KNOWN,
        "not known whether this person gets as far as helpline",
    )


def test_routes_are_told_shortest_first_and_never_over_a_refused_way(link: Make) -> None:
    pathway = pathways.of(
        [
            link("self", "a"),
            link("a", "b", from_kind="service"),
            link("b", "end", from_kind="service"),
            link("a", "end", from_kind="service"),
            link("self", "end", kind="refused"),
        ],
        [],
        label=str,
    )
    found = routes(reach(pathway, "self"), pathway.by_iri["end"])
    assert [[step.edge.end.name.label for step in route] for route in found] == [["a", "end"], ["a", "b", "end"]]


def test_a_circle_is_named_once_and_a_single_point_with_what_depends_on_it(link: Make, service: Make) -> None:
    pathway = pathways.of(
        [
            link("self", "hub"),
            link("hub", "a", from_kind="service"),
            link("a", "b", from_kind="service"),
            link("b", "a", from_kind="service"),
        ],
        [service(name) for name in ("hub", "a", "b", "alone")],
        label=str,
    )
    found = structure.of(pathway)
    assert [[node.name.label for node in circle] for circle in found.circles] == [["a", "b"]]
    assert {p.node.name.label: [n.name.label for n in p.beyond] for p in found.points} == {
        "self": ["a", "b", "hub"],
        "hub": ["a", "b"],
        "a": ["b"],
    }
    assert [node.name.label for node in found.unreached] == ["alone"]
    assert found.dead_ends == ()


def test_a_dead_end_is_led_to_and_leads_nowhere(pathway: Pathway) -> None:
    assert [node.name.label for node in structure.of(pathway).dead_ends] == ["court", "therapy"]


def test_what_is_not_in_force_on_the_day_is_left_out_with_the_ways_that_touch_it(link: Make, service: Make) -> None:
    links = [link("self", "old"), link("self", "new"), link("self", "kept", ends=date(2020, 1, 1))]
    services = [service("old", ends=date(2018, 3, 31)), service("new", starts=date(2018, 4, 1)), service("kept")]
    on = pathways.of(links, services, label=str, day=date(2018, 4, 1))
    assert [edge.end.name.label for edge in on.edges] == ["kept", "new"]
    assert [node.name.label for node in on.services] == ["kept", "new"]
    late = pathways.of(links, services, label=str, day=date(2021, 1, 1))
    assert [(edge.end.name.label, edge.last_stated(late.day)) for edge in late.edges] == [
        ("new", "last stated in 2018")
    ]


def test_a_service_is_shown_with_every_way_that_leads_to_it_or_on_from_it(pathway: Pathway) -> None:
    shown = Narrowing(service="helpline").of(pathway)
    assert {(edge.origin.name.label, edge.end.name.label) for edge in shown.edges} == {
        ("self", "helpline"),
        ("helpline", "therapy"),
    }


@pytest.mark.parametrize("wrong", [{"stage": "x"}, {"sector": "x"}, {"service": "x"}, {"boxes": ("x",)}])
def test_a_part_that_there_is_not_is_not_found(pathway: Pathway, wrong: dict[str, str]) -> None:
    with pytest.raises(NotFoundError):
        Narrowing(**wrong).of(pathway)  # type: ignore[arg-type]  # wrong on purpose


def test_a_place_is_found_by_its_slug_its_label_or_a_part_of_it_that_no_other_has(link: Make) -> None:
    pathway = pathways.of([link(EXAMPLE + "id/service/one", EXAMPLE + "id/service/one-two")], [], label=str.upper)
    for said in ("one", "service/one", "SERVICE/ONE", EXAMPLE + "id/service/one"):
        assert narrowing.found(pathway, said).name.iri == EXAMPLE + "id/service/one"
    assert narrowing.found(pathway, "e-tw").name.iri == EXAMPLE + "id/service/one-two"
    with pytest.raises(NotFoundError, match="service/one"):
        narrowing.found(pathway, "ne")


NAMES = [f"n{number:02}" for number in range(14)]
EDGES = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.booleans(), st.booleans()), max_size=30)


def some(edges: list[tuple[str, str, bool, bool]], services: int = len(NAMES)) -> Pathway:
    links = [
        LINK
        | {"link": f"{EXAMPLE}id/way/{n}", "from": origin, "to": end, "from_kind": "service"}
        | {"kind": "open" if opened else "refused", "confirmed": confirmed}
        for n, (origin, end, opened, confirmed) in enumerate(edges)
    ]
    sectors = ["VoluntaryOrganisation", "StatutoryOrganisation", None]
    rows = [
        SERVICE
        | {
            "service": name,
            "sector": sectors[n % 3] and f"{SV}{sectors[n % 3]}",
            "stage": f"stage {n % 4}",
            "position": n % 4,
        }
        for n, name in enumerate(NAMES[:services])
    ]
    return pathways.of(links, rows, label=str)


@settings(deadline=None)
@given(EDGES)
def test_what_is_reached_is_what_open_ways_lead_to(edges: list[tuple[str, str, bool, bool]]) -> None:
    pathway = some(edges)
    found = reach(pathway, NAMES[0])
    graph = nx.DiGraph((origin, end) for origin, end, opened, _ in edges if opened)
    graph.add_node(NAMES[0])
    reached = {NAMES[0], *nx.descendants(graph, NAMES[0])}
    for step in found.steps:
        begun = step.edge.origin.name.iri in reached
        expected = Passage.NOT_REACHED if not begun else Passage.OPEN if step.edge.way is Way.OPEN else Passage.CLOSED
        assert expected is step.passage


@settings(deadline=None)
@given(EDGES)
def test_without_a_single_point_nothing_that_depends_on_it_is_reached(edges: list[tuple[str, str, bool, bool]]) -> None:
    pathway = some(edges)
    starts = [start.node.name.iri for start in pathway.starts]
    points = {point.node.name.iri: {node.name.iri for node in point.beyond} for point in structure.of(pathway).points}

    def reached(graph: nx.DiGraph[str]) -> set[str]:
        return {end for start in starts if start in graph for end in (start, *nx.descendants(graph, start))}

    everything = reached(pathway.graph)
    for iri in pathway.graph:
        rest = pathway.graph.copy()
        rest.remove_node(iri)
        assert points.get(iri, set()) == everything - reached(rest) - {iri}


@settings(deadline=None)
@given(EDGES, st.sampled_from(Grouping), st.integers(0, 12), st.booleans())
def test_boxes_and_lines_lose_nothing_and_say_nothing_twice(
    edges: list[tuple[str, str, bool, bool]], grouping: Grouping, most: int, opening: bool
) -> None:
    pathway = some(edges)
    opened = [box.key for box in clusters.of(pathway, grouping=grouping, most=most).clusters] if opening else []
    drawn = clusters.of(pathway, grouping=grouping, most=most, opened=opened)
    assert sorted(n.name.iri for box in drawn.boxes.values() for n in clusters.members(box)) == sorted(pathway.by_iri)
    assert sorted(edge.number for line in drawn.lines for edge in line.edges) == [e.number for e in pathway.edges]
    for line in drawn.lines:
        assert len({edge.way for edge in line.edges}) == 1
        ends = [clusters.members(drawn.boxes[key]) for key in (line.origin, line.end)]
        assert all(edge.origin in ends[0] and edge.end in ends[1] for edge in line.edges)
    for box in drawn.boxes.values():
        assert not isinstance(box, Cluster) or set(clusters.within(pathway, box.key, grouping)) >= set(box.nodes)


@settings(max_examples=25, deadline=None)
@given(EDGES, st.sampled_from([None, NAMES[0]]), st.integers(0, 20))
def test_picture_text_table_and_download_hold_the_same_ways_whatever_they_are(
    edges: list[tuple[str, str, bool, bool]], start: str | None, most: int
) -> None:
    pathway = some(edges)
    found = reach(pathway, *([start] if start else []))
    answer = told.of(found, Answer(columns=(), rows=(), text=""))
    ways = {edge.number for edge in pathway.edges}
    svg = layered.draw(
        clusters.of(pathway, most=most),
        lambda iri: f"/{iri}",
        reach=found if start else None,
        opens=lambda key: f"/{key}",
    )
    assert {int(n) for part in svg.split('data-ways="')[1:] for n in part.split('"')[0].split()} == ways
    assert {step.number for begin in pathway.starts for step in begin.steps} == ways
    assert {int(row["Way"]) for row in pathway.table} == ways
    saved = answer.to_csv().splitlines()[1:]
    assert {int(line.split(",")[0]) for line in saved} == ways
    assert len(saved) == len(ways) == len(edges)


@settings(deadline=None)
@given(EDGES)
def test_where_there_are_many_steps_each_is_told_once(edges: list[tuple[str, str, bool, bool]]) -> None:
    pathway = some(edges)
    once = walks.of(pathway.edges, pathway.by_iri, pathway.graph, most=0)
    assert sorted(step.number for walk in once for step in walk.steps) == [edge.number for edge in pathway.edges]
