"""The questions: one ``.rq`` file for each, with a header in ``#+`` comments that says what it answers.

A question is named by its file's stem, which is unique over the folders. A file that breaks the form is refused with
its name and its fault, so that a curator knows what to mend.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, cast, get_args

import yaml

from taxonomy import assets
from taxonomy.errors import CurationError, NotFoundError

Kind = Literal["area", "iri", "thing", "concept", "integer", "decimal", "date", "boolean", "text", "choice"]

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's, where it is, is ten times as fast
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_FORM: Final = re.compile(r"^\s*(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE | re.MULTILINE)
_HEADER_KEYS: Final = {"summary", "answers", "tags", "params", "columns", "audience", "note"}
_PARAM_KEYS: Final = {"type", "example", "help", "many", "choices"}
_TAKEN: Final = {
    "release",
    "sort",
    "page",
    "format",
    "question",
    "query",
}  # what the address of an answer says beside its values


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One value that a question takes; its place in the query is ``start`` to ``end``, inside the braces of VALUES."""

    name: str
    kind: Kind
    help: str
    example: tuple[str, ...]  # as a person would type it; empty where the parameter may be left out
    optional: bool
    many: bool
    choices: tuple[str, ...]
    start: int
    end: int

    @property
    def required(self) -> bool:
        """Whether the question cannot be asked without it."""
        return not self.optional


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as its file states it; ``text`` runs as it stands, with the example's values."""

    name: str
    summary: str
    text: str
    note: str = ""  # what a reader should know before relying on the answer
    answers: tuple[str, ...] = ()  # competency questions, CQ-nn
    tags: tuple[str, ...] = ()
    params: tuple[Parameter, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    audience: Literal["public", "page"] = "public"
    path: Path | None = None

    @property
    def body(self) -> str:
        """The text without its header."""
        lines = self.text.splitlines(keepends=True)
        return "".join(line for line in lines if not line.startswith("#+")).strip("\n") + "\n"


class Catalogue(Mapping[str, Question]):
    """Questions by name; iterating gives the public ones, in the order of their names.

    >>> catalogue = load()
    >>> "services-in-area" in catalogue
    True
    >>> catalogue["services-in-area"].params[0].kind
    'area'
    """

    def __init__(self, questions: Sequence[Question]) -> None:
        self._all: dict[str, Question] = {}
        for question in sorted(questions, key=lambda each: each.name):
            if other := self._all.get(question.name):
                raise CurationError(question.path or question.name, f"the name is already taken by {other.path}")
            self._all[question.name] = question

    def __getitem__(self, name: str) -> Question:
        """The question of that name, whoever it is for.

        Raises:
            NotFoundError: there is none; names the nearest.
        """
        try:
            return self._all[name]
        except KeyError:
            near = difflib.get_close_matches(name, list(self), n=3)
            raise NotFoundError("question", name, near=near) from None

    def __contains__(self, name: object) -> bool:
        return name in self._all

    def __iter__(self) -> Iterator[str]:
        return (name for name, question in self._all.items() if question.audience == "public")

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def everything(self) -> tuple[Question, ...]:
        """Every question, those that only pages ask included."""
        return tuple(self._all.values())


@cache
def load(folder: Path | None = None) -> Catalogue:
    """Every question below a folder (the knowledge folder ``queries`` when none is named), except ``quality/``.

    Raises:
        CurationError: a file breaks the form; names the file and the fault.
    """
    top = folder or assets.folder("queries")
    paths = [path for path in sorted(top.rglob("*.rq")) if "quality" not in path.relative_to(top).parts]
    return Catalogue([read(path) for path in paths])


def read(path: Path) -> Question:
    """One question file.

    Raises:
        CurationError: it cannot be read or breaks the form; names the file and the fault.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CurationError(path, f"cannot be read: {error}") from error
    if not _NAME.fullmatch(path.stem):
        raise CurationError(path, "a question's file name is lower-case words joined by hyphens")
    return parse(path.stem, text, path)


def parse(name: str, text: str, path: Path | None = None) -> Question:
    r"""The question in a text with a header.

    >>> parse("things", "#+ summary: All things\n#+ columns: {s: a thing}\nSELECT ?s {} ORDER BY ?s").summary
    'All things'

    Raises:
        CurationError: the header is missing or wrong, or a parameter has no VALUES line of its own.
    """
    where = path or Path(name)
    header = header_of(text, where)
    if unknown := sorted(set(header) - _HEADER_KEYS):
        raise CurationError(
            where, f"the header has an unknown key {unknown[0]!r}; known: {', '.join(sorted(_HEADER_KEYS))}"
        )
    summary = header.get("summary")
    if not isinstance(summary, str) or not summary.strip():
        raise CurationError(where, "the header has no summary")
    audience = header.get("audience", "public")
    if audience not in {"public", "page"}:
        raise CurationError(where, f"audience is {audience!r}; it is public or page")
    form = _FORM.search(text)
    if not form:
        raise CurationError(where, "there is no SELECT, ASK, CONSTRUCT or DESCRIBE in it")
    columns = _mapping(header, "columns", where)
    if form[1].upper() == "SELECT":
        if not columns:
            raise CurationError(where, "the header does not say what the columns are")
        if audience == "public" and not re.search(r"\bORDER\s+BY\b", text[form.end() :], re.IGNORECASE):
            raise CurationError(where, "a list needs an ORDER BY, so that it reads the same each time")
    return Question(
        name=name,
        summary=summary.strip(),
        text=text,
        note=str(header.get("note", "")).strip(),
        answers=_strings(header, "answers", where),
        tags=_strings(header, "tags", where),
        params=tuple(_parameter(key, given, text, where) for key, given in _mapping(header, "params", where).items()),
        columns={str(key): str(value) for key, value in columns.items()},
        audience=audience,
        path=path,
    )


def has_header(text: str) -> bool:
    """Whether a query text says what it answers.

    >>> has_header("SELECT * {}")
    False
    """
    return text.lstrip("\ufeff \t\r\n").startswith("#+")


def header_of(text: str, where: Path) -> dict[str, Any]:
    """What the header of a question's file says, by key.

    Raises:
        CurationError: there is none, or it is not YAML.
    """
    lines = []
    for line in text.splitlines():
        if not line.startswith("#+"):
            break
        lines.append(line[2:].removeprefix(" "))
    if not lines:
        raise CurationError(where, "there is no header: a question starts with '#+ summary: …'")
    try:
        header = yaml.load("\n".join(lines), _LOADER)  # noqa: S506  it is a safe one
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" at line {mark.line + 1}" if mark else ""
        raise CurationError(
            where, f"the header is not YAML{place}: {getattr(error, 'problem', '') or error}"
        ) from error
    if not isinstance(header, dict):
        raise CurationError(where, "the header is not a list of keys and values")
    return header


def _mapping(header: Mapping[str, Any], key: str, where: Path) -> dict[str, Any]:
    value = header.get(key) or {}
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):  # YAML reads "on" as true
        raise CurationError(where, f"{key} is not a list of names with a meaning each")
    return value


def _strings(header: Mapping[str, Any], key: str, where: Path) -> tuple[str, ...]:
    value = header.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise CurationError(where, f"{key} is not a list of words in brackets")
    return tuple(value)


def _parameter(name: str, given: object, text: str, where: Path) -> Parameter:
    if not isinstance(given, dict):
        raise CurationError(where, f"parameter {name} has no type")
    if name in _TAKEN:
        raise CurationError(where, f"parameter {name} has a name that addresses use for something else")
    if unknown := sorted(set(given) - _PARAM_KEYS):
        raise CurationError(where, f"parameter {name} has an unknown key {unknown[0]!r}")
    kind = given.get("type")
    if kind not in get_args(Kind):
        raise CurationError(
            where, f"parameter {name} has the unknown type {kind!r}; known: {', '.join(get_args(Kind))}"
        )
    lines = list(re.finditer(rf"^[ \t]*VALUES \?{re.escape(name)} \{{ (.*) \}}[ \t]*$", text, re.MULTILINE))
    if len(lines) != 1:
        found = "no line" if not lines else f"{len(lines)} lines"
        raise CurationError(where, f"parameter {name} has {found} 'VALUES ?{name} {{ … }}'; it needs exactly one")
    optional = lines[0][1].strip() == "UNDEF"
    examples = given.get("example")
    if examples is None and not optional:
        raise CurationError(where, f"parameter {name} has no example")
    many = given.get("many", False)
    choices = given.get("choices") or []
    if not isinstance(many, bool) or not isinstance(choices, list) or (kind == "choice") != bool(choices):
        raise CurationError(
            where, f"parameter {name}: many is true or false, and a choice (only) has a list of choices"
        )
    listed = examples if isinstance(examples, list) else [] if examples is None else [examples]
    return Parameter(
        name=name,
        kind=cast("Kind", kind),
        help=str(given.get("help", "")),
        example=tuple(str(example) for example in listed),
        optional=optional,
        many=many,
        choices=tuple(str(choice) for choice in choices),
        start=lines[0].start(1),
        end=lines[0].end(1),
    )
