"""The money as a picture: as thick as it is much, and nothing left out because nobody published it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taxonomy.analysis.funding import Agreement, Flow, Funding
from taxonomy.analysis.money import NOT_STATED
from taxonomy.analysis.rows import Named
from taxonomy.namespaces import CONCEPT
from taxonomy.pictures import columns, flow
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
            fund=None,
            recipients=(named("Made-Up Centre"),),
            services=tuple(map(named, services)),
            instrument=None,
            status=status,
            basis=YEARLY,
            amount=amount,
            qualifier=None,
            term=None,
            starts=None,
            ends=None,
            citations=(),
        )
        for place, (funder, amount) in enumerate(amounts.items())
    )
    return Agreement(name=named(name), flows=flows, status=status, stated=None, stated_basis=NOT_STATED)


def bands(tree: Element, kind: str = "") -> dict[str, Element]:
    groups = [group for group in tree.iter(SVG + "g") if group.get("class", "").startswith(f"band {kind}")]
    return {group.get("aria-label", ""): group for group in groups}


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
    assert sorted(unknown) == ["a, for helpline: amount not published", "one, to a: amount not published (no source)"]
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
    assert len(drawn) == len(money.flows) + len(money.agreements)


def test_funder_agreement_and_service_are_links(address: Address, looked_at: Look) -> None:
    tree = looked_at(flow.draw(Funding((agreement("a", {"one": Decimal(5)}),)), address))
    assert [link.get("href") for link in tree.iter(SVG + "a")] == ["/things/one", "/things/a", "/things/helpline"]


def test_no_label_gets_out_of_its_place(hostile: str, address: Address, looked_at: Look) -> None:
    money = Funding((agreement(hostile, {hostile or "one": Decimal(5), "other": None}, services=(hostile,)),))
    tree = looked_at(flow.draw(money, address, within=hostile))
    assert len(list(tree.iter(SVG + "a"))) == 4


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
        made("l", left),
        made("m", middle),
        made("r", right),
        [Band(origin=f"{o}{a}", end=f"{e}{b}", thickness=thick, title="", known=True) for o, a, e, b, thick in ties],
    )
    assert len(placed.cards) == left + middle + right
    for x in columns.COLUMNS:
        column = sorted((card for card in placed.cards if card.x == x), key=lambda card: card.y)
        for above, below in pairwise(column):
            assert above.y + above.height + columns.GAP <= below.y + 0.001
    for card in placed.cards:
        arriving = sum(band.thickness for band in placed.bands if band.end == card.key)
        assert card.height >= max(arriving, columns.LINE * len(card.lines))
    assert placed.bottom == max(card.y + card.height for card in placed.cards)
