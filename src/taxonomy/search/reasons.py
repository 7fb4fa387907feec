"""Why a thing was found, where its own name does not say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

SHOWN: Final = frozenset({"name", "type", "area"})  # what every result shows of itself anyway


class Called(NamedTuple):
    """One text by which a thing can be found."""

    how: str  # in what way it belongs to the thing
    text: str
    stems: str  # its words as the search compares them

    def holds(self, sought: Mapping[str, Iterable[str]]) -> frozenset[str]:
        """The words of a search that stand in it."""
        words = self.stems.split()
        return frozenset(
            word for word, forms in sought.items() if any(each.startswith(form) for form in forms for each in words)
        )


class Reason(NamedTuple):
    """Why a thing was found."""

    held: int  # how many of the words that were sought it holds
    text: str  # by what, in words; empty where its name, what it is or where it is says it


def reason(called: Sequence[Called], sought: Mapping[str, Iterable[str]]) -> Reason:
    """Why a thing was found that is called so; ``sought`` gives for each word the beginnings that stand for it.

    >>> names = [Called("name", "Referral centre", "referral centre"), Called("also called", "SARC", "sarc")]
    >>> reason(names, {"sarc": ["sarc"]}).text, reason(names, {"centre": ["centre"], "moon": ["moon"]})
    ('also called “SARC”', Reason(held=1, text=''))
    """
    held = [each.holds(sought) for each in called]
    everything = frozenset[str]().union(*held)
    missing = everything.difference(*(some for each, some in zip(called, held, strict=True) if each.how in SHOWN))
    told = ""
    if missing:
        best = max(range(len(called)), key=lambda each: (len(held[each] & missing), len(held[each]), -each))
        told = f"{called[best].how} “{called[best].text}”"
    return Reason(len(everything), told)
