"""Building a release: from the knowledge files and the approved records to a sealed store in service.

All of it happens beside the releases that exist; only the last step, one rename, is seen by anybody.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from taxonomy import assets
from taxonomy import namespaces as ns
from taxonomy.errors import StoreError
from taxonomy.publishing import quality
from taxonomy.publishing.composing import ApprovedRecord, compose
from taxonomy.publishing.proposal import Settled
from taxonomy.publishing.verification import compare, content_hash, count
from taxonomy.search import index
from taxonomy.store import dumps
from taxonomy.store.embedded import digests, fingerprint, normal, write
from taxonomy.store.releases import Home, Manifest

_log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]

_STEPS: Final = (
    *("Reading the files", "Checking them", "Drawing conclusions", "Writing the store"),
    *("Looking for faults", "Reading it again"),
)
_TYPE: Final = NamedNode(ns.RDF + "type")
_RELEASES: Final = ns.graph("releases")


def build(
    home: Home,
    *,
    note: str = "",
    progress: Progress | None = None,
    records: Iterable[ApprovedRecord] = (),
    knowledge: Path | None = None,
    seal: str = "",
    settled: Iterable[Settled] = (),
) -> Manifest:
    """Build the next release of a home from nothing, put it in service, and make its search index and its dump.

    ``knowledge`` is the folder that holds ``ontology/``, ``shapes/`` and ``data/``; without it, the product's own.
    ``seal`` is the ledger's seal at this moment, kept in the manifest to show later that no decision was taken away.
    ``settled`` is what was decided on the organisations that records propose.

    Raises:
        CurationError: a file or a record is not fit for a release; nothing is changed.
        NotAllowedError: another release is being built.
        StoreError: the disk would not take it; nothing is changed.
    """
    started = time.monotonic()
    root = knowledge or assets.root()
    steps = iter(enumerate(_STEPS))

    def step() -> None:
        done, words = next(steps)
        if progress:
            progress(words, done, len(_STEPS))

    try:
        with home.making() as (number, folder):
            composed = compose(root, records, settled, practice=home.practice, step=step)
            graphs = composed.graphs
            built, current = datetime.now(UTC).replace(microsecond=0), home.current()
            graphs[_RELEASES] = normal(_RELEASES, _releases(home, number, built, note, current))
            step()
            graphs = {name: triples for name, triples in graphs.items() if triples}
            write(folder / "store", graphs)
            step()
            hashes = {name: fingerprint(triples) for name, triples in sorted(graphs.items())}
            manifest = Manifest(
                number=number,
                built=built,
                seconds=round(time.monotonic() - started, 1),
                note=note,
                practice=home.practice,
                counts=count(graphs),
                graphs=hashes,
                hash=content_hash(hashes),
                files=digests(folder / "store"),
                records=composed.records,
                seal=seal,
                looks=quality.passed(folder / "store", root),
                basis=current.number if current else None,
                changed=changed(current.graphs if current else {}, hashes),
            )
            step()
            for difference in compare(folder / "store", manifest):
                raise StoreError(f"The new store is not what was written to it, and was thrown away. {difference}")
            home.seal(folder, manifest)
    except OSError as error:
        raise StoreError(f"The release could not be written: {error}") from error
    if progress:
        progress("In service", len(_STEPS), len(_STEPS))
    try:
        index.prepare(home, manifest.name)
        dumps.write(home.folder(manifest.name), home.store_path(manifest.name), notice=manifest.notice)
    except StoreError as error:  # the release is whole and in service; only its search or its dump has to wait
        _log.warning(
            "release %s has no search or no dump yet; make it with: svssv release verify. %s", manifest.name, error
        )
    return manifest


def _releases(home: Home, number: int, built: datetime, note: str, current: Manifest | None) -> Iterator[Triple]:
    """What this release says of itself, and of those before it."""
    basis, others = current.number if current else None, home.releases()
    names = {each.number: each.name for each in others}
    kept = [(each.name, each.built, each.note, each.basis) for each in others]
    for which, when, why, before in [*kept, (number, built, note, basis)]:
        node = NamedNode(f"{ns.BASE}release/{which}")
        yield Triple(node, _TYPE, NamedNode(ns.PROV + "Entity"))
        yield Triple(node, NamedNode(ns.RDFS + "label"), Literal(f"Release {which}", language="en"))
        yield Triple(node, NamedNode(ns.DCTERMS + "identifier"), Literal(str(which)))
        yield Triple(
            node, NamedNode(ns.DCTERMS + "issued"), Literal(when.isoformat(), datatype=NamedNode(ns.XSD + "dateTime"))
        )
        if why:
            yield Triple(node, NamedNode(ns.DCTERMS + "description"), Literal(why, language="en"))
        if before is not None:
            yield Triple(
                node,
                NamedNode(ns.PROV + "wasRevisionOf"),
                NamedNode(f"{ns.BASE}release/{names.get(before, before)}"),
            )


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The graphs that were added, altered and removed between two releases, from the hashes of their graphs."""
    before, now = ({name: each for name, each in side.items() if name != _RELEASES} for side in (before, now))
    return {
        "added": tuple(sorted(now.keys() - before.keys())),
        "altered": tuple(sorted(name for name in now.keys() & before.keys() if now[name] != before[name])),
        "removed": tuple(sorted(before.keys() - now.keys())),
    }
