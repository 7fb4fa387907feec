"""Text as the search compares it: words without case, accents and signs, and how like two words are."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
_WITHIN: Final = re.compile(r"['’ʼ`]")  # signs that do not part a word: children's is sought as childrens
_LONGEST: Final = 64  # characters of a word that are looked at
_GRAM: Final = 3
_LIKE: Final = 0.74  # how like two words are that may be meant for each other
_NEARLY_BEST: Final = 0.1
NEAREST: Final = 3
_SMALL: Final = "a an and at by for from how in is of on or that the this to what when where which who with"
SMALL: Final = frozenset(_SMALL.split())  # words that need not be there


def folded(text: str) -> tuple[str, ...]:
    """The words of a text, without case, accents and signs; whatever the text is, the words are plain.

    >>> folded("Children’s ISVA (Avon & Somerset)"), folded("Ynys Môn"), folded('" OR *')
    (('childrens', 'isva', 'avon', 'somerset'), ('ynys', 'mon'), ('or',))
    """
    plain = _WITHIN.sub("", text)
    if not plain.isascii():
        plain = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    plain = plain.casefold()
    return tuple(word[:_LONGEST] for word in _WORD.findall(plain))


def stem(word: str) -> str:
    """The beginning that one and several have in common, so that each finds the other.

    >>> stem("centres"), stem("charities"), stem("bus"), stem("isva")
    ('centre', 'charit', 'bus', 'isva')
    """
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def grams(word: str) -> frozenset[str]:
    """The pieces of a word by which its misspellings are found; its beginning counts twice.

    >>> sorted(grams("avn"))
    ['  a', ' av', 'avn', 'vn ']
    """
    padded = f"{' ' * (_GRAM - 1)}{word} "
    return frozenset(padded[place : place + _GRAM] for place in range(len(padded) - _GRAM + 1))


def nearest(word: str, candidates: Iterable[str]) -> tuple[str, ...]:
    """The words that may have been meant, the most like first; none where nothing is like it.

    >>> nearest("lester", ["chester", "leicester", "letter", "service"])
    ('letter', 'leicester', 'chester')
    >>> nearest("avn", ["avon", "average", "an"])
    ('avon', 'an')
    """
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(word)
    likeness = {}
    for candidate in candidates:
        matcher.set_seq1(candidate)
        if matcher.real_quick_ratio() >= _LIKE and matcher.quick_ratio() >= _LIKE:
            likeness[candidate] = matcher.ratio()
    best = max(likeness.values(), default=1.0)
    kept = [each for each, like in likeness.items() if like >= max(_LIKE, best - _NEARLY_BEST)]
    return tuple(sorted(kept, key=lambda each: (-likeness[each], each))[:NEAREST])
