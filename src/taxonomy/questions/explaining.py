"""A question's query in words, line by line, for those who learn to write their own.

The words come from the query's own tokens, from what the question's header says of its columns and values, and from the
labels that the ontology gives its terms.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from taxonomy import namespaces
from taxonomy.questions.catalogue import Question
from taxonomy.store.tokens import Token, tokens

Label = Callable[[str], str]

_PREFIX: Final = re.compile(r"PREFIX\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE)
_STEPS: Final = {"*": " (any number of times, or none)", "+": " (once or more)", "?": " (or not at all)"}
FILTER: Final = "filter"
_NO_FACTS: Final = frozenset({"FILTER", "OPTIONAL", "BIND", "UNION"})
_ON: Final = "Goes on with the line above."
_BEGINNINGS: Final = {
    "WHERE": "What has to be true of each row:",
    "UNION": "or else:",
    "MINUS": "but not where:",
    "HAVING": "Keeps only groups for which this holds.",
    "LIMIT": "Takes no more rows than this.",
    "OFFSET": "Leaves out so many rows at the beginning.",
    "GRAPH": "In one place, where it is stated:",
    "ASK": "Answers yes or no.",
    "CONSTRUCT": "Makes a graph of these facts:",
    "DESCRIBE": "Gives all that is said of these things.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a query, and what it does; nothing where it only closes what another line began."""

    text: str
    words: str


def explain(question: Question, label: Label) -> tuple[Line, ...]:
    r"""The query of a question, line by line; ``label`` gives the label of a term by its IRI.

    >>> from taxonomy.questions.catalogue import parse
    >>> text = "#+ summary: S\n#+ columns: {s: the service}\nSELECT ?s\nWHERE { ?s a sv:Service }\nORDER BY ?s"
    >>> [line.words for line in explain(parse("services", text), lambda iri: "service")]
    ['Shows ?s (the service).', 'What has to be true of each row: ?s is a service.', 'Sorts by ?s.']
    """
    text = question.body.rstrip("\n")
    bases = namespaces.PREFIXES | dict(_PREFIX.findall(text))
    words = _Words(question, bases, label)
    return tuple(Line(line, words.of(line)) for line in text.splitlines())


