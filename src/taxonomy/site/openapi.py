"""The description of this site for programs, as OpenAPI 3.1.

The app says which addresses there are and which methods they take, the catalogue which questions there are and what
each needs, and ``negotiation`` which forms data come in. ``web/openapi.yaml`` says the rest, in a person's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any, Final

import yaml
from werkzeug.routing import Map

from taxonomy import assets
from taxonomy.errors import CurationError
from taxonomy.questions.catalogue import Catalogue, Parameter
from taxonomy.site import filters, negotiation
from taxonomy.site.negotiation import Form

Described = dict[str, Any]  # an object of the document

_FILE: Final = "openapi.yaml"
_UNSAID: Final = frozenset({"HEAD", "OPTIONS"})  # methods that go without saying
_PART: Final = re.compile(r"<(?:(?P<converter>\w+)(?:\((?P<choices>[^)]*)\))?:)?(?P<name>\w+)>")
_FORM: Final = "application/x-www-form-urlencoded"
_EVERYWHERE: Final = frozenset({503})  # what any address may answer instead
_ALL: Final = "all"  # of the forms
_SHARED: Final = "answer"  # what an address with all forms answers
_QUESTIONS: Final = "/questions/<name>"


def document(rules: Map, catalogue: Catalogue, address: str) -> Described:
    """The whole document; ``address`` is where the site is served.

    Raises:
        CurationError: the file has no entry for a rule or a method, or an entry for none.
    """
    told = _told()
    methods = _methods(rules)
    for rule in sorted(methods.keys() | told["rules"].keys()):
        said, answered = told["rules"].get(rule, {}).keys(), methods.get(rule, set())
        if said != answered:
            raise CurationError(_FILE, f"it says {_listed(said)} of {rule}, and the site answers {_listed(answered)}")
    operations = _Operations(told, catalogue)
    return {
        "openapi": "3.1.1",
        "info": {**told["info"], "version": version("svssv")},
        "servers": [{"url": address}],
        "tags": [{"name": name, "description": about} for name, about in told["tags"].items()],
        "paths": dict(sorted(operations.by_path().items())),
        "components": {
            "schemas": told["schemas"],
            "parameters": {key: operations.parameter({"name": key, **said}) for key, said in told["fields"].items()},
            "responses": {
                **{code: _refusal(code, about) for code, about in told["refusals"].items()},
                **{name: operations.shared(name) for name in told["shared"]},
            },
        },
    }


@cache
def _told() -> Described:
    """What the file says; not to be changed."""
    path = assets.folder("web") / _FILE
    try:
        told: Described = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise CurationError(path, f"cannot be read: {error}") from error
    return told


def _methods(rules: Map) -> dict[str, set[str]]:
    """The methods of each rule, in small letters."""
    found: dict[str, set[str]] = {}
    for rule in rules.iter_rules():
        found.setdefault(str(rule), set()).update(each.lower() for each in (rule.methods or set()) - _UNSAID)
    return found


@dataclass(frozen=True, slots=True)
class _Operations:
    """What can be asked, by what the file and the catalogue say."""

    told: Described
    catalogue: Catalogue

    def by_path(self) -> Described:
        """The operations of every address; each question that anybody may ask has one of its own."""
        paths: Described = {}
        for rule, entry in self.told["rules"].items():
            for method, said in entry.items():
                for path, operation in self._of_rule(rule, method, said):
                    paths.setdefault(path, {})[method] = operation
        return paths | {_QUESTIONS.replace("<name>", name): {"get": self._question(name)} for name in self.catalogue}

    def _of_rule(self, rule: str, method: str, said: Described) -> Iterator[tuple[str, Described]]:
        """The operation at a rule's own address, and the one at the address with the suffix of a form."""
        path, forms = _PART.sub(r"{\g<name>}", rule), _forms(said)
        media, own = self._media(said), [form.media_type for form in forms]
        if "only" in said:
            path = f"{path}.{said['only']}"
        is_shared = said.get("forms") == _ALL
        yield path, self._operation(rule, method, said, _SHARED if is_shared else dict.fromkeys([*media, *own]))
        if forms:
            operation = self._operation(rule, method, said, f"{_SHARED}-form" if is_shared else own)
            suffix = {"type": "string", "enum": [form.suffix for form in forms]}
            operation["parameters"].append(self._part("form", suffix, forms[0].suffix))
            operation["operationId"] += "-form"
            operation["responses"]["404"] = {"$ref": "#/components/responses/404"}
            yield f"{path}.{{form}}", operation

    def shared(self, name: str) -> Described:
        """An answer of many addresses: a table, and its things as RDF; beside the page, or alone."""
        media = [*(self._media({}) if name == _SHARED else ()), *(form.media_type for form in _forms({"forms": _ALL}))]
        return {"description": self.told["shared"][name], "content": {each: _content(each, "Table") for each in media}}

    def _media(self, said: Described) -> list[str]:
        """The media types of an answer, beside the forms that data come in."""
        kind = said.get("answers", "page")
        media: list[str] = self.told["answers"][kind]
        return media

    def _question(self, name: str) -> Described:
        question = self.catalogue[name]
        said = {**self.told["rules"][_QUESTIONS]["get"], "summary": _sentence(question.summary)}
        operation = next(self._of_rule(_QUESTIONS.replace("<name>", name), "get", said))[1]
        own = (self.parameter(_of_parameter(each)) for each in question.params)
        operation["parameters"] = [*own, *operation["parameters"]]
        return operation | ({"description": question.note} if question.note else {})

    def _operation(self, rule: str, method: str, said: Described, media: Iterable[str] | str) -> Described:
        parameters = [*self._parts(rule, said.get("at", {}))]
        narrowing = filters.narrowing(self.catalogue[said["list"]]) if "list" in said else ()
        own, keys = [_of_parameter(each) for each in narrowing], said.get("fields", ())
        found: Described = {
            "operationId": f"{method}{re.sub('[^a-z0-9]+', '-', rule.lower()).rstrip('-')}",
            "summary": said["summary"],
            "tags": [said["tag"]],
        }
        if "body" in said:
            content = {kind: self._body(body) for kind, body in self.told["bodies"][said["body"]].items()}
            found["requestBody"] = {"required": True, "content": content}
        elif method == "post":  # the fields of an address, for when they are too long for one
            found["requestBody"] = {"content": {_FORM: self._form([*own, *map(self._field, keys)])}}
            own, keys = [], ()
        parameters += [*map(self.parameter, own), *({"$ref": f"#/components/parameters/{key}"} for key in keys)]
        return found | {"parameters": parameters, "responses": _responses(rule, said, media)}

    def _parts(self, rule: str, examples: Mapping[str, Any]) -> Iterator[Described]:
        """What a rule has in angle brackets."""
        for part in _PART.finditer(rule):
            schema: Described = {"type": "string", "minLength": 1}
            if part["converter"] == "int":
                schema = {"type": "integer", "minimum": 0}
            elif part["choices"]:
                schema = {"type": "string", "enum": part["choices"].split(", ")}
            yield self._part(part["name"], schema, examples.get(part["name"]))

    def _part(self, name: str, schema: Described, example: object) -> Described:
        said = self.told["names"][name]
        found = {"name": name, "in": "path", "required": True, "description": said["help"], "schema": schema}
        return found | {"example": said.get("example") if example is None else example}

    def _field(self, key: str) -> Described:
        return {"name": key, **self.told["fields"][key]}

    def parameter(self, field: Described) -> Described:
        """A field as a parameter of an address."""
        return {
            "name": field["name"],
            "in": "query",
            "description": _sentence(field["help"]),
            "required": field.get("required", False),
            "schema": self._schema(field),
            **({"example": field["example"]} if "example" in field else {}),
        }

    def _schema(self, field: Described) -> Described:
        one: Described = deepcopy(self.told["kinds"][field["type"]])
        if "choices" in field:
            one["enum"] = field["choices"]
        return {"type": "array", "items": one} if field.get("many") else one

    def _body(self, said: Described) -> Described:
        return self._form(map(self._field, said["fields"])) if "fields" in said else said

    def _form(self, fields: Iterable[Described]) -> Described:
        """Fields as the body of a form."""
        known = {field["name"]: field for field in fields}
        schema: Described = {
            "type": "object",
            "properties": {
                name: self._schema(field) | {"description": _sentence(field["help"])} for name, field in known.items()
            },
            "required": [name for name, field in known.items() if field.get("required")],
        }
        return {"schema": schema, "example": {name: f["example"] for name, f in known.items() if "example" in f}}


