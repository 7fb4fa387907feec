"""A release made anew without some of its graphs: from the graphs that stay, and never from a copy of its store.

What followed from its facts is drawn again from those that are left, with the rules of its own ontology.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from taxonomy import assets
from taxonomy import namespaces as ns
from taxonomy.errors import StoreError
from taxonomy.publishing import deriving, quality
from taxonomy.publishing.verification import compare, content_hash, count
from taxonomy.questions import catalogue
from taxonomy.reasoning import axioms
from taxonomy.reasoning.rules import Rules
from taxonomy.search import index
from taxonomy.store import dumps, numbers
from taxonomy.store.embedded import SealedStore, digests, fingerprint, write
from taxonomy.store.manifests import Manifest
from taxonomy.store.numbers import ReleaseNumber
from taxonomy.store.releases import Home

_RELEASES: Final = ns.graph("releases")
_ONTOLOGY: Final = ns.graph("ontology")
_NODE: Final = f"{ns.BASE}release/"
_SAID: Final = (ns.RDFS + "label", ns.DCTERMS + "identifier")
_NOTE: Final = NamedNode(ns.DCTERMS + "description")

Renamed = Mapping[ReleaseNumber, ReleaseNumber]  # what is replaced → what stands in its place


def revise(
    home: Home,
    manifest: Manifest,
    without: Iterable[str],
    *,
    on: date,
    renamed: Renamed,
    repeats: Callable[[str], bool] = lambda _: False,
) -> Manifest:
    """Put a release beside the one it will replace, without some graphs and without notes that repeat them.

    ``renamed`` are all releases that are replaced with this one, for what it tells of them. Only while the home is
    locked.

    Raises:
        StoreError: the release is damaged, or the disk would not take the new one; nothing is changed.
    """
    started = time.monotonic()
    graphs = _kept(home, manifest, frozenset(without))
    graphs[_RELEASES] = frozenset(_told_anew(graphs.get(_RELEASES, ()), renamed, repeats))
    rules = Rules(axioms.of(graphs.get(_ONTOLOGY, ()), f"the ontology of release {manifest.name}"))
    facts = {name: triples for name, triples in graphs.items() if name not in (_RELEASES, deriving.INFERRED)}
    graphs[deriving.INFERRED] = deriving.derived(facts, rules)
    graphs = {name: triples for name, triples in graphs.items() if triples}
    hashes = {name: fingerprint(triples) for name, triples in sorted(graphs.items())}
    try:
        with home.drafting() as folder:
            write(folder / "store", graphs)
            revised = replace(
                manifest,
                seconds=round(time.monotonic() - started, 1),
                note="" if repeats(manifest.note) else manifest.note,
                counts=count(graphs),
                graphs=hashes,
                hash=content_hash(hashes),
                files=digests(folder / "store"),
                records=tuple(name for name in manifest.records if name in hashes),
                looks=quality.told(folder / "store", assets.root()),
                revision=manifest.revision + 1,
                replaces={**manifest.replaces, str(manifest.name): on.isoformat()},
            )
            for difference in compare(folder / "store", revised):
                raise StoreError(f"The new store is not what was written to it, and was thrown away. {difference}")
            found = index.entries(SealedStore(folder / "store"), catalogue.load())
            index.write(folder / "search.sqlite", found, revised.hash)
            dumps.write(folder, folder / "store", notice=revised.notice)
            home.place(folder, revised)
    except OSError as error:
        raise StoreError(f"Release {revised_name(manifest)} could not be written: {error}") from error
    return revised


def revised_name(manifest: Manifest) -> ReleaseNumber:
    """The number of what will stand in a release's place."""
    return numbers.after(manifest.name)


def _kept(home: Home, manifest: Manifest, without: frozenset[str]) -> dict[str, frozenset[Triple]]:
    """The graphs that stay, each held to the hash in the manifest: what was changed is not given a new seal."""
    store = SealedStore(home.store_path(manifest.name))
    graphs = {name: frozenset(store.triples(name)) for name in store.names() if name not in without}
    stated = {name: each for name, each in manifest.graphs.items() if name not in without}
    if stated != {name: fingerprint(triples) for name, triples in graphs.items()}:
        raise StoreError(f"Release {manifest.name} is damaged: what it holds is not what its manifest says.")
    return graphs


def notes(store: SealedStore) -> Iterator[str]:
    """The notes of releases that a release tells of."""
    for triple in store.triples(_RELEASES):
        if triple.predicate == _NOTE and isinstance(triple.object, Literal):
            yield triple.object.value


def _told_anew(told: Iterable[Triple], renamed: Renamed, repeats: Callable[[str], bool]) -> Iterator[Triple]:
    """What a release tells of releases, with new numbers, and without notes that repeat what has to go."""
    new = {NamedNode(f"{_NODE}{old}"): NamedNode(f"{_NODE}{name}") for old, name in renamed.items()}
    names = {NamedNode(f"{_NODE}{old}"): (str(old), str(name)) for old, name in renamed.items()}
    for triple in told:
        subject, predicate, value = triple
        if predicate == _NOTE and isinstance(value, Literal) and repeats(value.value):
            continue
        if predicate.value in _SAID and isinstance(value, Literal) and isinstance(subject, NamedNode):
            old, name = names.get(subject, ("", ""))
            said = value.value.removesuffix(old) + name
            value = Literal(said, language=value.language) if value.language else Literal(said)
        if isinstance(value, NamedNode):
            value = new.get(value, value)
        yield Triple(new.get(subject, subject) if isinstance(subject, NamedNode) else subject, predicate, value)
