"""Where a thing's page is on this site, from its IRI; and which IRIs an address may mean.

IRIs never change and never name this site; addresses are this site's own. The two meet here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from taxonomy.namespaces import BASE, CONCEPT, EXAMPLE, GRAPH, GSS, ID, SCHEME, SV

# Kinds with a list of their own; every other kind has its pages below /things/.
NOUNS: Final[Mapping[str, str]] = {
    "service": "services",
    "organisation": "organisations",
    "agreement": "agreements",
    "source": "sources",
}
_ONTOLOGY: Final = SV.rstrip("#")
_PAGES: Final[Mapping[str, str]] = {
    GSS: "/areas/",
    CONCEPT: "/taxonomy/",
    SCHEME: "/taxonomy/",
    GRAPH: "/graphs/",
    SV: "/ontology/terms/",
    _ONTOLOGY + "/": "/ontology/",
}
_MOST: Final = 20_000  # addresses that are kept: a page asks for the same ones again and again
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(/[A-Za-z0-9][A-Za-z0-9_-]*)*\Z")
_WEB = re.compile(r"https?://[^\s<>\"'\\]+\Z", re.IGNORECASE)


def is_slug(text: str) -> bool:
    """Whether a path could name something here; anything else is not looked up at all.

    >>> is_slug("isva-avon-and-somerset"), is_slug("x> ?p ?o } #")
    (True, False)
    """
    return len(text) <= 200 and _SLUG.match(text) is not None


@lru_cache(_MOST)
def page_of(iri: str) -> str | None:
    """The path of the page about an IRI, or None where this site has none.

    >>> page_of("https://w3id.org/svssv/id/service/lighthouse-avon-and-somerset")
    '/services/lighthouse-avon-and-somerset'
    >>> page_of("https://w3id.org/svssv/id/agreement/isva-avon-and-somerset/part/2")
    '/agreements/isva-avon-and-somerset#part-2'
    >>> page_of("http://statistics.data.gov.uk/id/statistical-geography/E23000036")
    '/areas/E23000036'
    >>> page_of("https://w3id.org/svssv/concept/service-type/isva")
    '/taxonomy/service-type/isva'
    >>> page_of("https://w3id.org/svssv/ontology#Service")
    '/ontology/terms/Service'
    >>> page_of("javascript:alert(1)") is None
    True
    """
    if iri == _ONTOLOGY:
        return "/ontology"
    for base, prefix in _PAGES.items():
        rest = iri.removeprefix(base)
        if rest != iri:
            return prefix + quote(rest) if is_slug(rest) else None
    for base in (ID, EXAMPLE + "id/"):
        rest = iri.removeprefix(base)
        if rest != iri and is_slug(rest) and "/" in rest:
            kind, slug, *below = rest.split("/")
            if kind == "area":
                return f"/areas/{quote(slug)}"
            page = f"/{NOUNS[kind]}/{slug}" if kind in NOUNS else f"/things/{kind}/{slug}"
            return page + (f"#{'-'.join(below)}" if below else "")
    return None


def link_of(iri: str) -> str | None:
    """What a link to an IRI may lead to: our page, the web, or nothing. No other scheme is ever a link.

    >>> link_of("https://www.gov.uk/"), link_of("data:text/html,x")
    ('https://www.gov.uk/', None)
    """
    if page := page_of(iri):
        return page
    if iri.startswith((BASE, EXAMPLE)):
        return None  # a name of ours without a page; following it would lead nowhere
    return iri if _WEB.match(iri) else None


def anchor_of(iri: str) -> str:
    """The fragment that marks a part of a thing on the page of the whole.

    >>> anchor_of("https://w3id.org/svssv/id/service/x/route/1")
    'route-1'
    >>> anchor_of("https://w3id.org/svssv/id/service/x")
    ''
    """
    page = page_of(iri) or ""
    return page.partition("#")[2]
