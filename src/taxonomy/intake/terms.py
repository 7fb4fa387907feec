"""What the names in a JSON-LD file stand for: its contexts, read strictly, with ours put in where it names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from taxonomy.errors import InputError
from taxonomy.intake import contexts
from taxonomy.intake.lines import LONGEST_BEGIN, unreadable

UNKNOWN: Final = "urn:svssv:unknown-term:"  # begins the IRI of a name that no context knows
RELATIVE: Final = "https://relative.invalid/"  # begins the IRI of an address that is no whole one

CONTEXTS: Final = 20  # in a list
NAMES: Final = 1_000  # in all of them
_ALIASED: Final = frozenset({"@id", "@type", "@value", "@language", "@graph", "@set", "@included"})
_OF_NAMES: Final = frozenset({"@id", "@type", "@language", "@container", "@prefix", "@protected"})
_ONE_OF_OURS: Final = f"Use the context {contexts.RECORD}, or say in the file what each name stands for."


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """What one name stands for."""

    iri: str  # or a keyword; empty: the name is to be passed over
    type: str = ""  # of its values: "@id", "@vocab", or the IRI of a datatype


@dataclass(slots=True)
class Terms:
    """The names of one file, or of one part of a file that has contexts of its own."""

    line: int
    context: list[Any] = field(default_factory=lambda: [{"@vocab": UNKNOWN}])  # as the parser is to have it
    known: dict[str, Term] = field(default_factory=dict)
    vocabulary: str = UNKNOWN
    base: str = RELATIVE

    def add(self, context: object) -> None:
        """Take in a context, or a list of them; later ones win.

        Raises:
            InputError: it lies elsewhere, or does what a record does not need.
        """
        if len(self.context) > CONTEXTS or len(self.known) > NAMES:
            raise self._refusal(f"it has more than {CONTEXTS} contexts in a list, or {NAMES:,} names in them.")
        match context:
            case list():
                for each in context:
                    self.add(each)
            case str() if context in contexts.bundled():
                self._define(contexts.bundled()[context])
            case str():
                raise self._refusal(f"the context {context[:100]} lies elsewhere, and nothing is fetched.")
            case dict():
                self._define(context)
            case _:
                raise self._refusal("a context is neither an address nor an object.")

    def iri(self, text: str, *, word: bool = False) -> str:
        """The whole IRI of an address or, where it is a word of a vocabulary, of a name."""
        if word and text in self.known:
            return self.known[text].iri
        prefix, colon, rest = text.partition(":")
        if colon:
            begins = self.known.get(prefix)
            return begins.iri + rest if begins and begins.iri and not rest.startswith("//") else text
        return (self.vocabulary if word else self.base) + text

    def keyword(self, name: str) -> str:
        """The keyword that a name stands for; empty where it is none."""
        meant = self.known[name].iri if name in self.known else name
        return meant if meant.startswith("@") else ""

    def type(self, name: str) -> str:
        """The type that a context gives to the values of a name; empty where it gives none."""
        return self.known[name].type if name in self.known else ""

    def _define(self, context: Mapping[str, Any]) -> None:
        if len(context) > NAMES:
            raise self._refusal(f"a context has more than {NAMES:,} names.")
        self.context.append(context)
        whole = [name for name, meaning in context.items() if isinstance(meaning, str) and "://" in meaning]
        for name in (*whole, *(name for name in context if name not in whole)):  # prefixes come before what uses them
            meaning = context[name]
            if name == "@vocab" and isinstance(meaning, str) and ":" in meaning[:LONGEST_BEGIN]:
                self.vocabulary = self.iri(meaning, word=True)
            elif name.startswith("@") and name not in {"@version", "@protected", "@language"}:
                raise self._refusal(f"a context sets {name}.")
            elif not name.startswith("@"):
                self.known[name] = self._term(name, meaning)

    def _term(self, name: str, meaning: object) -> Term:
        said = meaning if isinstance(meaning, dict) else {"@id": meaning}
        if not _OF_NAMES.issuperset(said) or said.get("@container") not in (None, "@set", ["@set"]):
            raise self._refusal(f"a context says more of {name[:100]} than what it stands for and its type.")
        target, kind = said.get("@id", name), said.get("@type") or ""
        if target is None:
            return Term(iri="")
        if not isinstance(target, str) or not isinstance(kind, str):
            raise self._refusal(f"a context says of {name[:100]} what is no text.")
        if len(target) > LONGEST_BEGIN:
            raise self._refusal(f"a context gives a name more than {LONGEST_BEGIN} characters.")
        if target.startswith("@") and target not in _ALIASED:
            raise self._refusal(f"a context gives {target[:100]} another name.")
        iri = self.vocabulary + name if target == name and ":" not in name else self.iri(target, word=True)
        return Term(iri=target if target.startswith("@") else iri, type=kind if kind[:1] == "@" else self._type(kind))

    def _type(self, written: str) -> str:
        return self.iri(written, word=True) if written else ""

    def _refusal(self, detail: str) -> InputError:
        return unreadable(self.line, detail, _ONE_OF_OURS)
