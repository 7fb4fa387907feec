"""Whether a release is still what its manifest says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Triple

from taxonomy import namespaces as ns
from taxonomy.errors import StoreError
from taxonomy.store.embedded import SealedStore, digests, fingerprint
from taxonomy.store.releases import Home, Manifest


@dataclass(frozen=True, slots=True)
class Verification:
    """What was read again, and what was found to differ."""

    number: int
    graphs: int
    faults: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing differs."""
        return not self.faults


def verify(home: Home, number: int) -> Verification:
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
    everything: set[Triple] = set()
    try:
        files = digests(store_path)
        for file in sorted(files.keys() | manifest.files.keys()):
            if files.get(file) != manifest.files.get(file):
                yield f"The file store/{file} is not what it was."
        store = SealedStore(store_path)
        names = store.names()
        for name in sorted({*names, *manifest.graphs}):
            triples = frozenset(store.triples(name))
            everything |= triples
            if name not in manifest.graphs:
                yield f"The graph <{name}> is not in the manifest."
            elif name not in names:
                yield f"The graph <{name}> is missing."
            elif fingerprint(triples) != manifest.graphs[name]:
                yield f"The graph <{name}> has changed."
        if set(store.triples()) != everything:
            yield "The default graph is not the set of all triples in the named graphs."
    except StoreError as error:
        yield str(error)


def content_hash(graphs: Mapping[str, str]) -> str:
    """One hash over the hashes of the graphs; the graph of releases holds dates, and is left out.

    >>> content_hash({"https://w3id.org/svssv/graph/releases": "1"}) == content_hash({})
    True
    """
    lines = (f"{name} {digest}\n" for name, digest in sorted(graphs.items()) if name != ns.graph("releases"))
    return hashlib.sha256("".join(lines).encode()).hexdigest()
