"""Terms as a picture: what is known as a bar, what may be added as a hatched one, what is not known as words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taxonomy.analysis import terms
from taxonomy.analysis.agreements import Flow
from taxonomy.analysis.rows import Named
from taxonomy.analysis.subtotals import Dimension
from taxonomy.analysis.terms import Term
from taxonomy.analysis.timeline import Span
from taxonomy.pictures import timeline

SVG = "{http://www.w3.org/2000/svg}"
Look, Address = Callable[[str], Element], Callable[[str], str]


def span(name: str, term: Term, funder: str = "one") -> Span:
    agreement = Named(name, f"https://example.org/{name}")
    payer = Named(funder, f"https://example.org/{funder}")
    flows = (Flow(agreement=agreement, funder=payer, term=term),)
    return Span(agreement=agreement, flows=flows, whole=True, worth=None)


def of(tree: Element, kind: str) -> list[Element]:
    return [group for group in tree.iter(SVG + "g") if group.get("class") == kind]


KNOWN = terms.of(starts=date(2020, 4, 1), ends=date(2024, 3, 31), initial_months=36, extension_months=12)


def test_an_extension_is_hatched_and_follows_the_first_term(address: Address, looked_at: Look) -> None:
    tree = looked_at(timeline.draw([span("a", KNOWN)], address))
    [first], [second] = of(tree, "bar known"), of(tree, "bar extension")
    one, two = (group.find(SVG + "rect") for group in (first, second))
    assert one is not None
    assert two is not None
    assert float(one.get("x", 0)) + float(one.get("width", 0)) == pytest.approx(float(two.get("x", 0)), abs=0.2)
    assert two.get("fill") == "url(#timeline-extension)"
    assert 2.8 < float(one.get("width", 0)) / float(two.get("width", 0)) < 3.2


def test_an_end_that_is_not_known_is_open_and_said(address: Address, looked_at: Look) -> None:
    tree = looked_at(timeline.draw([span("a", KNOWN), span("b", terms.of(starts=date(2021, 1, 1)))], address))
    [bar] = of(tree, "bar open")
    assert bar.get("aria-label") == "from 1 January 2021, end not known"


def test_an_agreement_of_which_no_day_is_known_keeps_its_line(address: Address, looked_at: Look) -> None:
    tree = looked_at(timeline.draw([span("a", KNOWN), span("b", Term(printed="annual grant"))], address))
    assert len(of(tree, "lane")) == 2
    assert [text.text for text in tree.iter(SVG + "text") if text.get("class") == "unknown"] == [
        "start and end not known"
    ]


def test_where_no_day_is_known_of_any_there_is_no_picture(address: Address) -> None:
    assert timeline.draw([span("a", Term(printed="annual grant"))], address) == ""


def test_many_agreements_share_lines_that_count_and_open_them(address: Address, looked_at: Look) -> None:
    some = [span(f"agreement {n}", KNOWN if n % 3 else Term(), funder=f"funder {n % 7}") for n in range(300)]
    opened: Callable[[Dimension, str], str] = lambda dimension, key: f"/timeline?{dimension}={key}"  # noqa: E731  its type is wanted
    tree = looked_at(timeline.draw(some, address, opened=opened))
    lanes = of(tree, "lane")
    assert len(lanes) == 7
    assert len(of(tree, "mark")) == sum(n % 3 > 0 for n in range(300))
    labels = [link.get("aria-label", "") for link in tree.iter(SVG + "a")]
    assert len(labels) == 7
    assert all(f"{43 if n < 6 else 42} agreements" in label for n, label in enumerate(sorted(labels)))


def test_no_label_gets_out_of_its_place(hostile: str, address: Address, looked_at: Look) -> None:
    looked_at(timeline.draw([span(hostile, KNOWN, funder=hostile)], address, within=hostile))


DAYS = st.none() | st.dates()
MONTHS = st.none() | st.integers(1, 360)


@settings(deadline=None)
@given(st.lists(st.tuples(DAYS, DAYS, MONTHS, MONTHS), min_size=1, max_size=20))
def test_no_day_that_can_be_written_breaks_the_picture(address: Address, looked_at: Look, told: list) -> None:
    some = [
        span(str(n), terms.of(starts=starts, ends=ends, initial_months=first, extension_months=more))
        for n, (starts, ends, first, more) in enumerate(told)
    ]
    svg = timeline.draw(some, address)
    assert not svg or len(of(looked_at(svg), "lane")) == len(some)
