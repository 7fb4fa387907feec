"""The catalogue of rules, read from the shapes: what each demands, why, how to mend, and with which examples."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import pyoxigraph

from taxonomy import assets
from taxonomy.fields import SHEETS
from taxonomy.namespaces import RDFS, SH, SVSH
from taxonomy.shapes import Shapes, shapes
from taxonomy.values import Iri

Level = Literal["must", "check", "could"]

LEVELS: Final[Mapping[Level, str]] = {"must": "must fix", "check": "check this", "could": "could add"}
_SEVERITIES: Final[Mapping[str, Level]] = {SH + "Violation": "must", SH + "Warning": "check", SH + "Info": "could"}
_PAIRED: Final = (SVSH + "alsoField", SH + "lessThan", SH + "lessThanOrEquals", SH + "equals", SH + "disjoint")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule, in the words of its shape."""

    iri: Iri
    title: str  # how it should be
    heading: str  # the column that it belongs to
    level: Level
    message: str  # what is wrong
    why: str
    how_to_fix: str
    good_example: str
    bad_example: str
    can_ignore_when: str = ""
    withholds_value: bool = False  # a safety rule: what broke it is never shown again
    stops_check: bool = False  # no cell is looked at before this is mended
    of_columns: bool = False  # about sheets and headings, and so told also where no cell is looked at
    field: Iri | None = None  # the property whose column is meant, where the shape's path is another
    yields_to: frozenset[Iri] = frozenset()  # not said again where one of these is broken by the same thing
    only_with: Iri | None = None  # holds only for things that this shape marks
    takes: tuple[Iri, ...] = ()  # the schemes and classes that a value may come from
    also: tuple[Iri, ...] = ()  # the other properties that it looks at, of the same thing or of one that it hangs from
    sheets: tuple[str, ...] = ()  # the sheets that its things are filled in on; none: it is about the whole file

    @property
    def of_one_thing(self) -> bool:
        """Whether it is about one thing and what is said of it, as shapes are; not about a file, or several things."""
        return "Shape-" in self.iri

    @property
    def name(self) -> str:
        """The rule's name without the namespace, such as ``ServiceShape-nameGiven``."""
        return self.iri.removeprefix(SVSH)


@cache
def rules() -> Mapping[Iri, Rule]:
    """Every rule, by its IRI, in the order of the files.

    >>> rules()[Iri(SVSH + "EligibilityShape-minimumAgeWhole")].message
    'The youngest age is not a whole number.'
    """
    known = shapes()
    found = [node for node in known.nodes() if known.one(node, SVSH + "howToFix")]
    return {rule.iri: rule for rule in (_rule(known, node) for node in found if isinstance(node, pyoxigraph.NamedNode))}


@cache
def rules_version() -> str:
    """A short mark of the rules in force: it changes when a rule does."""
    digest = hashlib.sha256()
    for path in assets.files("shapes", "record/*.ttl"):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def personal() -> re.Pattern[str]:
    """What is shown in no report, wherever it stands: the patterns of e-mail addresses and telephone numbers.

    >>> bool(personal().search("ask@made-up-centre.example")), bool(personal().search("228500.00"))
    (True, False)
    """
    known = shapes()
    marked = [node for node in known.nodes() if known.one(node, SVSH + "withheldAnywhere") == "true"]
    return re.compile("|".join(f"(?:{known.one(node, SH + 'pattern')})" for node in marked))


def _rule(known: Shapes, node: pyoxigraph.NamedNode) -> Rule:
    def text(iri: str) -> str:
        return known.one(node, iri) or ""

    field, mark, path = (
        known.one(node, SVSH + "field"),
        known.one(node, SVSH + "onlyWith"),
        known.all(node, SH + "path"),
    )
    return Rule(
        iri=Iri(node.value),
        title=text(RDFS + "label"),
        heading=text(SH + "name"),
        level=_SEVERITIES[text(SH + "severity")],
        message=text(SH + "message"),
        why=text(SVSH + "why"),
        how_to_fix=text(SVSH + "howToFix"),
        good_example=text(SVSH + "goodExample"),
        bad_example=text(SVSH + "badExample"),
        can_ignore_when=text(SVSH + "canIgnoreWhen"),
        withholds_value=text(SVSH + "withholdsValue") == "true",
        stops_check=text(SVSH + "stopsCheck") == "true",
        of_columns="true" in {text(SVSH + "stopsCheck"), text(SVSH + "ofColumns")},
        field=Iri(field) if field else None,
        only_with=Iri(mark) if mark else None,
        yields_to=frozenset(map(Iri, known.texts(node, SVSH + "yieldsTo"))),
        takes=tuple(
            Iri(each)
            for shape in known.nodes()
            if path and known.all(shape, SH + "path") == path and _stem(shape) == _stem(node)
            for each in known.texts(shape, SVSH + "takes")
        ),
        also=tuple(
            Iri(each)
            for word in _PAIRED
            for each in known.texts(node, word)
            if not each.startswith(SVSH) and each != field
        ),
        sheets=tuple(sheet for sheet in SHEETS if sheet in _sheets(known, node)),
    )


def _sheets(known: Shapes, node: pyoxigraph.NamedNode) -> set[str]:
    """The sheets of the classes that a rule is about, which it or the shape that it hangs from names."""
    shapes_of = [shape for shape in known.nodes() if shape == node or node in known.all(shape, SH + "property")]
    classes = {pyoxigraph.NamedNode(each) for shape in shapes_of for each in known.texts(shape, SH + "targetClass")}
    return {sheet for about in (*classes, node) for sheet in known.texts(about, SVSH + "sheet")}


def _stem(node: object) -> str:
    return node.value.partition("-")[0] if isinstance(node, pyoxigraph.NamedNode) else ""
