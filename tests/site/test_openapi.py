"""``/openapi.json`` describes every address as it is: what is made from the description is answered as it says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from werkzeug.routing import Map, Rule

from taxonomy.errors import CurationError
from taxonomy.questions import catalogue
from taxonomy.site import negotiation, openapi

ADDRESS = "https://svssv.example"
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
ACCEPTED = ("", "*/*", "text/html", "application/json", "text/csv;q=0.5, text/turtle", "image/png", "text/html;q=x,;")
TAGS = ("areas", "money", "things", "words", "questions", "sparql", "records", "releases", "guidance", "service")
Operation = APIOperation[Any, Any, Any, Any]


@pytest.fixture(scope="module")
def described(app: Flask) -> dict[str, Any]:
    return openapi.document(app.url_map, catalogue.load(), ADDRESS)


@pytest.fixture(scope="module")
def schema(app: Flask) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, entry in described["paths"].items():
        for method, operation in entry.items():
            yield path, method, operation


def rules_of(app: Flask, *more: Rule, without: str = "") -> Map:
    return Map([*(rule.empty() for rule in app.url_map.iter_rules() if str(rule) != without), *more])


def test_it_is_a_document_of_openapi(schema: schemathesis.BaseSchema) -> None:
    schema.validate()


def test_a_rule_without_an_entry_is_refused(app: Flask) -> None:
    with pytest.raises(CurationError, match="says nothing of /new, and the site answers get"):
        openapi.document(rules_of(app, Rule("/new", endpoint="new", methods=["GET"])), catalogue.load(), ADDRESS)


def test_an_entry_without_a_rule_is_refused(app: Flask) -> None:
    with pytest.raises(CurationError, match="says get of /privacy, and the site answers nothing"):
        openapi.document(rules_of(app, without="/privacy"), catalogue.load(), ADDRESS)


def test_a_method_without_an_entry_is_refused(app: Flask) -> None:
    with pytest.raises(CurationError, match="says get of /privacy, and the site answers get and post"):
        openapi.document(rules_of(app, Rule("/privacy", endpoint="x", methods=["POST"])), catalogue.load(), ADDRESS)


def test_it_names_the_address_of_the_settings(described: dict[str, Any], client: FlaskClient, app: Flask) -> None:
    assert described["servers"] == [{"url": ADDRESS}]
    assert client.get("/openapi.json").json["servers"] == [{"url": app.config["SETTINGS"].public_url}]  # type: ignore[index]  # the answer is an object


def test_each_operation_has_a_name_of_its_own(described: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(described)]
    assert len(names) == len(set(names))


def test_each_public_question_is_there_with_its_parameters(described: dict[str, Any]) -> None:
    for name, question in catalogue.load().items():
        said = described["paths"][f"/questions/{name}"]["get"]["parameters"]
        own = {each["name"]: each["required"] for each in said if "name" in each}
        assert own == {each.name: each.required for each in question.params}


def test_a_list_is_offered_in_every_form_that_data_come_in(described: dict[str, Any]) -> None:
    suffix = described["paths"]["/services.{form}"]["get"]["parameters"][-1]
    assert suffix["schema"]["enum"] == list(negotiation.FORMS)
    answered = set(described["components"]["responses"]["answer-form"]["content"])
    assert answered == {form.media_type for form in negotiation.FORMS.values()}


def test_whoever_holds_it_is_told_that_it_still_stands(client: FlaskClient) -> None:
    held = client.get("/openapi.json").headers["ETag"]
    assert client.get("/openapi.json", headers={"If-None-Match": held}).status_code == 304


@pytest.mark.parametrize("page", ["/", "/guide"])
def test_pages_lead_to_it(client: FlaskClient, page: str) -> None:
    main = client.get(page).text.partition("<main")[2]
    assert 'href="/openapi.json"' in (main.partition("</main>")[0] if page == "/guide" else main)


def test_each_example_that_it_gives_is_answered(described: dict[str, Any], client: FlaskClient) -> None:
    refused = []
    for path, method, operation in operations(described):
        if method != "get" or path.startswith("/q/") or path == "/metrics":  # nothing is cited, and no token is sent
            continue
        for address in examples(described, path, operation):
            with client.get(address) as answer:
                if answer.status_code not in {200, 302, 303}:
                    refused.append((address, answer.status_code, answer.text[:200]))
    assert refused == []


def examples(described: dict[str, Any], path: str, operation: dict[str, Any]) -> Iterator[str]:
    """The address with what it needs; a page once more with each other field that has an example."""
    shared = described["components"]["parameters"]
    fields = [shared[each["$ref"].rpartition("/")[2]] if "$ref" in each else each for each in operation["parameters"]]
    inside = {each["name"]: each["example"] for each in fields if each["in"] == "path"}
    needed = {each["name"]: each["example"] for each in fields if each.get("required") and each["in"] == "query"}
    if path == "/graphs":  # which takes one of two
        needed = {"default": ""}
    other = [{each["name"]: each["example"]} for each in fields if "example" in each and each["in"] == "query"]
    for more in ({}, *(other if "{form}" not in path else ())):
        asked = urlencode(needed | more, doseq=True)
        yield path.format_map(inside) + (f"?{asked}" if asked else "")


def answers_as_it_says(operation: Operation, *, most: int, mode: GenerationMode) -> None:
    """What is made from an operation, fitting or not, is answered with a status and a form that the operation names."""

    @settings(
        max_examples=most,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), accepted=st.sampled_from(ACCEPTED))
    def asked(case: Case, accepted: str) -> None:
        response = case.call(headers={"Accept": accepted, "Accept-Encoding": "identity"})
        again = response.status_code == 503 and "retry-after" in response.headers
        case.validate_response(response, checks=[*CHECKS, *([] if again else [not_a_server_error])])

    with suppress(Unsatisfiable):  # there are operations of which nothing can be made that does not fit
        asked()


def made(schema: schemathesis.BaseSchema, tag: str) -> Iterator[Operation]:
    for result in schema.include(tag=tag).get_all_operations():
        yield result.ok()


@pytest.mark.parametrize("tag", TAGS)
def test_what_fits_the_description_is_answered_as_it_says(schema: schemathesis.BaseSchema, tag: str) -> None:
    for operation in made(schema, tag):
        answers_as_it_says(operation, most=1 if tag == "questions" else 3, mode=GenerationMode.POSITIVE)


@pytest.mark.parametrize("tag", TAGS)
def test_what_does_not_fit_is_answered_as_it_says(schema: schemathesis.BaseSchema, tag: str) -> None:
    for operation in made(schema, tag):
        answers_as_it_says(operation, most=1 if tag == "questions" else 2, mode=GenerationMode.NEGATIVE)


def test_every_operation_has_a_tag_that_is_tried(described: dict[str, Any]) -> None:
    assert {tag for _, _, operation in operations(described) for tag in operation["tags"]} == set(TAGS)


@pytest.mark.soak
@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_two_hundred_requests_of_each_kind_are_answered_as_it_says(
    schema: schemathesis.BaseSchema, tag: str, mode: GenerationMode
) -> None:
    for operation in made(schema, tag):
        answers_as_it_says(operation, most=200, mode=mode)
