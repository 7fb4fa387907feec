"""Where a commissioner reads off each question about money, on the pages of two areas or one link away from them."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from taxonomy.questions import competency

AVON, LEICESTER = "/areas/E23000036/funding", "/areas/E23000021/funding"
OF_AVON, OF_LEICESTER = "?area=E23000036", "?area=E23000021"

ANSWERS = [
    ("CQ-13", AVON, AVON, "All agreements Awarded or committed Per year £3,547,368"),
    ("CQ-13", AVON, f"{AVON}/totals?by=funder", "Crime Commissioner Awarded or committed Per year £2,177,368"),
    ("CQ-14", AVON, f"/questions/annual-spend{OF_AVON}", "1,351,368"),
    ("CQ-14", AVON, "/questions/recommissioning-scope", "out of scope"),
    ("CQ-15", AVON, f"{AVON}?service=service/isva-avon-and-somerset", "£194,580"),
    ("CQ-15", AVON, f"{AVON}?service=service/isva-avon-and-somerset", "£67,753"),
    ("CQ-15", AVON, f"{AVON}?service=service/isva-avon-and-somerset", "£80,000"),
    (
        "CQ-15",
        AVON,
        f"{AVON}?service=service/isva-avon-and-somerset",
        "All agreements Awarded or committed Per year £342,333",
    ),
    ("CQ-16", AVON, f"{AVON}/totals?by=instrument", "Annual grant Awarded or committed Per year £38,595"),
    ("CQ-16", AVON, f"/questions/instruments{OF_AVON}", "Annual grant"),
    ("CQ-17", AVON, f"{AVON}/timeline", "36 12 3 years +1"),
    ("CQ-17", AVON, "/questions/median-term", "36"),
    ("CQ-18", AVON, f"{AVON}/ending?on=2018-03-12&ending_within=12", "31 March 2018 3 ends unless it is extended"),
    (
        "CQ-18",
        LEICESTER,
        f"{LEICESTER}/ending?on=2015-03-06&ending_within=12",
        "Integrated Sexual Violence Service (Leicester, from 2013) 30 September 2015 12 ends",
    ),
    ("CQ-19", AVON, f"{AVON}/dependence", "Advisor Service (Avon and Somerset) Awarded or committed 2 0 1 £342,333"),
    ("CQ-19", LEICESTER, f"/questions/single-funder-services{OF_LEICESTER}", "Comic Relief"),
    ("CQ-20", AVON, f"{AVON}/totals?by=commissioner", "NHS England"),
    ("CQ-20", AVON, "/questions/responsibilities-by-commissioner-type", "NHS England 6"),
    ("CQ-21", AVON, f"{AVON}?service=service/cse-avon-and-somerset", "Bristol City Council"),
    ("CQ-21", AVON, f"/questions/jointly-commissioned-services{OF_AVON}", "Sexual Assault Referral Centre"),
    ("CQ-22", LEICESTER, LEICESTER, "All agreements Proposed Per year £1,358,500"),
    (
        "CQ-22",
        LEICESTER,
        f"{LEICESTER}/totals?by=service",
        "Leicestershire and Rutland, proposed 2015) Proposed Per year £828,500",
    ),
    ("CQ-23", LEICESTER, "/questions/lots-against-the-envelope", "£828,500"),
    ("CQ-24", AVON, "/questions/budget-sum", "1,351,368"),
    ("CQ-25", AVON, "/questions/findings-by-subject?subject=theme/competition", "generic"),
    ("CQ-26", LEICESTER, f"{LEICESTER}/totals?by=funder", "Comic Relief Awarded or committed Not stated Not known 0 1"),
    ("CQ-26", LEICESTER, "/questions/charitable-funders", "National Lottery"),
    ("CQ-27", AVON, "/questions/successors", "clinical commissioning group"),
]


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.mark.parametrize(("question", "start", "address", "answer"), ANSWERS)
def test_an_answer_about_money_is_read_off_or_one_link_away(
    browser: FlaskClient, question: str, start: str, address: str, answer: str
) -> None:
    assert answer.casefold() in words(browser.get(address).text).casefold()
    if not address.startswith(start):
        assert f'href="{address}"' in browser.get(start).text, question


def test_every_question_about_money_has_its_place() -> None:
    asked = {each.id for each in competency.load() if each.part == "money"}
    assert {question for question, *_ in ANSWERS} == asked


@pytest.mark.parametrize("start", [AVON, LEICESTER])
def test_every_question_about_money_stands_on_the_page_with_what_no_source_says(
    browser: FlaskClient, start: str
) -> None:
    shown = words(browser.get(start).text)
    for each in competency.load():
        if each.part == "money":
            assert each.asks in shown
            assert " ".join(each.missing.split()) in shown
