"""What lies in what, as the knowledge folders have it: areas in wider areas, and concepts below broader ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Final

import pyoxigraph

from taxonomy import assets
from taxonomy.namespaces import SKOS, SV
from taxonomy.values import Iri

WITHIN: Final = Iri(SV + "within")
BROADER: Final = Iri(SKOS + "broader")
_FILES: Final = {WITHIN: "areas/*.ttl", BROADER: "vocabularies/*.ttl"}


def around(thing: Iri, path: Iri = WITHIN) -> frozenset[Iri]:
    """A thing with all that it lies in, by one of the two properties; an unknown thing lies in nothing.

    >>> isva = Iri("https://w3id.org/svssv/concept/service-type/childrens-isva")
    >>> sorted(kind.slug for kind in around(isva, BROADER))
    ['advocacy', 'childrens-advocacy', 'childrens-isva', 'isva']
    """
    found, waiting = {thing}, [thing]
    while waiting:
        new = _stated(path).get(waiting.pop(), frozenset()) - found
        found |= new
        waiting += new
    return frozenset(found)


@cache
def _stated(path: Iri) -> Mapping[Iri, frozenset[Iri]]:
    stated: defaultdict[Iri, set[Iri]] = defaultdict(set)
    for file in assets.files("data", _FILES[path]):
        for quad in pyoxigraph.parse(path=file, format=pyoxigraph.RdfFormat.TURTLE):
            if quad.predicate.value == path and isinstance(quad.subject, pyoxigraph.NamedNode):
                stated[Iri(quad.subject.value)].add(Iri(quad.object.value))
    return {thing: frozenset(wider) for thing, wider in stated.items()}
