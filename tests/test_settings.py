"""What an operator may choose: what is out of reach is refused by name, and never rounded to something else."""

from __future__ import annotations

import pytest

from taxonomy.errors import InputError
from taxonomy.settings import Settings


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SVSSV_QUERY_SECONDS", "soon"),
        ("SVSSV_QUERY_SECONDS", "0"),
        ("SVSSV_QUERY_SECONDS", "nan"),
        ("SVSSV_QUERY_MEGABYTES", "inf"),
        ("SVSSV_READERS", "0.5"),
        ("SVSSV_READERS", "0"),
        ("SVSSV_PROXIES", "-1"),
        ("SVSSV_PROXIES", "1.5"),
    ],
)
def test_what_is_no_number_of_the_kind_is_refused_by_name(name: str, text: str) -> None:
    with pytest.raises(InputError, match=name):
        Settings.read({name: text})


def test_none_at_all_can_be_chosen_where_that_is_the_default() -> None:
    chosen = Settings.read({"SVSSV_PROXIES": "0", "SVSSV_KEPT_MEGABYTES": "0", "SVSSV_READERS": "3"})
    assert (chosen.proxies, chosen.kept, chosen.readers) == (0, 0, 3)
