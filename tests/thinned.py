"""Long lists of like examples: some of them for every change, all of them for `make soak`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import pytest

Example = TypeVar("Example")


def thinned(examples: Sequence[Example], *, every: int) -> list[object]:
    """The examples as parameters of a test, of which only one in so many runs outside the soak.

    >>> [getattr(each, "values", each) for each in thinned("abcd", every=3)]
    ['a', ('b',), ('c',), 'd']
    """
    return [
        pytest.param(example, marks=pytest.mark.soak) if number % every else example
        for number, example in enumerate(examples)
    ]