class _Words:
    """What the lines of one query do, in words."""

    def __init__(self, question: Question, bases: Mapping[str, str], label: Label) -> None:
        self._question, self._bases, self._label = question, bases, label
        self._asked = {parameter.name: parameter for parameter in question.params}
        self._selects = 0
        self._open = 0  # brackets that earlier lines have opened

    def of(self, line: str) -> str:
        """What one line does."""
        if found := _PREFIX.search(line):
            return f"Lets the query write {found[1]}: for the beginning of an address."
        read = tokens(line)
        began = self._open
        self._open += sum((token.text == "(") - (token.text == ")") for token in read if token.kind == "sign")
        if began and read and (read[0].kind == "sign" or self._open < began):
            return "Ends what a line above began." if {token.text for token in read} <= {")", "}"} else _ON
        while read and read[0].text in {"{", "}", "(", ")"}:
            read.pop(0)
        while read and read[-1].text == "{":
            read.pop()
        if not read:
            return line.strip().lstrip("# ") if line.lstrip().startswith("#") else ""
        return self._said(read[0].keyword, read) or _ON

    def _said(self, first: str, read: list[Token]) -> str:
        match first:
            case "SELECT":
                return self._shows(read)
            case "VALUES":
                return self._values(read)
            case "OPTIONAL":
                return self._with("Where it is known:", read)
            case "FILTER":
                without = any(token.keyword == "NOT" for token in read[:3])
                return self._with(
                    "Leaves out where:" if without else "Keeps only rows for which this holds", read, FILTER
                )
            case "BIND":
                name = _last_variable(read)
                return f"Works out {self._meaning(name)}." if name else "Works out a value."
            case "ORDER":
                return f"Sorts by {', '.join(self._orders(read))}."
            case "GROUP":
                return f"Makes one row for each {', '.join(f'?{name}' for name in _variables(read))}."
            case _ if first in _BEGINNINGS:
                return self._with(_BEGINNINGS[first], read)
            case _:
                return self._facts(read)

    def _with(self, beginning: str, read: list[Token], what: str = "") -> str:
        """A beginning and, where facts in braces follow on the line, those."""
        opening = next((place for place, token in enumerate(read) if token.text == "{"), None)
        inside = [] if opening is None else [token for token in read[opening + 1 :] if token.text not in "{}"]
        if opening is None and what != FILTER:
            inside = read[1:]
        facts = self._facts(inside)
        if facts:
            return f"{beginning.rstrip('.')} {facts}"
        return beginning if beginning.endswith((".", ":")) else f"{beginning}."

    def _shows(self, read: list[Token]) -> str:
        once = ", each row once" if any(token.keyword == "DISTINCT" for token in read[:2]) else ""
        self._selects += 1
        names = _projected(read)
        if self._selects > 1:
            return f"Finds first {', '.join(f'?{name}' for name in names) or 'all that there is'}{once}."
        named = [self._meaning(name) for name in names]
        return f"Shows {'; '.join(named)}{once}." if named else f"Shows all that is found{once}."

    def _values(self, read: list[Token]) -> str:
        name = next(iter(_variables(read)), "")
        if parameter := self._asked.get(name):
            left = " Left out here." if any(token.keyword == "UNDEF" for token in read) else " Here an example stands."
            return f"The value that you choose for ?{name}: {parameter.help or parameter.kind}.{left}"
        return f"?{name} is one of these." if name else "One of these."

    def _orders(self, read: list[Token]) -> Iterator[str]:
        down = False
        for token in read[2:]:
            if token.keyword in {"ASC", "DESC"}:
                down = token.keyword == "DESC"
            elif token.kind == "variable":
                yield token.text + (" from the end" if down else "")
                down = False

    def _facts(self, read: list[Token]) -> str:
        """Facts of the form subject, property, value; a line that begins with a property goes on about the same."""
        parts = [part for part in _split(read) if part and part[0].keyword not in _NO_FACTS]
        words = "; ".join(each for each in map(self._fact, parts) if each)
        return f"{words}." if words else ""

    def _fact(self, part: list[Token]) -> str:
        about = ""
        if part[0].kind in {"variable", "iri"} and len(part) > 2:
            about, part = self._name(part[0]) + " ", part[1:]
        if part[0].text == "a":
            kinds = [self._name(token) for token in part[1:] if token.kind in {"name", "iri", "variable"}]
            return f"{about}is a {' or a '.join(kinds)}"
        steps = [
            token for token in part if token.kind in {"name", "iri"} or token.text in {"a", "/", "^", "|", *_STEPS}
        ]
        value = self._name(part[-1]) if part[-1].kind in {"variable", "string", "number", "iri", "name"} else ""
        if part[-1].kind in {"name", "iri"} and len(steps) > 1 and steps[-1] is part[-1]:
            steps = steps[:-1]
        path = self._path(steps)
        return f"{about}{path} {value}" if path and value else ""

    def _path(self, steps: list[Token]) -> str:
        words = ""
        for token in steps:
            match token.text:
                case "/":
                    words += ", then "
                case "^":
                    words += "the other way round: "
                case "|":
                    words += " or "
                case sign if sign in _STEPS:
                    words += _STEPS[sign]
                case "a":
                    words += "kind"
                case _:
                    words += self._name(token)
        return words

    def _name(self, token: Token) -> str:
        if token.kind == "variable":
            return token.text
        if token.kind == "name":
            prefix, _, local = token.text.partition(":")
            iri = self._bases.get(prefix, "") + local
            return self._label(iri) if prefix in self._bases else token.text
        return self._label(token.text[1:-1]) if token.kind == "iri" else token.text

    def _meaning(self, name: str) -> str:
        meaning = self._question.columns.get(name)
        return f"?{name} ({meaning})" if meaning else f"?{name}"


def _variables(read: list[Token]) -> list[str]:
    return [token.text[1:] for token in read if token.kind == "variable"]


def _projected(read: list[Token]) -> list[str]:
    """The variables that a SELECT shows: plain ones, and those behind AS."""
    names, depth = [], 0
    for before, token in pairwise([read[0], *read]):
        depth += (token.text == "(") - (token.text == ")")
        if token.text == "{" or token.keyword == "WHERE":
            break
        if token.kind == "variable" and (depth == 0 or before.keyword == "AS"):
            names.append(token.text[1:])
    return names


def _last_variable(read: list[Token]) -> str:
    for before, token in pairwise(read):
        if before.keyword == "AS" and token.kind == "variable":
            return token.text[1:]
    return ""


def _split(read: list[Token]) -> Iterator[list[Token]]:
    """What stands between full stops and semicolons."""
    part: list[Token] = []
    for token in read:
        if token.kind == "sign" and token.text in {".", ";"}:
            yield part
            part = []
        elif token.text not in {"{", "}"}:
            part.append(token)
    yield part
