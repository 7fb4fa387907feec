"""The money as a picture: as thick as it is much, and nothing left out because nobody published it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taxonomy.analysis.agreements import Agreement, Flow
from taxonomy.analysis.funding import Funding
from taxonomy.analysis.rows import Named
from taxonomy.analysis.subtotals import Dimension
from taxonomy.namespaces import CONCEPT
from taxonomy.pictures import columns, flow, gathering
from taxonomy.pictures.columns import Band, Card
from taxonomy.pictures.lettering import width, wrap

SVG = "{http://www.w3.org/2000/svg}"
Look, Address = Callable[[str], Element], Callable[[str], str]

AWARDED, PROPOSED = (Named(name, f"{CONCEPT}agreement-status/{name.lower()}") for name in ("Awarded", "Proposed"))
YEARLY = Named("Per year", CONCEPT + "amount-basis/per-year")


def named(name: str) -> Named:
    return Named(name, f"https://example.org/{name}")


def agreement(
    name: str, amounts: dict[str, Decimal | None], services: tuple[str, ...] = ("helpline",), status: Named = AWARDED
) -> Agreement:
    flows = tuple(
        Flow(
            agreement=named(name),
            part=f"{name}/part/{place}",
            funder=named(funder) if funder else None,
            recipients=(named("Made-Up Centre"),),
            services=tuple(map(named, services)),
            status=status,
            basis=YEARLY,
            amount=amount,
        )
        for place, (funder, amount) in enumerate(amounts.items())
    )
    return Agreement(name=named(name), flows=flows, status=status)


def bands(tree: Element, kind: str = "") -> dict[str, Element]:
    groups = [group for group in tree.iter(SVG + "g") if group.get("class", "").startswith(f"band {kind}")]
    return {group.get("aria-label", ""): group for group in groups}


def titles(tree: Element) -> list[str]:
    return [title.text or "" for title in tree.iter(SVG + "title")]


def thickness(band: Element) -> float:
    path = band.find(SVG + "path")
    assert path is not None
    down, back = path.get("d", "").split("L")
    return float(back.split("C")[0].split(",")[1]) - float(down.split(",")[-1])


def test_a_band_is_as_thick_as_its_amount(address: Address, looked_at: Look) -> None:
    money = Funding((agreement("a", {"one": Decimal(300), "two": Decimal(100)}),))
    drawn = bands(looked_at(flow.draw(money, address)))
    thick = {name.split(",")[0]: thickness(band) for name, band in drawn.items()}
    assert thick["one"] == pytest.approx(3 * thick["two"], abs=0.2)
    assert thick["a"] == pytest.approx(thick["one"] + thick["two"], abs=0.2)


def test_an_unknown_amount_is_hatched_and_said_and_never_left_out(address: Address, looked_at: Look) -> None:
    money = Funding((agreement("a", {"one": None}), agreement("b", {"one": Decimal(5)})))
    unknown = bands(looked_at(flow.draw(money, address)), "unknown")
    assert sorted(unknown) == [
        "a, for helpline: amount not published",
        "a, to Made-Up Centre: amount not published",
        "one, to a: amount not published (no source)",
    ]
    assert {"url(#flow-unknown)"} == {path.get("fill") for band in unknown.values() for path in band.iter(SVG + "path")}


def test_proposed_and_awarded_money_are_drawn_apart(address: Address, looked_at: Look) -> None:
    money = Funding((agreement("a", {"one": Decimal(5)}), agreement("b", {"one": Decimal(5)}, status=PROPOSED)))
    tree = looked_at(flow.draw(money, address))
    headings = [text.text for text in tree.iter(SVG + "text") if text.get("class") == "heading"]
    assert headings == ["Awarded or committed: per year", "Proposed: per year"]


def test_money_for_two_services_is_not_split_by_guess(address: Address, looked_at: Look) -> None:
    money = Funding((agreement("a", {"one": Decimal(5)}, services=("centre", "helpline")),))
    unknown = bands(looked_at(flow.draw(money, address)), "unknown")
    assert sorted(unknown) == [
        f"a, for {service}: a share of £5, how much is not stated" for service in ("centre", "helpline")
    ]


def test_every_share_of_every_agreement_is_a_band(address: Address, looked_at: Look) -> None:
    money = Funding(tuple(agreement(name, {"one": Decimal(5), "two": None, "": Decimal(1)}) for name in "abc"))
    drawn = bands(looked_at(flow.draw(money, address)))
    assert len(drawn) == len(money.flows) + 2 * len(money.agreements)


def test_funder_agreement_provider_and_service_stand_in_a_column_each_and_are_links(
    address: Address, looked_at: Look
) -> None:
    tree = looked_at(flow.draw(Funding((agreement("a", {"one": Decimal(5)}),)), address))
    headings = [text.text for text in tree.iter(SVG + "text") if text.get("class") == "column"]
    assert headings == ["Who pays", "Agreement", "Who is paid", "Service"]
    links = [link.get("href") for link in tree.iter(SVG + "a")]
    assert links == ["/things/one", "/things/a", "/things/Made-Up Centre", "/things/helpline"]


def test_a_recipient_that_no_source_names_has_a_box_that_says_so(address: Address, looked_at: Look) -> None:
    one = agreement("a", {"one": Decimal(5)})
    silent = replace(one, flows=tuple(replace(share, recipients=()) for share in one.flows))
    assert "Who is paid is not stated: £5" in titles(looked_at(flow.draw(Funding((silent,)), address)))


def test_money_for_two_recipients_is_not_split_by_guess(address: Address, looked_at: Look) -> None:
    one = agreement("a", {"one": Decimal(5)})
    both = (named("Centre"), named("Trust"))
    shared = replace(one, flows=tuple(replace(share, recipients=both) for share in one.flows))
    unknown = bands(looked_at(flow.draw(Funding((shared,)), address)), "unknown")
    assert {f"a, to {who}: a share of £5, how much is not stated" for who in ("Centre", "Trust")} < set(unknown)


def test_no_label_gets_out_of_its_place(hostile: str, address: Address, looked_at: Look) -> None:
    money = Funding((agreement(hostile, {hostile or "one": Decimal(5), "other": None}, services=(hostile,)),))
    tree = looked_at(flow.draw(money, address, within=hostile))
    assert len(list(tree.iter(SVG + "a"))) == 5


AMOUNTS = st.none() | st.decimals(min_value=1, max_value=10**6, places=2)
MANY = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 60), AMOUNTS), min_size=1, max_size=90)


@settings(max_examples=30, deadline=None)
@given(MANY, st.sampled_from(Dimension))
def test_however_many_agreements_there_are_each_is_counted_and_every_amount_is_in_a_band(
    address: Address, looked_at: Look, many: list, together_by: Dimension
) -> None:
    money = Funding(
        tuple(
            agreement(f"agreement {n:03}", {f"funder {who}": amount}, services=(f"service {what}",))
            for n, (who, what, amount) in enumerate(many)
        )
    )
    tree = looked_at(flow.draw(money, address, together_by=together_by))
    cards = [card for card in tree.iter() if card.get("class", "").startswith("card")]
    words = " ".join(title.text or "" for card in cards for title in card.iter(SVG + "title"))
    assert all(each.name.label in words for each in money.agreements)
    assert len(cards) <= 4 * (gathering.MOST + 1)
    drawn = [group.get("aria-label", "") for group in tree.iter(SVG + "g") if group.get("class", "").startswith("band")]
    together = [re.match(r"(\d+) amounts together", title) for title in drawn]
    assert sum(int(found[1]) if found else 1 for found in together) == 3 * len(money.flows)


def test_small_agreements_share_a_box_that_counts_them_and_opens_them(address: Address, looked_at: Look) -> None:
    grant = Named("Grant", CONCEPT + "funding-instrument/grant")
    some = [agreement(f"agreement {n:03}", {"one": Decimal(n) if n > 5 else None}) for n in range(1, 31)]
    granted = [replace(each, flows=tuple(replace(share, instrument=grant) for share in each.flows)) for each in some]
    tree = looked_at(
        flow.draw(Funding(tuple(granted)), address, opened=lambda dimension, key: f"/narrowed?{dimension}={key}")
    )
    [box] = [link for link in tree.iter(SVG + "a") if link.get("href", "").startswith("/narrowed")]
    assert box.get("href") == "/narrowed?instrument=funding-instrument/grant"
    assert "22 agreements: Grant: £238 and 5 amounts not known." in box.get("aria-label", "")
    assert "agreement 001; agreement 002" in box.get("aria-label", "")
    together = {title for title in bands(tree) if "amounts together" in title}
    assert together == {"17 amounts together: £238", "5 amounts together: not published"}


@given(st.text(max_size=200), st.booleans())
def test_words_are_wrapped_to_the_room_there_is(text: str, bold: bool) -> None:
    lines = wrap(text, 100, bold=bold, lines=3)
    assert 1 <= len(lines) <= 3
    assert all(width(line, 15, bold=bold) <= 100 for line in lines)


CARDS = st.integers(1, 8)
TIES = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.floats(1, 200)), max_size=20)


@given(CARDS, CARDS, CARDS, TIES, TIES)
def test_cards_never_overlap_and_hold_their_bands(
    left: int, middle: int, right: int, inward: list, outward: list
) -> None:
    def made(column: str, count: int) -> list[Card]:
        return [Card(key=f"{column}{n}", lines=("words",) * (n % 3 + 1), title="", href=None) for n in range(count)]

    ties = [("l", a % left, "m", b % middle, thick) for a, b, thick in inward]
    ties += [("m", a % middle, "r", b % right, thick) for a, b, thick in outward]
    placed = columns.place(
        [made("l", left), made("m", middle), made("r", right)],
        [Band(origin=f"{o}{a}", end=f"{e}{b}", thickness=thick, title="", known=True) for o, a, e, b, thick in ties],
    )
    assert len(placed.cards) == left + middle + right
    for x in columns.COLUMNS[:3]:
        column = sorted((card for card in placed.cards if card.x == x), key=lambda card: card.y)
        for above, below in pairwise(column):
            assert above.y + above.height + columns.GAP <= below.y + 0.001
    for card in placed.cards:
        arriving = sum(band.thickness for band in placed.bands if band.end == card.key)
        assert card.height >= max(arriving, columns.LINE * len(card.lines))
    assert placed.bottom == max(card.y + card.height for card in placed.cards)
