"""Open Referral UK, 3.0 and 1.0: each organisation becomes a record, and what has no place is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from taxonomy import intake
from taxonomy.context import Context
from taxonomy.errors import InputError
from taxonomy.standards import oruk
from taxonomy.standards.reading import Read
from taxonomy.validation import Report, check, report, rules
from taxonomy.validation.engine import examine

from .conftest import FILES, Plain, said

TODAY = date(2026, 11, 23)
COUNSELLING = "example:service/made-up-centre-made-up-counselling"
REFUGE = "example:service/made-up-centre-made-up-refuge"
HELPLINE = "example:service/made-up-line-made-up-helpline"


@pytest.fixture(scope="module")
def three(known: Context) -> Read:
    return oruk.read(Plain(json.loads((FILES / "oruk-3.json").read_text())), known)


@pytest.fixture(scope="module")
def one(known: Context) -> Read:
    return oruk.read(Plain(json.loads((FILES / "oruk-1.json").read_text())), known)


@pytest.fixture(scope="module")
def checked() -> Report:
    return check(FILES / "oruk-3.json", today=TODAY)


def names(found: Read, rule: str) -> list[str | None]:
    return [problem.value for problem in found.problems if problem.rule == rule]


def broken(found: Report, rule: str) -> list[str | None]:
    return [finding.pointer for finding in found.findings if rules()[finding.rule].name == rule]


def test_services_of_one_organisation_stand_in_one_record(three: Read) -> None:
    (record,) = three.records
    assert said(record, "example:organisation/made-up-centre")["sv:identifier"] == ["XI-EXAMPLE-1"]
    for service in (COUNSELLING, REFUGE):
        assert said(record, service)["sv:leadProvider"] == ["example:organisation/made-up-centre"]


def test_a_record_is_practice_only_where_the_file_says_so(known: Context) -> None:
    document = json.loads((FILES / "oruk-3.json").read_text())
    for entry in document["contents"]:
        entry["organization"].pop("uri")
        entry["organization"].pop("organization_identifiers", None)
    (record,) = oruk.read(Plain(document), known).records
    assert record.owner == "https://w3id.org/svssv/id/organisation/made-up-centre"
    assert not record.practice


def test_ages_and_words_about_who_can_come_are_one_rule(three: Read) -> None:
    rule = said(three.records[0], f"{COUNSELLING}/rule/1")
    assert rule["sv:minimumAge"] == ["16"]
    assert rule["sv:maximumAge"] == ["25"]
    assert rule["sv:genderOffer"] == ["gender-offer/all-genders"]
    assert "sv:eligibility" not in said(three.records[0], REFUGE)


def test_an_area_is_told_by_its_address_and_else_stays_the_words_that_it_is(three: Read) -> None:
    areas = said(three.records[0], COUNSELLING)["sv:coversArea"]
    assert areas == ["E23000036", "Leicestershire police force area"]


def test_a_word_from_a_list_is_known_by_its_address_and_else_by_its_name(three: Read) -> None:
    assert said(three.records[0], COUNSELLING)["sv:serviceType"] == ["service-type/emotional-support"]
    assert said(three.records[0], REFUGE)["sv:serviceType"] == ["service-type/refuge"]
    assert "attributes" in names(three, "notCarried")


def test_of_a_contact_the_role_is_read_and_the_person_never(three: Read) -> None:
    assert said(three.records[0], COUNSELLING)["sv:contactTeam"] == ["Referrals team"]
    assert "contacts/name" in names(three, "notCarried")
    assert b"Robin" not in three.records[0].ntriples


def test_a_name_without_a_role_meets_the_safety_rule_and_is_not_shown(known: Context) -> None:
    document = json.loads((FILES / "oruk-3.json").read_text())
    del document["contents"][0]["contacts"][0]["title"]
    found = examine(intake.read_bytes(json.dumps(document).encode(), "feed.json", context=known), today=TODAY)
    assert broken(found, "ContactShape-teamIsNotAPerson") == ["/contents/0/contacts/0/name"]
    assert "Robin" not in report.to_json(found)


def test_british_sign_language_is_a_way_of_delivery_and_other_languages_are_said(three: Read) -> None:
    assert said(three.records[0], COUNSELLING)["sv:deliveryMode"] == ["delivery-mode/british-sign-language"]
    assert "languages/name" in names(three, "notCarried")


def test_of_several_days_of_checking_the_oldest_counts(three: Read) -> None:
    assert said(three.records[0], "https://w3id.org/svssv/graph/record/made-up-centre")["sv:lastConfirmed"] == [
        "2026-09-01"
    ]


def test_a_place_is_never_carried_and_where_it_is_secret_that_is_a_fault(three: Read, checked: Report) -> None:
    assert broken(checked, "Reading-placeGiven") == ["/contents/1/service_at_locations/0/location/name"]
    for secret in ("Hidden", "ZZ2", "51.123", "Nowhere", "ZZ1"):
        assert secret.encode() not in three.records[0].ntriples
        assert secret not in report.to_json(checked) + report.to_text(checked)


def test_a_service_that_does_not_run_is_a_fault(checked: Report) -> None:
    assert broken(checked, "Reading-notRunning") == ["/contents/1/status"]


def test_each_kind_of_field_that_is_not_carried_is_said_once_with_its_count(three: Read) -> None:
    told = {problem.value: problem for problem in three.problems if problem.rule == "notCarried"}
    assert len(told) == len(names(three, "notCarried"))
    assert told["addresses"].hint.startswith("Address: 2 times.")
    assert told["addresses"].place.pointer == "/contents/0/service_at_locations/0/location/addresses"
    assert told["logo"].hint == "Once."  # the standard has it of organisations alone


def test_version_1_is_read_over_the_same_table(one: Read) -> None:
    (record,) = one.records
    service = said(record, HELPLINE)
    assert service["sv:coversArea"] == ["E12000007"]
    assert service["sv:serviceType"] == ["service-type/helpline"]
    assert service["sv:contactPhone"] == ["01632 960002"]
    assert service["sv:deliveryMode"] == ["delivery-mode/british-sign-language", "delivery-mode/telephone"]
    assert said(record, "example:organisation/made-up-line")["sv:website"] == ["https://made-up-line.example/"]


def test_each_entry_about_who_can_come_is_a_rule_in_version_1(one: Read) -> None:
    first, second, third = (said(one.records[0], f"{HELPLINE}/rule/{number}") for number in (1, 2, 3))
    assert (first["sv:genderOffer"], first["sv:minimumAge"]) == (["gender-offer/women-only"], ["13"])
    assert (third["sv:ageGroup"], third["sv:maximumAge"]) == (["age-group/children"], ["17"])
    assert set(second) == {"http://www.w3.org/1999/02/22-rdf-syntax-ns#type"}
    assert "eligibilities/eligibility" in names(one, "notCarried")


def test_the_made_up_file_of_version_1_has_the_form_of_version_1(reference: Path) -> None:
    schema = json.loads((reference / "oruk" / "v1" / "service.schema.json").read_text())
    (service,) = json.loads((FILES / "oruk-1.json").read_text())["content"]
    assert [error.message for error in Draft7Validator(schema).iter_errors(service)] == []


def test_organisations_of_one_name_and_several_ids_are_several(known: Context) -> None:
    services = [
        {"id": str(number), "name": f"Made-Up {number}", "organization": {"id": f"o{number}", "name": "Made-Up Centre"}}
        for number in (1, 2)
    ]
    owners = [record.owner.slug for record in oruk.read(Plain(services), known).records]
    assert owners == ["made-up-centre", "made-up-centre-2"]


def test_an_organisation_with_its_services_inside_is_read(known: Context) -> None:
    service = {"id": "1", "name": "Made-Up Counselling", "status": "active"}
    whole = {"id": "2", "name": "Made-Up Centre", "description": "Made up.", "services": [service]}
    (record,) = oruk.read(Plain(whole), known).records
    assert len([thing for thing in record.things if "/id/service/" in thing]) == 1


def test_a_service_without_an_organisation_is_not_read_and_said(known: Context) -> None:
    found = oruk.read(Plain([{"id": "1", "name": "Made-Up", "organization_id": "7", "status": "active"}]), known)
    assert found.records == ()
    assert names(found, "providerMissing") == [None]


def test_two_services_of_one_name_are_two(known: Context) -> None:
    owner = {"id": "o", "name": "Made-Up Centre"}
    twins = [{"id": str(number), "name": "Made-Up", "organization": owner} for number in (1, 2)]
    (record,) = oruk.read(Plain(twins), known).records
    assert {thing.slug for thing in record.things} >= {"made-up-centre-made-up", "made-up-centre-made-up-2"}


def test_one_service_that_stands_twice_is_one(known: Context) -> None:
    service = {"id": "1", "name": "Made-Up", "organization": {"id": "o", "name": "Made-Up Centre"}}
    (record,) = oruk.read(Plain([service, service]), known).records
    assert len([thing for thing in record.things if "/id/service/" in thing]) == 1


def test_a_part_of_another_form_is_not_guessed_at(known: Context) -> None:
    owner = {"id": "o", "name": "Made-Up Centre"}
    service = {
        "id": "1",
        "name": {"en": "Made-Up"},
        "service_areas": "London",
        "attributes": ["x"],
        "organization": owner,
    }
    found = oruk.read(Plain(service), known)
    assert sorted(filter(None, names(found, "notOfTheForm"))) == ["attributes", "name", "service_areas"]


@pytest.mark.parametrize("value", [[], {"contents": [], "total_items": 0}, {"id": "1", "term_uri": "x", "name": "y"}])
def test_a_file_without_services_is_refused_in_words(value: Any, known: Context) -> None:
    with pytest.raises(InputError, match="no service"):
        oruk.read(Plain(value), known)


def test_an_entry_that_is_no_object_is_not_read_and_said(known: Context) -> None:
    assert names(oruk.read(Plain([7]), known), "notOfTheForm") == [None]


REAL: dict[str, Callable[[Report], bool]] = {
    "v3-uk-profile/examples/service_full.json": lambda found: len(found.records) == 1,
    "v3-uk-profile/examples/service_list.json": lambda found: len(found.records) == 1,
    "v3-uk-profile/examples/organization_full.json": lambda found: len(found.records) == 1,
    "v3-uk-profile/examples/organization_list.json": lambda found: len(found.records) == 1,
    "v3-uk-profile/examples/service_at_location_full.json": lambda found: len(found.records) == 1,
    "v3-uk-profile/examples/service_at_location_list.json": lambda found: len(found.records) == 1,
    "validator-fixtures/v3_pass_service_full.json": lambda found: len(found.records) == 1,
    "validator-fixtures/v3_pass_service_list.json": lambda found: len(found.records) == 1,
    "validator-fixtures/v3_fail_service_full.json": lambda found: len(found.records) == 1,
    "validator-fixtures/v3_fail_service_list.json": lambda found: len(found.records) == 4,
    "validator-fixtures/v3_fail_organization_full.json": lambda found: len(found.records) == 1,
    "validator-fixtures/v3_fail_service_at_location_full.json": lambda found: len(found.records) == 1,
}


@pytest.mark.parametrize("name", REAL)
def test_the_official_examples_are_read_and_checked(name: str, reference: Path) -> None:
    found = check(reference / "oruk" / name, today=TODAY)
    assert found.kind == "oruk"
    assert REAL[name](found)
    assert all(finding.line for finding in found.findings)


@pytest.mark.parametrize(
    "name", ["v3-uk-profile/examples/taxonomy_list.json", "validator-fixtures/v3_pass_api_details.json"]
)
def test_official_files_without_services_are_refused_in_words(name: str, reference: Path) -> None:
    with pytest.raises(InputError, match="holds no service"):
        check(reference / "oruk" / name)


def test_the_official_example_is_mapped_field_by_field(reference: Path) -> None:
    (record,) = intake.read(reference / "oruk" / "v3-uk-profile" / "examples" / "service_full.json").records
    service = said(record, "service/example-organization-inc-community-counselling")
    assert service["rdfs:label"] == ["Community Counselling"]
    assert service["sv:website"] == ["http://example.com/counselling"]
    assert service["sv:contactTeam"] == ["Reception Manager"]
    rule = said(record, "service/example-organization-inc-community-counselling/rule/1")
    assert (rule["sv:minimumAge"], rule["sv:maximumAge"]) == (["12"], ["100"])
    assert said(record, "organisation/example-organization-inc")["sv:identifier"] == ["GB-COH-1234567"]
    assert b"Ann Persona" not in record.ntriples
    assert b"Main Street" not in record.ntriples


def test_the_failing_fixture_is_told_its_two_faults_at_their_lines(reference: Path) -> None:
    path = reference / "oruk" / "validator-fixtures" / "v3_fail_service_full.json"
    found = check(path, today=TODAY)
    lines = path.read_text().splitlines()
    for rule, field in (("ContactShape-websiteForm", '"url"'), ("ContactShape-emailForm", '"email"')):
        (finding,) = [each for each in found.findings if rules()[each.rule].name == rule]
        assert field in lines[(finding.line or 0) - 1]


def test_what_of_the_official_example_does_not_fit_is_said(reference: Path) -> None:
    found = check(reference / "oruk" / "v3-uk-profile" / "examples" / "service_full.json", today=TODAY)
    told = {finding.value for finding in found.findings if rules()[finding.rule].name == "Reading-notCarried"}
    assert told >= {"schedules", "cost_options", "funding", "accreditations", "fees", "alert", "logo", "attributes"}
    assert told >= {"addresses", "latitude", "longitude", "contacts/name", "assurer_email", "last_modified"}
