"""The pathways of an area: each competency question about ways, and where on the page its answer stands."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

AVON, LEICESTER = "/areas/E23000036/pathways", "/areas/E23000021/pathways"
SELF, POLICE = "from=referral-source/self", "from=referral-source/police"

# Question, address, the section of the page in which the answer stands (by its id), and the answer in its words.
ANSWERS = [
    # Which services does someone who has not reported qualify for?
    ("CQ-03", f"{AVON}?reported=no", "who-for", r"Emotional Support Service \(Avon and Somerset\) May"),
    ("CQ-03", f"{AVON}?reported=no", "who-for", r"Adult Advocacy Service: AVoice with SARI \(Avon and Somerset\) May"),
    (
        "CQ-03",
        f"{AVON}?reported=no",
        "who-for",
        r"Children and Young People Advocacy Service \(Avon and Somerset\) May",
    ),
    (
        "CQ-03",
        f"{AVON}?reported=no",
        "who-for",
        r"Independent Sexual Violence Advisor Service \(Avon and Somerset\) May",
    ),
    ("CQ-03", f"{AVON}?reported=no", "who-for", r"Modern Slavery Support Service \(Avon and Somerset\) May"),
    (
        "CQ-03",
        f"{AVON}?reported=no",
        "who-for",
        r"Restorative Approaches \(Avon and Somerset\) Not known: not stated whether a report",
    ),
    (
        "CQ-03",
        f"{AVON}?reported=no&{SELF}",
        "person",
        r"Lighthouse .*refused by the service; the only stated way in is from: Police",
    ),
    ("CQ-03", f"{LEICESTER}?reported=no", "who-for", r"Victim First .*? Not known: who it is for is not stated"),
    # Who serves under-13s? under-5s? What are the exact age limits?
    ("CQ-04", AVON, "who-for", r"Letting the Future In \(NSPCC\) Aged 4 to 17 and"),
    ("CQ-04", AVON, "who-for", r"Children and Young People Advocacy Service .*? Up to 18 and .*? Aged 18 to 25 and"),
    ("CQ-04", f"{AVON}?age=3", "who-for", r"Letting the Future In \(NSPCC\) Not known: age is not stated"),
    (
        "CQ-04",
        f"{AVON}?age=3&relation=victim-survivor",
        "who-for",
        r"Letting the Future In \(NSPCC\) May not: aged 4 to 17",
    ),
    ("CQ-04", f"{LEICESTER}?age=12", "who-for", r"Letting the Future In \(NSPCC\) May: if "),
    # From a report to the police, which services can be reached, and through whom?
    (
        "CQ-28",
        f"{AVON}?{POLICE}",
        "person",
        r"Open: \d+ Way \d+, Police to Lighthouse Integrated .*?Way \d+, Lighthouse .*? to specialist support",
    ),
    ("CQ-28", LEICESTER, "shape", r"No way in is stated for"),
    # From self-referral? From another police area?
    ("CQ-29", f"{AVON}?{SELF}", "person", r"The person themselves to Emotional Support Service"),
    (
        "CQ-29",
        f"{AVON}?from=referral-source/other-police-area",
        "person",
        r"Another police area to Emotional Support Service .*? to the most appropriate",
    ),
    (
        "CQ-29",
        LEICESTER,
        "beyond",
        r"The person themselves to voluntary sector services \(England\): open, self-referral",
    ),
    # The shortest way from a referral centre to longer-term therapy; where is the dead end?
    (
        "CQ-30",
        f"{AVON}?from=group/sarcs-england&to=group/sexual-violence-counselling-england",
        "routes",
        r"sexual assault referral centres \(England\), then by way \d+ to independent .*? 2 steps",
    ),
    ("CQ-30", AVON, "shape", r"No stated way leads on from .*? sexual violence counselling \(England\)"),
    ("CQ-30", LEICESTER, "shape", r"No stated way leads on from .*? all services \(Leicestershire\)"),
    # Which referrals are not accepted?
    ("CQ-31", AVON, "steps", r"External agency to Lighthouse Integrated Victim Care \(Avon and Somerset\): refused"),
    ("CQ-31", AVON, "steps", r"The person themselves to Lighthouse .*?: refused, self-referral"),
    ("CQ-31", LEICESTER, "main-content", r"11 stated ways: 11 open and 0 refused"),
    # Which sources feed a service, and in which share?
    ("CQ-32", AVON, "sayings", r"Most people come to specialist voluntary services of their own accord"),
    ("CQ-32", LEICESTER, "sayings", r"referred by general practitioners, or by professionals of health or social care"),
    # What happens at 18?
    ("CQ-33", AVON, "eighteen", r"Children and Young People Advocacy Service .*? Changes"),
    (
        "CQ-33",
        AVON,
        "eighteen",
        r"Services for young people \(England\) to services for adults \(England\): open, transition by age",
    ),
    ("CQ-33", LEICESTER, "eighteen", r"Letting the Future In .*? aged 4 to 17"),
    # What is there for people who wait, and how long is the wait?
    ("CQ-34", AVON, "waits", r"No waiting time of a service of this area is recorded.*?not known"),
    ("CQ-34", LEICESTER, "sayings", r"Waited for months\."),
    # Which services give therapy before a trial?
    (
        "CQ-35",
        AVON,
        "sayings",
        r"No service of this area states it: not known .*?IMARA \(Nottingham\) .*?RoSA \(Warwickshire\)",
    ),
    (
        "CQ-35",
        LEICESTER,
        "beyond",
        r"independent sexual violence advisers \(England\) to pre-trial therapy \(England\): open",
    ),
]


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split()).replace(" :", ":").replace(" ,", ",")


def section(html: str, name: str) -> str:
    """The words from the element with this id to the next heading of its level, as somebody reads them."""
    inside = html.partition(f'id="{name}"')[2]
    assert inside, f"nothing on the page is called {name}"
    if name not in {"main-content", "beyond"}:
        inside = re.split(r"<h2\b", inside.partition(">")[2])[0]
    return words(inside.partition(">")[2] if name in {"main-content", "beyond"} else inside)


@pytest.mark.parametrize(("question", "address", "place", "answer"), ANSWERS, ids=lambda value: str(value)[:40])
def test_the_answer_stands_where_it_is_said_to(
    browser: FlaskClient, question: str, address: str, place: str, answer: str
) -> None:
    assert re.search(answer, section(browser.get(address).text, place)), question


def test_every_question_about_ways_has_its_place_on_the_pages_of_both_areas() -> None:
    wanted = {f"CQ-{number:02}" for number in (3, 4, *range(28, 36))}
    for area in (AVON, LEICESTER):
        assert wanted == {question for question, address, *_ in ANSWERS if address.startswith(area)}


def test_a_reason_leads_to_the_place_that_states_it(browser: FlaskClient) -> None:
    html = browser.get(f"{AVON}?age=30&relation=victim-survivor").text
    inside = html.partition('id="reasons"')[2].partition("</ol>")[0]
    assert "/graphs/citation/avon-somerset-recommissioning-2018/lighthouse-referral" in inside


def test_the_form_keeps_what_was_asked_and_offers_only_what_the_area_has(browser: FlaskClient) -> None:
    html = browser.get(f"{AVON}?age=15&reported=no&community=lgbtq-people&{SELF}&as_at=2018-06-01").text
    assert 'name="age" type="text" inputmode="numeric" value="15"' in html
    assert '<option value="referral-source/self" selected>' in html
    assert re.search(r'value="lgbtq-people" checked', html)
    assert 'type="date" value="2018-06-01"' in html
    assert "For: aged 15; not reported to the police; LGBTQ+ people, beginning with The person themselves." in words(
        html
    )
    assert "men-and-boys" not in html


def test_on_a_day_what_had_ended_is_left_out_and_what_is_old_says_so(browser: FlaskClient) -> None:
    now, early = (browser.get(f"{AVON}?as_at={day}").text for day in ("2026-01-31", "2014-09-30"))
    assert "last stated in 2018" in words(now)
    assert "Restorative Approaches" in words(now)
    assert "Lighthouse Integrated Victim Care" not in section(early, "steps")  # it began on 1 October 2014
    assert "last stated in" not in section(early, "steps")


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        *((asked, 400) for asked in ("age=old", "reported=maybe", "as_at=soon", "group=x", "age=1&age=2")),
        *((f"{name}=nowhere", 404) for name in ("from", "to", "harm", "stage", "sector", "show")),
    ],
)
def test_an_address_that_asks_what_there_is_not_says_so(browser: FlaskClient, asked: str, status: int) -> None:
    assert browser.get(f"{AVON}?{asked}").status_code == status


def test_an_area_of_which_nothing_is_recorded_says_that_it_is_not_known(browser: FlaskClient) -> None:
    html = browser.get("/areas/E23000002/pathways").text
    assert "No waiting time of a service of this area is recorded" in words(html)
    assert "Ways that lead in a circle" in words(html)
