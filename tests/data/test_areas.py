"""The register of areas: complete, nested without gaps, and in agreement with the published lookups."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
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
    [
        ("Country", 1),
        ("Region", 9),
        ("PoliceForceArea", 39),
        ("County", 21),
        ("LocalAuthorityArea", 296),
        ("IntegratedCareBoardArea", 36),
    ],
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
    kinds = ("Country", "Region", "PoliceForceArea", "County", "LocalAuthorityArea", "IntegratedCareBoardArea")
    every = [area for kind in kinds for area in areas.of(kind)]
    others = len(areas.of("AreaOverlap")) + 1  # the register itself
    assert len(every) == len(set(every)) == len(areas.found) - others
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
        for kind in ("Region", "PoliceForceArea", "County", "IntegratedCareBoardArea")
        for area in areas.of(kind)
        if england not in areas.around(area)
    ]
    assert elsewhere == []


@pytest.mark.parametrize("term", ["within", "succeededBy", "overlaps", "overlapOf", "shareOf"])
def test_no_area_points_at_one_that_is_not_there(areas: Areas, term: str) -> None:
    named = {other for area in areas.found for other in areas.values(area, SV + term)}
    assert named
    assert set() == named - set(areas.found)


def test_an_area_that_ended_has_a_successor_that_begins_on_the_next_day(areas: Areas) -> None:
    former = [area for area in areas.found if areas.values(area, SV + "validTo")]
    assert len(former) == 11 + 13
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


def test_no_area_lies_in_itself(areas: Areas) -> None:
    assert [area for area in areas.found if area in areas.around(area)] == []


def overlaps(areas: Areas) -> dict[tuple[str, str], Decimal]:
    """For each pair of areas that overlap, the share of the first that lies in the second."""
    found = {}
    for overlap in areas.of("AreaOverlap"):
        (whole,) = areas.values(overlap, SV + "shareOf")
        (other,) = set(areas.values(overlap, SV + "overlapOf")) - {whole}
        (share,) = areas.values(overlap, SV + "share")
        found[whole, other] = Decimal(share)
    return found


def test_each_overlap_is_stated_once_with_a_share_and_once_without(areas: Areas) -> None:
    plain = [(area, other) for area in areas.found for other in areas.values(area, SV + "overlaps")]
    assert sorted(plain) == sorted(overlaps(areas))
    assert all(0 < share < 1 for share in overlaps(areas).values())


def test_no_area_both_overlaps_another_and_lies_in_it(areas: Areas) -> None:
    assert [
        pair for pair in overlaps(areas) if pair[1] in areas.around(pair[0]) or pair[0] in areas.around(pair[1])
    ] == []


@pytest.mark.parametrize("day", [date(2026, 3, 31), date(2026, 4, 1)])
def test_the_care_boards_of_a_day_share_each_authority_among_them_without_a_gap(areas: Areas, day: date) -> None:
    def stands(board: str) -> bool:
        first = date.fromisoformat(areas.values(board, SV + "validFrom")[0])
        last = areas.values(board, SV + "validTo")
        return first <= day and (not last or day <= date.fromisoformat(last[0]))

    boards = {board for board in areas.of("IntegratedCareBoardArea") if stands(board)}
    assert len(boards) == (42 if day < date(2026, 4, 1) else 36)
    for area in areas.today("LocalAuthorityArea"):
        whole = [Decimal(1) for board in areas.around(area) & boards]
        parts = [share for (first, other), share in overlaps(areas).items() if first == area and other in boards]
        assert abs(sum(whole + parts) - 1) <= Decimal("0.0002"), area
        assert len(whole) <= 1, area


def test_a_divided_care_board_lies_in_its_successors_without_a_gap(areas: Areas) -> None:
    divided = [
        board for board in areas.of("IntegratedCareBoardArea") if len(areas.values(board, SV + "succeededBy")) > 1
    ]
    assert {"E54000023", "E54000025", "E54000034"} == {code(board) for board in divided}
    for board in divided:
        shares = {other: share for (first, other), share in overlaps(areas).items() if first == board}
        assert set(shares) == set(areas.values(board, SV + "succeededBy"))
        assert abs(sum(shares.values()) - 1) <= Decimal("0.0002")


def test_a_care_board_that_was_not_divided_lies_whole_in_what_followed_it(areas: Areas) -> None:
    for board in areas.of("IntegratedCareBoardArea"):
        successors = areas.values(board, SV + "succeededBy")
        if len(successors) == 1:
            assert successors[0] in areas.around(board), board


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
        assert {GSS + row["RGN24CDs"]} == areas.around_of(force, "Region")


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


@pytest.mark.parametrize(
    ("name", "column"), [("ons_icb24_england.csv", "ICB24"), ("icb26_england.csv", "ICB26")], ids=["2024", "2026"]
)
def test_care_boards_have_the_names_and_codes_of_the_list(areas: Areas, shared: Path, name: str, column: str) -> None:
    lookup = list(rows(shared / "reference/geography" / name))
    assert len(lookup) == (42 if column == "ICB24" else 36)
    for row in lookup:
        board = GSS + row[f"{column}CD"]
        assert [row[f"{column}CDH"]] == areas.values(board, SV + "odsCode")
        names = areas.values(board, RDFS + "label") + areas.values(board, SKOS + "altLabel")
        assert row[f"{column}NM"] in names


@pytest.mark.parametrize(
    ("name", "column"),
    [("lad24_icb24_overlap_england.csv", "ICB24"), ("derived_lad24_icb26_overlap_england.csv", "ICB26")],
    ids=["2024", "2026"],
)
def test_shares_of_care_boards_agree_with_the_lookup(areas: Areas, shared: Path, name: str, column: str) -> None:
    stated = overlaps(areas)
    boards = set()
    for row in rows(shared / "reference/geography" / name):
        area, board = by_code(areas, row["LAD24CD"]), GSS + row[f"{column}CD"]
        boards.add(board)
        ours = Decimal(1) if board in areas.around(area) else stated[area, board]
        assert abs(ours - Decimal(row["lsoa21_share"])) < Decimal("0.001"), (area, board)
    assert len(boards) == (42 if column == "ICB24" else 36)


def test_what_followed_each_care_board_agrees_with_the_list_of_successions(areas: Areas, shared: Path) -> None:
    printed: dict[str, set[str]] = {}
    for row in rows(shared / "reference/geography/icb_succession_2026-04-01.csv"):
        printed.setdefault(GSS + row["predecessor_gss_2024"], set()).add(GSS + row["successor_gss_2026"])
    ours = {
        board: set(successors)
        for board in areas.of("IntegratedCareBoardArea")
        if (successors := areas.values(board, SV + "succeededBy"))
    }
    ours.pop(GSS + "E54000042")  # the same board within a wider boundary: no succession of bodies
    assert printed == ours
