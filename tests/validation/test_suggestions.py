"""What could stand in a cell is suggested where one answer is likely, and only there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taxonomy import fields
from taxonomy.context import Context
from taxonomy.namespaces import SV
from taxonomy.validation.suggestions import suggest
from taxonomy.values import Iri

CONTEXT = Context.bundled()


@pytest.mark.parametrize(
    ("path", "written", "likely"),
    [
        ("minimumAge", "16+", "16"),
        ("minimumAge", "18 and over", "18"),
        ("minimumAge", "16 years and older", "16"),
        ("minimumAge", "Aged 18 or over", "18"),
        ("minimumAge", "sixteen", "16"),
        ("maximumAge", "Twenty-five", "25"),
        ("extensionMonths", "12 months", "12"),
        ("amount", "60k", "60000"),
        ("amount", "£1.2 million", "1200000"),
        ("startDate", "12/3/18", "2018-03-12"),
        ("startDate", "1 Apr 26", "2026-04-01"),
        ("startDate", "2026/04/01", "2026-04-01"),
        ("startDate", "April 1st, 2026", "2026-04-01"),
        ("requiresConsent", "Yes, always", "yes"),
        ("identifier", "GB-COH-1234567", "GB-COH-01234567"),
        ("identifier", "Company number 1234567", "GB-COH-01234567"),
        ("serviceType", "Emotional suport", "Emotional support"),
    ],
)
def test_what_may_have_been_meant_is_suggested(path: str, written: str, likely: str) -> None:
    assert likely == suggest(Iri(SV + path), written, CONTEXT)


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("minimumAge", "16"),
        ("minimumAge", "under 18"),
        ("minimumAge", "16-25"),
        ("minimumAge", "200 years"),
        ("extensionMonths", "1 year"),
        ("amount", "about £60k"),
        ("amount", "60000"),
        ("startDate", "spring"),
        ("startDate", "April 2026"),
        ("startDate", "31/6/26"),
        ("requiresConsent", "usually"),
        ("identifier", "1234567"),
        ("serviceType", "chats over tea"),
        ("noSuchProperty", "16+"),
    ],
)
def test_nothing_is_suggested_where_several_answers_are_likely_or_none(path: str, written: str) -> None:
    assert suggest(Iri(SV + path), written, CONTEXT) == ""


@given(st.sampled_from(fields.fields()), st.text(max_size=60))
def test_any_text_is_answered(field: fields.Field, written: str) -> None:
    assert isinstance(suggest(field.path, written, CONTEXT), str)
