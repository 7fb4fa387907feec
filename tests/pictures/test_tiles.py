"""The police force areas as tiles: each once, near its neighbours, with words and a pattern for what is known."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

import pyoxigraph as ox
import pytest

from taxonomy import assets
from taxonomy.analysis.recorded import Recorded, State
from taxonomy.analysis.rows import Named
from taxonomy.namespaces import GSS, RDF, SV
from taxonomy.pictures import tiles

SVG = "{http://www.w3.org/2000/svg}"
Look = Callable[[str], Element]


def everywhere(**counts: int) -> list[Recorded]:
    known = {"whole": 0, "part": 0, "wider": 0, "overlapping": 0} | counts
    return [Recorded(area=Named(spot.name, spot.area), **known) for spot in tiles.spots()]


def test_each_police_force_area_has_one_tile_of_its_own() -> None:
    register = ox.parse(
        path=str(assets.folder("data") / "areas" / "police-force-areas.ttl"), format=ox.RdfFormat.TURTLE
    )
    forces = {
        quad.subject.value
        for quad in register
        if quad.predicate.value == RDF + "type" and quad.object.value == SV + "PoliceForceArea"
    }
    assert sorted(forces) == sorted(spot.area for spot in tiles.spots())
    assert len({(spot.row, spot.column) for spot in tiles.spots()}) == len(forces) == 39


def beside() -> set[frozenset[str]]:
    """Pairs of tiles that touch with a side."""
    at = {(spot.row, spot.column): spot.area for spot in tiles.spots()}
    steps = [((row, column), near) for row, column in at for near in ((row + 1, column), (row, column + 1))]
    return {frozenset((at[here], at[there])) for here, there in steps if there in at}


@pytest.fixture(scope="module")
def neighbours(shared: Path) -> set[frozenset[str]]:
    """Pairs of police force areas whose published boundaries have points in common."""
    shapes = json.loads((shared / "reference/geography/pfa20_england_simplified.geojson").read_text(encoding="utf-8"))
    at: dict[tuple[float, float], set[str]] = defaultdict(set)

    def walk(points: list[object], area: str) -> None:
        for each in points:
            assert isinstance(each, list)
            if isinstance(each[0], float | int):
                at[tuple(each[:2])].add(area)
            else:
                walk(each, area)

    for shape in shapes["features"]:
        (code,) = {value for value in shape["properties"].values() if str(value).startswith("E23")}
        walk(shape["geometry"]["coordinates"], GSS + code)
    return {frozenset((one, other)) for areas in at.values() for one in areas for other in areas if one < other}


def test_tiles_that_touch_are_neighbours_more_often_than_not(neighbours: set[frozenset[str]]) -> None:
    true = [pair for pair in beside() if pair in neighbours]
    assert len(true) / len(beside()) > 0.7


def test_most_areas_touch_a_neighbour_on_the_tiles(neighbours: set[frozenset[str]]) -> None:
    kept = {area for pair in beside() & neighbours for area in pair}
    assert len(kept) == 39


def test_every_tile_is_a_link_with_the_full_name_and_what_is_known(looked_at: Look) -> None:
    areas = [replace(each, area=Named("Made-Up " + each.area.label, each.area.iri)) for each in everywhere(part=2)]
    tree = looked_at(tiles.draw(areas, "services", lambda iri: "/areas/" + iri.removeprefix(GSS)))
    links = {link.get("href"): link for link in tree.iter(SVG + "a")}
    assert len(links) == 39
    for each in areas:
        link = links["/areas/" + each.area.iri.removeprefix(GSS)]
        assert link.get("aria-label") == f"{each.area}, services: 2 for a part of it" == link.findtext(SVG + "title")


@pytest.mark.parametrize(
    ("counts", "state"),
    [
        ({"whole": 3}, State.WHOLE),
        ({"part": 3}, State.PART),
        ({"wider": 3}, State.WIDER),
        ({"overlapping": 3}, State.OVERLAPPING),
        ({}, State.NOT_KNOWN),
    ],
)
def test_each_state_has_words_and_a_pattern_of_its_own(looked_at: Look, counts: dict[str, int], state: State) -> None:
    def look(**known: int) -> tuple[str, set[str]]:
        tree = looked_at(tiles.draw(everywhere(**known), "services", lambda _: "/"))
        tile = next(tree.iter(SVG + "a"))
        return "".join(tile.itertext()), {rect.get("fill", "") for rect in tile.iter(SVG + "rect")}

    words, fills = look(**counts)
    others = [{"whole": 3}, {"part": 3}, {"wider": 3}, {"overlapping": 3}, {}]
    for other in others:
        if other != counts:
            assert words != look(**other)[0]
            assert fills != look(**other)[1]
    assert ("3" in words) is (state is not State.NOT_KNOWN)


def test_a_label_that_somebody_typed_stays_text(looked_at: Look, hostile: str) -> None:
    areas = [replace(each, area=Named(hostile, each.area.iri)) for each in everywhere(whole=1)]
    tree = looked_at(tiles.draw(areas, "services", lambda _: "/areas/x"))
    assert len(list(tree.iter(SVG + "a"))) == 39


def test_an_area_without_a_place_on_the_tiles_is_left_to_the_table() -> None:
    made_up = Recorded(area=Named("Made-Up", "https://example.org/a"), whole=1, part=0, wider=0, overlapping=0)
    assert tiles.draw([made_up], "services", str) == ""
