"""Whether a release is still what its manifest says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Triple

from taxonomy import namespaces as ns
from taxonomy.errors import StoreError
from taxonomy.store.embedded import Graphs, SealedStore, digests, fingerprint
from taxonomy.store.numbers import ReleaseNumber
from taxonomy.store.releases import Home, Manifest

_TYPE: Final = NamedNode(ns.RDF + "type")
_COUNTED: Final = {
    "organisations": "Organisation",
    "services": "Service",
    "agreements": "FundingAgreement",
    "routes": "ReferralLink",
    "areas": "Area",
    "contradictions": "Contradiction",
    "documents": "SourceDocument",
    "citations": "Citation",
}


@dataclass(frozen=True, slots=True)
class Verification:
    """What was read again, and what was found to differ."""

    number: ReleaseNumber
    graphs: int
    faults: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing differs."""
        return not self.faults


def verify(home: Home, number: ReleaseNumber) -> Verification:
    """Read a whole release again and compare it with its manifest.

    Raises:
        NotFoundError: there is no such release.
        StoreError: its manifest is damaged.
    """
    manifest = home.manifest(number)
    return Verification(number, len(manifest.graphs), tuple(compare(home.store_path(number), manifest)))


def compare(store_path: Path, manifest: Manifest) -> Iterator[str]:
    """Each difference between a store and a manifest, in words."""
    if content_hash(manifest.graphs) != manifest.hash:
        yield "The hash of the release does not fit the hashes of its graphs."
    try:
        yield from _differing(digests(store_path), manifest.files, "file", "{}")
        store = SealedStore(store_path)
        graphs = {name: frozenset(store.triples(name)) for name in store.names()}
        hashes = {name: fingerprint(triples) for name, triples in graphs.items()}
        yield from _differing(hashes, manifest.graphs, "graph", "<{}>")
        if set(store.triples()) != frozenset[Triple]().union(*graphs.values()):
            yield "The default graph is not the set of all triples in the named graphs."
        yield from _differing(count(graphs), manifest.counts, "number of", "{}")
    except StoreError as error:
        yield str(error)


def _differing(found: Mapping[str, object], stated: Mapping[str, object], kind: str, form: str) -> Iterator[str]:
    for name in sorted(found.keys() | stated.keys()):
        if name not in stated:
            yield f"The {kind} {form.format(name)} is not in the manifest."
        elif name not in found:
            yield f"The {kind} {form.format(name)} is missing."
        elif found[name] != stated[name]:
            yield f"The {kind} {form.format(name)} is not what the manifest says."


def count(graphs: Graphs) -> dict[str, int]:
    """How much named graphs hold: triples (each once), graphs, and things of the main kinds.

    >>> count({})["services"]
    0
    """
    everything = frozenset[Triple]().union(*graphs.values())
    typed = {(triple.object, triple.subject) for triple in everything if triple.predicate == _TYPE}
    things = {heading: sum(kind == NamedNode(ns.SV + name) for kind, _ in typed) for heading, name in _COUNTED.items()}
    return {"triples": len(everything), "graphs": len(graphs), **things}


def content_hash(graphs: Mapping[str, str]) -> str:
    """One hash over the hashes of the graphs; the graph of releases holds dates, and is left out.

    >>> content_hash({"https://w3id.org/svssv/graph/releases": "1"}) == content_hash({})
    True
    """
    lines = (f"{name} {digest}\n" for name, digest in sorted(graphs.items()) if name != ns.graph("releases"))
    return hashlib.sha256("".join(lines).encode()).hexdigest()