def _forms(said: Described) -> list[Form]:
    """The forms that an address with a suffix gives."""
    wanted = said.get("forms", ())
    return [form for form in negotiation.FORMS.values() if wanted == _ALL or form.suffix in wanted]


def _of_parameter(parameter: Parameter) -> Described:
    """A parameter of a question as the file says a field."""
    given = [each for each in parameter.example if each != "UNDEF"]  # which stands for no value
    example: Any = given if parameter.many else next(iter(given), None)
    return {
        "name": parameter.name,
        "type": parameter.kind,
        "help": parameter.help,
        "many": parameter.many,
        "required": parameter.required,
        **({"choices": list(parameter.choices)} if parameter.choices else {}),
        **({"example": example} if example else {}),
    }


def _responses(rule: str, said: Described, media: Iterable[str] | str) -> Described:
    """What comes back; ``media`` are the media types of an answer, or the name of one that is shared."""
    codes = {*said.get("refuses", ()), *_EVERYWHERE}
    codes |= {304} if said.get("forms") else set()
    codes |= {308} if "<" in rule else set()
    found: Described = {str(code): {"$ref": f"#/components/responses/{code}"} for code in sorted(codes)}
    if isinstance(media, str):
        return {"200": {"$ref": f"#/components/responses/{media}"}} | found
    content = {each: _content(each, said.get("schema", "")) for each in media}
    return (
        {str(said.get("status", 200)): {"description": said["summary"], "content": content}} if content else {}
    ) | found


def _content(media_type: str, schema: str) -> Described:
    is_described = schema and media_type == negotiation.JSON.media_type
    return {"schema": {"$ref": f"#/components/schemas/{schema}"}} if is_described else {}


def _refusal(code: str, about: str) -> Described:
    """What may come instead of an answer; a status below 400 has nothing in it that a program reads."""
    if code == "304":
        return {"description": about}
    if code < "400":
        return {"description": about, "headers": {"Location": {"schema": {"type": "string"}}}}
    error = {"schema": {"$ref": "#/components/schemas/Error"}}
    return {"description": about, "content": {negotiation.JSON.media_type: error, "text/html": {}}}


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(names: Iterable[str]) -> str:
    return " and ".join(sorted(names)) or "nothing"
