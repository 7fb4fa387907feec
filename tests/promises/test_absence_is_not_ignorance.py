"""Promise 2. Recorded, none found, not known and not applicable are four answers; a missing amount is never zero."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from taxonomy.knowledge import KnowledgeGraph
from taxonomy.namespaces import CONCEPT, ID, SV

AREA = "E23000036"


def test_an_agreement_without_a_printed_amount_has_none_rather_than_zero(kg: KnowledgeGraph) -> None:
    rows = {str(row["service"]).rsplit("/", 1)[-1]: row for row in kg.ask("money-by-service", area=AREA)}
    assert rows["cse-avon-and-somerset"]["total"] is None
    assert rows["isva-avon-and-somerset"]["total"] == Decimal(342333)


def test_a_missing_amount_is_an_empty_cell_in_a_download(kg: KnowledgeGraph) -> None:
    table = csv.DictReader(io.StringIO(kg.ask("money-by-service", area=AREA).to_csv()))
    cells = {row["service"].rsplit("/", 1)[-1]: row["total"] for row in table}
    assert cells["cse-avon-and-somerset"] == ""


def test_no_amount_in_the_release_is_zero(kg: KnowledgeGraph) -> None:
    assert list(kg.sparql(f"SELECT ?part WHERE {{ ?part <{SV}amount> ?amount FILTER (?amount = 0) }}")) == []


def test_a_service_that_says_nothing_on_reporting_is_not_among_those_open_without_a_report(kg: KnowledgeGraph) -> None:
    stated = {str(row["service"]).rsplit("/", 1)[-1] for row in kg.ask("services-open-without-report", area=AREA)}
    assert "restorative-approaches-avon-and-somerset" not in stated
    assert "lighthouse-avon-and-somerset" not in stated
    assert len(stated) == 5


def test_what_is_not_recorded_has_three_states_that_somebody_can_state(kg: KnowledgeGraph) -> None:
    states = {
        str(row["state"]).rsplit("/", 1)[-1]
        for row in kg.sparql(
            "SELECT ?state WHERE { ?state <http://www.w3.org/2004/02/skos/core#inScheme>"
            " <https://w3id.org/svssv/scheme/coverage-state> }"
        )
    }
    assert states == {"none-found", "not-known", "not-applicable"}  # "recorded" follows from a record, nobody states it


def test_not_stated_is_never_counted_as_a_value(kg: KnowledgeGraph) -> None:
    rows = kg.ask("agreements-by-instrument", area=AREA)
    unstated = [
        row for row in rows if str(row["agreement"]) == f"{ID}agreement/restorative-approaches-avon-and-somerset"
    ]
    assert unstated
    assert {row["instrument"] for row in unstated} <= {None, f"{CONCEPT}funding-instrument/not-stated"}
