"""The Open Contracting Data Standard: who is paid becomes a record, and what is only hoped for stands apart."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

import pytest

from taxonomy import intake
from taxonomy.context import Context
from taxonomy.errors import InputError
from taxonomy.records import Record, Submission
from taxonomy.standards import ocds
from taxonomy.standards.reading import Read
from taxonomy.validation import check, report, rules

from .conftest import FILES, Plain, said

TODAY = date(2026, 11, 23)
AWARD = "example:agreement/ocds-madeup-1-a1"
BEDFORDSHIRE = "agreement/ocds-b5fd17-070f4662-2e9c-40b0-8fa4-4b435f3ccae4-1"
LONDON = "agreement/ocds-b5fd17-abff81c6-f0cd-47d6-a8ad-ca9478fac6be"
IDAS = "agreement/ocds-b5fd17-cfc38479-88fa-41f2-808d-d1154776ded1-1"


@pytest.fixture(scope="module")
def found(known: Context) -> Read:
    return ocds.read(Plain(json.loads((FILES / "ocds-releases.json").read_text())), known)


@pytest.fixture(scope="module")
def real(reference) -> Submission:
    return intake.read(reference / "ocds" / "samples" / "contracts_finder_vawg_releases_2025.json")


def told(found: Read | Submission, rule: str) -> list[str | None]:
    return [problem.value for problem in found.problems if problem.rule == rule]


def record_of(found: Read | Submission, slug: str) -> Record:
    return next(record for record in found.records if record.owner.slug == slug)


def test_each_supplier_is_a_record_and_what_is_proposed_stands_with_the_buyer(found: Read) -> None:
    assert [record.owner.slug for record in found.records] == ["made-up-centre", "made-up-commissioner"]


def test_releases_of_one_process_are_one_agreement(found: Read) -> None:
    agreement = said(record_of(found, "made-up-centre"), AWARD)
    assert agreement["dcterms:identifier"] == ["ocds-madeup-1"]
    assert agreement["rdfs:label"] == ["Made-Up support service"]  # the call said it, in an earlier release
    assert agreement["sv:forArea"] == ["E12000007"]


def test_a_contract_is_firmer_than_its_award(found: Read) -> None:
    agreement = said(record_of(found, "made-up-centre"), AWARD)
    assert agreement["sv:agreementStatus"] == ["agreement-status/committed"]
    assert said(record_of(found, "made-up-centre"), f"{AWARD}/part/1")["sv:amount"] == ["600000"]


def test_the_estimate_of_a_call_is_never_added_to_an_award(found: Read) -> None:
    assert b"900000" not in record_of(found, "made-up-centre").ntriples
    assert "value" in told(found, "notCarried")


def test_the_latest_end_is_carried_as_months_after_the_end(found: Read) -> None:
    agreement = said(record_of(found, "made-up-centre"), AWARD)
    assert (agreement["sv:startDate"], agreement["sv:endDate"]) == (["2026-04-01"], ["2029-03-31"])
    assert agreement["sv:extensionMonths"] == ["24"]


def test_the_buyer_commissions_and_a_funder_pays(found: Read) -> None:
    centre = record_of(found, "made-up-centre")
    assert said(centre, AWARD)["sv:leadCommissioner"] == ["example:organisation/made-up-council"]
    assert said(centre, f"{AWARD}/part/1")["sv:funder"] == ["organisation/ministry-of-justice"]


def test_several_suppliers_share_one_agreement_and_no_sum_is_told_twice(found: Read) -> None:
    centre = record_of(found, "made-up-centre")
    recipients = ["example:organisation/made-up-centre", "example:organisation/made-up-partner"]
    assert said(centre, AWARD)["sv:recipient"] == recipients
    assert Counter(path.partition("/part/")[0] for path in centre.things if "/part/" in path).total() == 1


def test_a_call_is_proposed_up_to_its_value_and_said_not_to_be_awarded(found: Read) -> None:
    commissioner = record_of(found, "made-up-commissioner")
    assert said(commissioner, "agreement/ocds-madeup-2")["sv:agreementStatus"] == ["agreement-status/proposed"]
    part = said(commissioner, "agreement/ocds-madeup-2/part/1")
    assert (part["sv:amount"], part["sv:amountQualifier"]) == (["300000"], ["amount-qualifier/up-to"])
    assert told(found, "notAwarded") == [None]


def test_a_region_with_two_meanings_stays_a_word(found: Read) -> None:
    commissioner = record_of(found, "made-up-commissioner")
    assert said(commissioner, "agreement/ocds-madeup-2")["sv:forArea"] == ["West Midlands"]


def test_an_award_without_supplier_is_not_read_and_said(found: Read) -> None:
    assert told(found, "recipientMissing") == [None]


def test_a_value_with_tax_is_read_where_there_is_no_other_and_that_is_said(known: Context) -> None:
    document = json.loads((FILES / "ocds-releases.json").read_text())
    del document["releases"][1]["contracts"]
    found = ocds.read(Plain(document), known)
    assert said(record_of(found, "made-up-centre"), f"{AWARD}/part/1")["sv:amount"] == ["720000"]
    assert "value/amountGross" in told(found, "notCarried")


def test_addresses_and_contacts_are_never_carried_nor_shown(found: Read) -> None:
    facts = b"".join(record.ntriples for record in found.records)
    checked = check(FILES / "ocds-releases.json", today=TODAY)
    for secret in ("Robin", "Nowhere", "ZZ1"):
        assert secret.encode() not in facts
        assert secret not in report.to_json(checked) + report.to_text(checked)
    assert set(told(found, "notCarried")) >= {"address", "contactPoint", "details/vcse"}


def test_of_a_record_package_the_compiled_release_is_read(known: Context) -> None:
    found = ocds.read(Plain(json.loads((FILES / "ocds-records.json").read_text())), known)
    agreement = said(found.records[0], "example:agreement/ocds-madeup-4-1")
    assert agreement["sv:agreementStatus"] == ["agreement-status/withdrawn"]
    assert agreement["rdfs:label"] == ["Made-Up helpline"]


def test_of_a_record_without_compiled_release_the_releases_are_read(known: Context) -> None:
    releases = json.loads((FILES / "ocds-releases.json").read_text())["releases"]
    package = {"records": [{"ocid": "ocds-madeup-1", "releases": releases[:2]}]}
    (record,) = ocds.read(Plain(package), known).records
    assert said(record, AWARD)["sv:agreementStatus"] == ["agreement-status/committed"]


def test_one_release_alone_and_a_list_of_them_are_read(known: Context) -> None:
    releases = json.loads((FILES / "ocds-releases.json").read_text())["releases"]
    assert len(ocds.read(Plain(releases[1]), known).records) == 1
    assert len(ocds.read(Plain(releases), known).records) == 2


def test_a_file_without_releases_is_refused_in_words(known: Context) -> None:
    with pytest.raises(InputError, match="holds no release"):
        ocds.read(Plain({"releases": []}), known)


# Six real notices


def test_six_real_releases_are_two_awards_and_four_proposals(real: Submission) -> None:
    statuses = Counter(
        status
        for record in real.records
        for thing in record.things
        for status in said(record, thing.partition("/id/")[2]).get("sv:agreementStatus", ())
    )
    assert statuses == {"agreement-status/awarded": 2, "agreement-status/proposed": 4}
    assert len(told(real, "notAwarded")) == 4


def test_the_real_award_in_bedfordshire_is_mapped(real: Submission) -> None:
    ymca = record_of(real, "one-ymca")
    award = said(ymca, BEDFORDSHIRE)
    assert award["sv:recipient"] == ["organisation/one-ymca"]
    assert award["sv:leadCommissioner"] == ["organisation/the-police-and-crime-commissioner-for-bedfordshire"]
    assert (award["sv:startDate"], award["sv:endDate"]) == (["2025-04-01"], ["2028-03-31"])
    assert (award["sv:awardDate"], award["sv:forArea"]) == (["2024-12-09"], ["E12000006"])
    part = said(ymca, f"{BEDFORDSHIRE}/part/1")
    assert (part["sv:amount"], part["sv:amountBasis"]) == (["1018044.14"], ["amount-basis/whole-term"])
    assert "sv:amountQualifier" not in part


def test_the_real_call_for_london_is_proposed_for_the_region(real: Submission) -> None:
    mopac = record_of(real, "mayors-office-for-policing-and-crime")
    call = said(mopac, LONDON)
    assert call["rdfs:label"] == ["Pan London Sexual Violence Support Service"]
    assert (call["sv:agreementStatus"], call["sv:forArea"]) == (["agreement-status/proposed"], ["E12000007"])
    assert said(mopac, f"{LONDON}/part/1")["sv:amount"] == ["65387492"]
    assert "sv:recipient" not in call


def test_the_real_award_to_idas_has_its_printed_value(real: Submission) -> None:
    idas = record_of(real, "independent-domestic-abuse-services-idas")
    assert said(idas, f"{IDAS}/part/1")["sv:amount"] == ["5097111"]
    assert said(idas, IDAS)["sv:endDate"] == ["2030-03-31"]
    assert "sv:identifier" not in said(idas, "organisation/independent-domestic-abuse-services-idas")


def test_two_real_notices_of_one_buyer_stand_in_one_record(real: Submission) -> None:
    dudley = record_of(real, "dudley-metropolitan-borough-council")
    amounts = [said(dudley, thing.partition("/id/")[2])["sv:amount"] for thing in dudley.things if "/part/" in thing]
    assert amounts == [["60000"], ["150000"]]
    assert b'"West Midlands"' in dudley.ntriples  # a region and a police force area: not guessed


def test_what_of_the_real_notices_does_not_fit_is_said(real: Submission) -> None:
    assert set(told(real, "notCarried")) >= {
        "address",
        "classification",
        "contactPoint",
        "description",
        "documents",
        "identifier",
        "items/deliveryAddresses/postalCode",
        "minValue",
        "tenderPeriod",
        "value",
    }


def test_real_notices_say_what_is_missing_for_a_record(reference) -> None:
    found = check(reference / "ocds" / "samples" / "contracts_finder_vawg_releases_2025.json", today=TODAY)
    musts = Counter(rules()[each.rule].name for each in found.findings if each.level == "must")
    assert musts == {
        "AgreementShape-areaKnown": 2,
        "AgreementShape-fundsGiven": 6,
        "OrganisationShape-sectorGiven": 5,
        "RecordShape-lastConfirmedGiven": 5,
    }
