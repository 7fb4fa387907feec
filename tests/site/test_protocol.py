"""What a request says, read as any reader of forms would read it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from taxonomy.errors import QueryError
from taxonomy.site.protocol import _parameters

FIELDS = st.dictionaries(st.text(max_size=8), st.lists(st.text(max_size=30), min_size=1, max_size=3), max_size=5)


@given(FIELDS)
def test_what_was_written_as_a_form_is_read_back(fields: dict[str, list[str]]) -> None:
    assert _parameters(urlencode(fields, doseq=True).encode()) == fields


@given(st.text(alphabet="a%=&+ \r\n24fF9zé", max_size=40))
@example("query=100% sure&query=%3d%\n41=%0a_")
@example("a=%c3%a9&b=%c3")
def test_a_form_that_is_written_badly_is_read_as_elsewhere(text: str) -> None:
    try:
        wanted = parse_qs(text.encode().decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        with pytest.raises(QueryError):
            _parameters(text.encode())
    else:
        assert _parameters(text.encode()) == wanted


def test_a_form_of_very_many_fields_is_refused() -> None:
    assert len(_parameters(b"&".join(b"a=1" for _ in range(100)))["a"]) == 100
    with pytest.raises(QueryError, match="form"):
        _parameters(b"&".join(b"a=1" for _ in range(101)))
