"""The register of areas: complete, nested without gaps, and in agreement with the published lookups."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from taxonomy import assets
from taxonomy.namespaces import GSS, RDF, RDFS, SKOS, SV

AVON_AND_SOMERSET, SOMERSET = GSS + "E23000036", GSS + "E06000066"
ATTRIBUTION = (
    "# Source: Office for National Statistics licensed under the Open Government Licence v.3.0.",
    "# Contains OS data © Crown copyright and database right 2024.",
)


class Areas:
    """The triples of data/areas/, looked up by subject and predicate."""

    def __init__(self, files: tuple[Path, ...]) -> None:
        self.found: dict[str, dict[str, list[str]]] = {}
        for path in files:
            for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
                assert isinstance(quad.object, ox.NamedNode | ox.Literal)
                self.found.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, []).append(
                    quad.object.value
                )

    def values(self, area: str, term: str) -> list[str]:
        return self.found[area].get(term, [])

    def of(self, kind: str) -> list[str]:
        return [area for area in self.found if self.values(area, RDF + "type") == [SV + kind]]

    def today(self, kind: str) -> list[str]:
        return [area for area in self.of(kind) if not self.values(area, SV + "validTo")]

    def around(self, area: str) -> set[str]:
        """Every area that this one lies within, however many steps away."""
        direct = set(self.values(area, SV + "within"))
        return direct.union(*(self.around(step) for step in direct))

    def around_of(self, area: str, kind: str) -> set[str]:
        return self.around(area) & set(self.of(kind))


@pytest.fixture(scope="module")
def areas() -> Areas:
    return Areas(assets.files("data", "areas/*.ttl"))


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def code(area: str) -> str:
    return area.removeprefix(GSS)


@pytest.mark.parametrize(
    ("kind", "number"),
    [("Country", 1), ("Region", 9), ("PoliceForceArea", 39), ("County", 21), ("LocalAuthorityArea", 296)],
)
def test_every_area_of_today_is_there_once(areas: Areas, kind: str, number: int) -> None:
    assert number == len(areas.today(kind))


def test_local_authorities_are_of_the_four_kinds_that_the_codes_tell_apart(areas: Areas) -> None:
    kinds = Counter(code(area)[:3] for area in areas.today("LocalAuthorityArea"))
    assert kinds == {"E06": 63, "E07": 164, "E08": 36, "E09": 33}


def test_the_code_is_the_end_of_the_address(areas: Areas) -> None:
    coded = [area for area in areas.found if area.startswith(GSS)]
    assert len(coded) > 366
    assert [area for area in coded if areas.values(area, SV + "gssCode") != [code(area)]] == []


def test_every_area_has_one_kind_and_one_name(areas: Areas) -> None:
    kinds = ("Country", "Region", "PoliceForceArea", "County", "LocalAuthorityArea")
    every = [area for kind in kinds for area in areas.of(kind)]
    assert len(every) == len(set(every)) == len(areas.found) - 1  # the one other subject is the register itself
    assert [area for area in every if len(areas.values(area, RDFS + "label")) != 1] == []


@pytest.mark.parametrize("kind", ["LocalAuthorityArea", "County"])
def test_each_authority_lies_in_one_police_force_area_and_one_region(areas: Areas, kind: str) -> None:
    split = [
        area
        for area in areas.of(kind)
        if len(areas.around_of(area, "PoliceForceArea")) != 1 or len(areas.around_of(area, "Region")) != 1
    ]
    assert split == []


def test_a_district_below_a_county_lies_in_one_and_no_other_authority_does(areas: Areas) -> None:
    for area in areas.of("LocalAuthorityArea"):
        counties = areas.around_of(area, "County")
        assert (1 if code(area).startswith("E07") else 0) == len(counties), area


def test_everything_lies_in_england(areas: Areas) -> None:
    england = GSS + "E92000001"
    elsewhere = [
        area
        for kind in ("Region", "PoliceForceArea", "County")
        for area in areas.of(kind)
        if england not in areas.around(area)
    ]
    assert elsewhere == []


@pytest.mark.parametrize("term", ["within", "succeededBy"])
def test_no_area_points_at_one_that_is_not_there(areas: Areas, term: str) -> None:
    named = {other for area in areas.found for other in areas.values(area, SV + term)}
    assert named
    assert set() == named - set(areas.found)


def test_an_area_that_ended_has_a_successor_that_begins_on_the_next_day(areas: Areas) -> None:
    former = [area for area in areas.found if areas.values(area, SV + "validTo")]
    assert len(former) == 11
    for area in former:
        (last,) = areas.values(area, SV + "validTo")
        successors = areas.values(area, SV + "succeededBy")
        assert successors, area
        for successor in successors:
            (first,) = areas.values(successor, SV + "validFrom")
            assert (date.fromisoformat(first) - date.fromisoformat(last)).days == 1, (area, successor)


def test_somerset_follows_its_county_and_districts_in_the_same_police_force_area(areas: Areas) -> None:
    before = {area for area in areas.found if SOMERSET in areas.values(area, SV + "succeededBy")}
    assert {"E10000027", "E07000187", "E07000188", "E07000189", "E07000246"} == {code(area) for area in before}
    for area in (SOMERSET, *before):
        assert {AVON_AND_SOMERSET} == areas.around_of(area, "PoliceForceArea")


def test_five_authorities_make_up_avon_and_somerset_today(areas: Areas) -> None:
    members = {area for area in areas.today("LocalAuthorityArea") if AVON_AND_SOMERSET in areas.around(area)}
    names = {areas.values(area, RDFS + "label")[0] for area in members}
    assert {"Bath and North East Somerset", "Bristol", "North Somerset", "Somerset", "South Gloucestershire"} == names


@pytest.mark.parametrize("path", assets.files("data", "areas/*.ttl"), ids=lambda path: path.name)
def test_each_file_carries_the_attribution_and_is_sorted(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert set(ATTRIBUTION) <= set(lines)
    subjects = [line.split()[0] for line in lines if line.startswith(("area:", "<"))]
    assert subjects == sorted(subjects, key=lambda subject: (subject.startswith("<"), subject))


def by_code(areas: Areas, old: str) -> str:
    """The area of today for a code of December 2024."""
    successors = areas.values(GSS + old, SV + "succeededBy")
    return successors[0] if successors else GSS + old


def test_police_force_areas_agree_with_the_published_lookup(areas: Areas, shared: Path) -> None:
    printed = {
        (by_code(areas, row["LAD24CD"]), GSS + row["PFA24CD"])
        for row in rows(shared / "reference/geography/ons_lad24_csp24_pfa24_lookup_ew.csv")
        if row["LAD24CD"].startswith("E")
    }
    ours = {
        (area, force)
        for area in areas.today("LocalAuthorityArea")
        for force in areas.around_of(area, "PoliceForceArea")
    }
    assert printed == ours


def test_regions_and_names_agree_with_the_published_lookup(areas: Areas, shared: Path) -> None:
    lookup = list(rows(shared / "reference/geography/ons_lad24_rgn24_lookup_england.csv"))
    printed = {(by_code(areas, row["LAD24CD"]), GSS + row["RGN24CD"]) for row in lookup}
    ours = {(area, region) for area in areas.today("LocalAuthorityArea") for region in areas.around_of(area, "Region")}
    assert printed == ours
    for row in lookup:
        area = by_code(areas, row["LAD24CD"])
        assert row["LAD24NM"] in areas.values(area, RDFS + "label") + areas.values(area, SKOS + "altLabel")


def test_police_force_area_names_agree_with_the_published_list(areas: Areas, shared: Path) -> None:
    for row in rows(shared / "reference/geography/ons_pfa24_england.csv"):
        force = GSS + row["PFA24CD"]
        assert row["PFA24NM"] in areas.values(force, RDFS + "label") + areas.values(force, SKOS + "altLabel")
        assert [GSS + row["RGN24CDs"]] == areas.values(force, SV + "within")


def test_codes_and_counties_of_today_agree_with_the_list_of_all_codes(areas: Areas, shared: Path) -> None:
    lookup = [row for row in rows(shared / "reference/geography/drkane_la_all_codes.csv") if row["CTRYNM"] == "England"]
    current = {GSS + row["LADCD"]: row["UTLACD"] for row in lookup if row["Current"] == "TRUE"}
    assert set(current) == set(areas.today("LocalAuthorityArea"))
    for area, upper in current.items():
        assert ({GSS + upper} if upper.startswith("E10") else set()) == areas.around_of(area, "County"), area
    for row in lookup:
        if row["Current"] == "FALSE" and GSS + row["LADCD"] in areas.found:
            assert GSS + row["LADCD_ACTIVE"] in after(areas, GSS + row["LADCD"])


def after(areas: Areas, area: str) -> set[str]:
    """Every successor of an area, however many reorganisations away."""
    direct = set(areas.values(area, SV + "succeededBy"))
    return direct.union(*(after(areas, step) for step in direct))
