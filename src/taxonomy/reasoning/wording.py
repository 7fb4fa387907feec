"""A definition as a sentence: "a service whose lead provider is a voluntary organisation".

The words are the ontology's own: labels, and how each property is read (``sv:readsForwards``, ``sv:readsBackwards``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from taxonomy.namespaces import SV
from taxonomy.reasoning.axioms import And, Axioms, Expression, Facet, Named, Or, Property, Some, Value

Label = Callable[[str], str]

_GAP: Final = "…"
_READS: Final = {NamedNode(SV + "readsForwards"): False, NamedNode(SV + "readsBackwards"): True}
_SPELT_OUT: Final = re.compile(r"(?!.*[AEIOU])[A-Z]{2,}")  # an acronym said letter by letter
_VOWEL: Final = re.compile(r"[aeioAEIO]|u(?!ni)|U")
_LETTER_WITH_VOWEL: Final = frozenset("AEFHILMNORSX")  # as in "an S"


class Wording:
    """The sentences of one ontology's definitions; ``label`` gives what a class, property or concept is called."""

    def __init__(self, axioms: Axioms, triples: Iterable[Triple], label: Label) -> None:
        self._label = label
        self._ranges = dict(axioms.ranges)
        self._reads = {
            Property(triple.subject, _READS[triple.predicate]): triple.object.value
            for triple in triples
            if triple.predicate in _READS
            and isinstance(triple.subject, NamedNode)
            and isinstance(triple.object, Literal)
        }

    def noun(self, expression: Expression, head: str = "something") -> str:
        """What fits an expression, as a noun phrase; ``head`` is the noun where the expression names no class.

        >>> service = Named(NamedNode(SV + "Service"))
        >>> Wording(Axioms(), [], lambda iri: "service").noun(service)
        'a service'
        """
        match expression:
            case Named(iri):
                return with_article(self._label(iri.value))
            case And(parts):
                heads = [part for part in parts if isinstance(part, Named)]
                rest = [part for part in parts if not isinstance(part, Named)]
                kinds = listed([self.noun(part) for part in heads], "and") or with_article(head)
                return " ".join([kinds, *listed([self.clause(part) for part in rest], "and").split()])
            case Or(parts) if all(isinstance(part, Named) for part in parts):
                return listed([self.noun(part) for part in parts], "or")
            case _:
                return f"{with_article(head)} {self.clause(expression)}"

    def clause(self, expression: Expression) -> str:
        """What an expression says of a thing, to stand after its noun."""
        match expression:
            case Named():
                return f"that is {self.noun(expression)}"
            case And(parts):
                return listed([self.clause(part) for part in parts], "and")
            case Or(parts):
                return self._any_of(parts)
            case Some(path, filler):
                return self._read(path, self.noun(filler, self._head(path)))
            case Value(path, value):
                return self._read(path, quoted(self._label(value.value)))
            case Facet(iri, low, high):
                return self._read(Property(iri), limits(low, high))

    def _any_of(self, parts: Sequence[Expression]) -> str:
        """The alternatives; those of one property share its words."""
        values: dict[Property, list[str]] = {}
        others: list[str] = []
        for part in parts:
            if isinstance(part, Value):
                values.setdefault(part.path, []).append(quoted(self._label(part.value.value)))
            else:
                others.append(self.clause(part))
        same = [self._read(path, listed(names, "or")) for path, names in values.items()]
        return listed([*others, *same], "or")

    def _read(self, path: Property, what: str) -> str:
        label = self._label(path.iri.value)
        plain = f"that is the {label} of {_GAP}" if path.inverse else f"whose {label} is {_GAP}"
        return self._reads.get(path, plain).replace(_GAP, what, 1)

    def _head(self, path: Property) -> str:
        kind = None if path.inverse else self._ranges.get(path.iri)
        return self._label(kind.value) if kind else "thing"


def with_article(noun: str) -> str:
    """A noun with "a" or "an", as it is said.

    >>> with_article("umbrella body"), with_article("SVSSV service"), with_article("SARC service")
    ('an umbrella body', 'an SVSSV service', 'a SARC service')
    """
    first = noun.split(" ", 1)[0]
    vowel = first[:1] in _LETTER_WITH_VOWEL if _SPELT_OUT.fullmatch(first) else bool(_VOWEL.match(noun))
    return f"{'an' if vowel else 'a'} {noun}"


def listed(parts: Sequence[str], word: str) -> str:
    """Parts in one line, the last one after "and" or "or".

    >>> listed(["one", "two", "three"], "or"), listed([], "or")
    ('one, two or three', '')
    """
    return f" {word} ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def limits(low: int | None, high: int | None) -> str:
    """Limits of a whole number in words.

    >>> limits(None, 12), limits(18, None), limits(13, 17)
    ('12 or less', '18 or more', '13 to 17')
    """
    if low is not None and high is not None:
        return f"{low} to {high}"
    return f"{low} or more" if low is not None else f"{high} or less"


def quoted(text: str) -> str:
    """A label as a name.

    >>> quoted("women only")
    '“women only”'
    """
    return f"“{text}”"
