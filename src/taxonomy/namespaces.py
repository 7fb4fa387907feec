"""The project's IRIs: prefixes, and the few shapes of address that code has to know.

IRIs are fixed; only the site's public address is a setting. The list of kinds and graphs is in ``docs/data-model.md``.
"""

from __future__ import annotations

from typing import Final

BASE: Final = "https://w3id.org/svssv/"
SV: Final = BASE + "ontology#"
SVSH: Final = BASE + "shapes#"
CONCEPT: Final = BASE + "concept/"
SCHEME: Final = BASE + "scheme/"
ID: Final = BASE + "id/"
GRAPH: Final = BASE + "graph/"
GSS: Final = "http://statistics.data.gov.uk/id/statistical-geography/"
EXAMPLE: Final = "https://example.org/"

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
DCTERMS: Final = "http://purl.org/dc/terms/"
SH: Final = "http://www.w3.org/ns/shacl#"
PROV: Final = "http://www.w3.org/ns/prov#"
ORG: Final = "http://www.w3.org/ns/org#"

PREFIXES: Final[dict[str, str]] = {
    "sv": SV,
    "svsh": SVSH,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dcterms": DCTERMS,
    "sh": SH,
    "prov": PROV,
    "org": ORG,
    "area": GSS,
}


def shorten(iri: str) -> str:
    """The IRI with its prefix, for people; unchanged where no prefix fits.

    >>> shorten("https://w3id.org/svssv/ontology#Service")
    'sv:Service'
    >>> shorten("https://example.org/service/1")
    'https://example.org/service/1'
    """
    for prefix, base in PREFIXES.items():
        local = iri.removeprefix(base)
        if local != iri and local and "/" not in local and "#" not in local:
            return f"{prefix}:{local}"
    return iri


def graph(*parts: str) -> str:
    """The IRI of a named graph.

    >>> graph("record", "made-up-centre")
    'https://w3id.org/svssv/graph/record/made-up-centre'
    """
    return GRAPH + "/".join(parts)
