"""May, may not, or not known: what rules say of a person, and what they leave unsaid."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taxonomy.analysis import eligibility, fitting, person
from taxonomy.analysis.eligibility import Rules, Verdict
from taxonomy.analysis.person import Person
from taxonomy.analysis.rows import Named, Row
from taxonomy.analysis.vocabulary import Band, Terms
from taxonomy.errors import QueryError
from taxonomy.namespaces import CONCEPT, EXAMPLE, SV

TERMS = Terms(
    admits={
        ("women-only", "woman"): True,
        ("women-only", "man"): False,
        ("any", "reported"): True,
        ("any", "not-reported"): True,
        ("reported-only", "not-reported"): False,
        ("recent", "recent"): True,
        ("recent", "not-recent"): False,
        ("lives-in-area", "lives-here"): True,
        ("lives-in-area", "lives-elsewhere"): False,
        ("harmed-in-area", "harmed-here"): True,
        ("harmed-in-area", "harmed-elsewhere"): False,
    },
    bands={
        "adults": Band(youngest=18, oldest=None, perhaps=None),
        "young": Band(youngest=0, oldest=17, perhaps=24),
    },
    wider={"rape": frozenset({"sexual"}), "recent": frozenset({"sexual"}), "parent": frozenset({"family"})},
)
Make = Callable[..., Row]


def said(rule: str | None, aspect: str, value: object, *, owner: str = "service", place: str = "page 1") -> Row:
    return {
        "owner": owner,
        "rule": rule,
        "aspect": SV + aspect,
        "value": value,
        "citation": f"{EXAMPLE}{place}",
        "locator": place,
        "document": None,
        "as_at": None,
        "confirmed": True,
    }


def rules(*rows: Row) -> Rules:
    return eligibility.of(rows, label=str)


def named(*terms: str) -> tuple[Named, ...]:
    return tuple(Named(term, term) for term in terms)


def judge(told: Rules, *owners: str, **facts: object) -> eligibility.Judgement:
    return told.judge(Person(**facts), TERMS, *(owners or ("service",)))  # type: ignore[arg-type]  # facts as the test words them


@pytest.mark.parametrize(("age", "verdict"), [(3, "may not"), (4, "may"), (17, "may"), (18, "may not")])
def test_limits_of_age_take_in_the_limits_themselves(age: int, verdict: str) -> None:
    assert verdict == judge(rules(said("r", "minimumAge", 4), said("r", "maximumAge", 17)), age=age).verdict


def test_exact_limits_win_over_a_named_group() -> None:
    told = rules(said("r", "ageGroup", "adults"), said("r", "minimumAge", 16))
    assert judge(told, age=17).verdict is Verdict.MAY


@pytest.mark.parametrize(("age", "verdict"), [(17, "may"), (20, "not known"), (25, "may not")])
def test_a_group_without_a_stated_end_is_settled_only_as_far_as_its_definition_goes(age: int, verdict: str) -> None:
    assert verdict == judge(rules(said("r", "ageGroup", "young")), age=age).verdict


def test_several_rules_mean_any_of_them_and_the_one_that_shuts_out_is_told() -> None:
    told = rules(said("for children", "maximumAge", 17), said("for adults", "minimumAge", 18))
    found = judge(told, age=30)
    assert (found.verdict, [rule.label for rule in found.by]) == (Verdict.MAY, ["for adults"])
    assert [reason.words for reason in found.against] == ["up to 17"]


def test_several_aspects_of_one_rule_mean_all_of_them() -> None:
    told = rules(said("r", "minimumAge", 18), said("r", "genderOffer", "women-only"))
    found = judge(told, age=30, gender="man")
    assert (found.verdict, [reason.words for reason in found.reasons]) == (Verdict.MAY_NOT, ["“women-only”"])


def test_several_values_of_one_aspect_mean_any_of_them() -> None:
    told = rules(said("r", "residence", "lives-in-area"), said("r", "residence", "harmed-in-area"))
    assert judge(told, lives="elsewhere", harmed="here").verdict is Verdict.MAY
    assert judge(told, lives="elsewhere", harmed="elsewhere").verdict is Verdict.MAY_NOT


def test_silence_of_a_rule_is_not_known_and_never_open_to_all() -> None:
    found = judge(rules(said("r", "reportingStatus", "any")), age=15, reported=False)
    assert (found.verdict, found.why) == (Verdict.NOT_KNOWN, "age is not stated")
    assert found.reasons[0].place == "no source recorded here says"


def test_a_service_without_a_rule_is_not_known_for_anybody_who_is_described() -> None:
    assert judge(rules(), age=15).why == "who it is for is not stated"
    assert judge(rules()).verdict is Verdict.MAY


def test_what_the_description_leaves_out_is_a_condition_and_no_refusal() -> None:
    found = judge(rules(said("r", "minimumAge", 18), said("r", "reportingStatus", "any")), reported=False)
    assert (found.verdict, found.why) == (Verdict.MAY, "if from 18")


def test_a_reason_names_its_rule_and_the_place_that_states_it() -> None:
    [reason] = judge(rules(said("the rule", "minimumAge", 18, place="page 7")), age=15).reasons
    assert (reason.words, str(reason.rule)) == ("from 18", "the rule")
    assert reason.place == "page 7, as stated on a day that is not given"


def test_a_way_and_the_service_at_its_end_have_to_let_the_person_in_together() -> None:
    told = rules(said("w", "reportingStatus", "any", owner="way"), said("s", "minimumAge", 18))
    assert judge(told, "way", "service", age=20, reported=False).verdict is Verdict.MAY
    assert judge(told, "way", "service", age=15, reported=False).verdict is Verdict.MAY_NOT
    assert judge(told, "service", age=20, reported=False).verdict is Verdict.NOT_KNOWN


def test_what_is_said_of_the_whole_service_holds_beside_each_of_its_rules() -> None:
    told = rules(said("r", "minimumAge", 18), said(None, "serviceWideGenderOffer", "women-only"))
    assert judge(told, age=20, gender="man").verdict is Verdict.MAY_NOT
    assert judge(told, age=20, gender="woman").verdict is Verdict.MAY


@pytest.mark.parametrize(
    ("rule", "harm", "verdict"),
    [("sexual", "rape", "may"), ("rape", "sexual", "not known"), ("theft", "rape", "not known")],
)
def test_a_wider_term_takes_in_a_narrower_one_and_other_harm_is_never_ruled_out(
    rule: str, harm: str, verdict: str
) -> None:
    assert verdict == judge(rules(said("r", "harmExperienced", rule)), harm=named(harm)).verdict


@pytest.mark.parametrize(
    ("rule", "relation", "verdict"),
    [("family", "parent", "may"), ("parent", "family", "not known"), ("x", "y", "may not")],
)
def test_somebody_comes_in_one_relation_to_the_harm(rule: str, relation: str, verdict: str) -> None:
    assert verdict == judge(rules(said("r", "personRelation", rule)), relation=named(relation)).verdict


def test_harm_that_was_recent_is_an_answer_about_time_and_no_other_harm() -> None:
    told = rules(said("r", "harmExperienced", "recent"))
    assert judge(told, recent=False).verdict is Verdict.MAY_NOT
    assert judge(told, recent=True, harm=named("sexual")).verdict is Verdict.MAY
    assert judge(rules(said("r", "harmExperienced", "rape")), recent=True).verdict is Verdict.NOT_KNOWN


def test_what_a_rule_excludes_shuts_out_whoever_it_takes_in() -> None:
    told = rules(said("r", "minimumAge", 18), said("r", "excludes", "sexual"))
    assert judge(told, age=20, harm=named("rape")).why == "not for “sexual”"
    assert judge(told, age=20).why == "if not for “sexual”"


def test_a_need_is_met_only_where_the_service_says_so() -> None:
    told = rules(said("r", "minimumAge", 18), said(None, "addressesNeed", "housing"))
    assert judge(told, age=20, need=named("housing")).verdict is Verdict.MAY
    assert judge(rules(said("r", "minimumAge", 18)), age=20, need=named("housing")).verdict is Verdict.NOT_KNOWN


RULE = st.fixed_dictionaries(
    {},
    optional={
        "minimumAge": st.integers(0, 30),
        "maximumAge": st.integers(0, 30),
        "ageGroup": st.sampled_from(["adults", "young"]),
        "genderOffer": st.just("women-only"),
        "reportingStatus": st.sampled_from(["any", "reported-only"]),
        "personRelation": st.sampled_from(["family", "parent", "x"]),
        "excludes": st.sampled_from(["sexual", "family"]),
    },
)
PERSON = st.builds(
    Person,
    age=st.none() | st.integers(0, 40),
    gender=st.sampled_from([None, "woman", "man", "another"]),
    reported=st.sampled_from([None, True, False]),
    relation=st.sampled_from([(), named("family"), named("parent")]),
    harm=st.sampled_from([(), named("rape")]),
)


def told(given: list[dict[str, object]]) -> Rules:
    return rules(*(said(f"r{n}", aspect, value) for n, rule in enumerate(given) for aspect, value in rule.items()))


@settings(deadline=None)
@given(st.lists(RULE, max_size=3), RULE, PERSON)
def test_one_more_rule_never_shuts_anybody_out(
    some: list[dict[str, object]], more: dict[str, object], who: Person
) -> None:
    order = [Verdict.MAY, Verdict.NOT_KNOWN, Verdict.MAY_NOT]
    if told(some).by_owner and more:
        before, after = (told(each).judge(who, TERMS, "service").verdict for each in (some, [*some, more]))
        assert order.index(after) <= order.index(before)


@settings(deadline=None)
@given(st.lists(RULE, max_size=3), PERSON)
def test_every_answer_but_yes_has_a_reason_and_yes_has_a_rule(some: list[dict[str, object]], who: Person) -> None:
    found = told(some).judge(who, TERMS, "service")
    if found.verdict is Verdict.MAY:
        assert not found.reasons
        assert found.by or not who.described
    else:
        assert found.reasons
    if found.verdict is Verdict.MAY_NOT:
        assert all(reason.citations and reason.rule for reason in found.reasons)


@settings(deadline=None)
@given(RULE, PERSON)
def test_nobody_is_let_in_over_an_aspect_of_which_the_rule_says_nothing(rule: dict[str, object], who: Person) -> None:
    if told([rule]).judge(who, TERMS, "service").verdict is Verdict.MAY and who.described:
        spoken = {
            fit.aspect for each in told([rule]).stated("service") for fit in fitting.fits(each.values, who, TERMS)
        }
        assert set(fitting.answered(who)) <= spoken


@pytest.mark.parametrize(
    "wrong", [{"age": "old"}, {"age": "-1"}, {"age": "121"}, {"gender": "x"}, {"reported": "maybe"}, {"colour": "red"}]
)
def test_an_answer_that_cannot_be_given_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(QueryError):
        person.of(wrong, lambda scheme, key: Named(key, f"{CONCEPT}{scheme}/{key}"))
