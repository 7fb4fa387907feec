"""One address, many forms: a page for a person; a table or RDF, each in several syntaxes, for a program.

The form is chosen by a suffix on the address (``/services.csv``), else by the Accept header, else it is the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from flask import Response, make_response, render_template, request

from taxonomy.questions.results import Answer
from taxonomy.site import reading, things
from taxonomy.store.manifests import PRACTICE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_ENVIRON: Final = "svssv.form"


@dataclass(frozen=True, slots=True)
class Form:
    """One of the forms that data comes in."""

    suffix: str
    media_type: str
    name: str  # as a download link says it


CSV = Form("csv", "text/csv", "CSV")
TSV = Form("tsv", "text/tab-separated-values", "TSV")
XLSX = Form("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel")
JSON = Form("json", "application/json", "JSON")
XML = Form("xml", "application/sparql-results+xml", "XML")
TURTLE = Form("ttl", "text/turtle", "Turtle")
JSONLD = Form("jsonld", "application/ld+json", "JSON-LD")
RDFXML = Form("rdf", "application/rdf+xml", "RDF/XML")
NTRIPLES = Form("nt", "application/n-triples", "N-Triples")
GRAPHS: Final = (TURTLE, JSONLD, RDFXML, NTRIPLES)
FORMS: Final[Mapping[str, Form]] = {form.suffix: form for form in (CSV, XLSX, JSON, TSV, XML, *GRAPHS)}
TABLES: Final = (CSV, TSV, JSON, XML, XLSX)
LINKED: Final = (CSV, XLSX, JSON, *GRAPHS)  # what the pages of lists and things offer
WRITERS: Final[Mapping[Form, Callable[[Answer], str | bytes]]] = {
    CSV: Answer.to_csv,
    TSV: Answer.to_tsv,
    XLSX: Answer.to_xlsx,
    JSON: Answer.to_json,
    XML: Answer.to_xml,
}
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml", "text/*"})
_WHOLE: Final = ("/assets/", "/.well-known/", "/sparql", "/openapi.json")  # addresses whose dots are their own


class Suffixes:
    """WSGI middleware that takes a form's suffix off the path, so that a view has one address whatever its form."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        path = environ.get("PATH_INFO", "")
        stem, dot, suffix = path.rpartition(".")
        if dot and suffix in FORMS and not stem.endswith("/") and not path.startswith(_WHOLE):
            environ["PATH_INFO"], environ[_ENVIRON] = stem, suffix
        return self._app(environ, start_response)


def wanted(offered: Iterable[Form] = tuple(FORMS.values())) -> Form | None:
    """The form that this request asks for; None is the page."""
    if suffix := request.environ.get(_ENVIRON):
        return FORMS[suffix]
    types = {form.media_type: form for form in offered}
    best = request.accept_mimetypes.best_match(["text/html", *types], default="text/html")
    return types.get(best)


def named() -> Form | None:
    """The form that a suffix of the address names."""
    return FORMS.get(request.environ.get(_ENVIRON, ""))


def insist(form: Form) -> None:
    """Answer this request in one form, whatever it accepts."""
    request.environ[_ENVIRON] = form.suffix


def prefers_page() -> bool:
    """Whether the caller is better served by a page than by JSON: a browser, which names HTML in its Accept header.

    ``*/*`` alone is what programs send. Who names a form of data, by a suffix or by ``format``, wants no page either.
    """
    if request.environ.get(_ENVIRON):
        return False
    if asked := request.args.get("format"):
        return asked == "html"
    html = [quality for named, quality in request.accept_mimetypes if named.lower() in _PAGES]
    return bool(html) and max(html) > 0 and max(html) >= request.accept_mimetypes["application/json"]


def respond(
    template: str,
    answer: Answer,
    context: Callable[[], Mapping[str, Any]] = dict,
    *,
    name: str,
    about: Iterable[str] | None = None,
    graph: Callable[[Form], str] | None = None,
    tag: str = "",
) -> Response:
    """A page over an answer, or the answer itself in the form asked for.

    ``context`` is called only for the page. ``about`` are the things whose description is the answer as RDF; by
    default, every thing in its first column. ``graph`` writes that RDF otherwise. ``name`` is the name of the file when
    it is saved. ``tag`` is as for ``data``.
    """
    form = wanted()
    if form is None:
        response = make_response(render_template(template, answer=answer, **context()))
        response.headers["Link"] = ", ".join(_alternates())
        return response
    if form in GRAPHS:
        if graph:
            return data(graph(form), form, name, tag=tag)
        first = answer.columns[0]
        named = about or (str(row[first]) for row in answer if row.is_iri(first))
        return data(things.describe(reading.pages(), named, form.media_type), form, name, tag=tag)
    return data(WRITERS[form](answer), form, name, tag=tag)


def _alternates() -> Iterable[str]:
    """The same address in every other form, as Link headers say it."""
    asked = quote(request.query_string.decode("ascii", "ignore"), safe="%=&+/:,.~!*-_")
    for form in FORMS.values():
        address = f"{quote(request.path)}.{form.suffix}{'?' if asked else ''}{asked}"
        yield f'<{address}>; rel="alternate"; type="{form.media_type}"'


def data(body: str | bytes, form: Form, name: str, *, tag: str = "") -> Response:
    """Data with its type, a name to save it under, and an ETag of release and type.

    ``tag`` names what is in it, where that may change while the same release is in service.
    """
    practice = reading.release().practice
    if practice and form in (TURTLE, NTRIPLES):
        body = f"# {PRACTICE}\n{body!s}"  # tables carry the same notice in a column of their own
    response = make_response(body)
    text = "; charset=utf-8" if form is not XLSX else ""
    response.headers["Content-Type"] = form.media_type + text
    kept_as = f"{'practice-' if practice else ''}{name}.{form.suffix}"
    response.headers["Content-Disposition"] = f'inline; filename="{kept_as}"'
    response.headers["Cache-Control"] = "no-cache"
    if tag or reading.release().hash:
        response.set_etag(f"{tag or f'{reading.release().name}-{reading.release().hash[:16]}'}-{form.suffix}")
        response.make_conditional(request)
    return response
