"""What differs between kept releases, as the pages of changes need it: worked out once, for neither ever changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from flask import Flask

from taxonomy import changes, differences
from taxonomy.changes import Changes
from taxonomy.differences import Difference
from taxonomy.errors import NotFoundError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.site import reading, things
from taxonomy.store.numbers import ReleaseNumber
from taxonomy.store.releases import Manifest


def init_app(app: Flask) -> None:
    """Keep nothing that was worked out from a release that is gone."""
    reading.forget_with(app, _in_area.cache_clear)
    reading.forget_with(app, _difference.cache_clear)


def kept() -> tuple[Manifest, ...]:
    """The releases up to the one in service, oldest first: what may be told of changes."""
    now = reading.release().number
    return tuple(each for each in reading.current().home.releases() if each.number <= now)


def before(manifest: Manifest, kept: Sequence[Manifest]) -> Manifest | None:
    """The release that one followed, if it is kept, else the nearest one before it; None before the first."""
    earlier = [each for each in kept if each.number < manifest.number]
    return next((each for each in earlier if each.number == manifest.basis), earlier[-1] if earlier else None)


def one(number: ReleaseNumber, kept: Sequence[Manifest]) -> Manifest:
    """One of the kept releases by its number.

    Raises:
        NotFoundError: there is none up to the one in service; GoneError where there was, or where it was replaced.
    """
    found = next((each for each in kept if each.name == number), None)
    if found is None:
        reading.current().home.manifest(number)  # where it is gone, this says so
        raise NotFoundError("release", str(number), near=[str(each.name) for each in kept[-3:]])
    return found


def steps(kept: Sequence[Manifest], most: int) -> tuple[tuple[Manifest, Manifest], ...]:
    """Each of the latest releases after the one that it followed, the newest first."""
    pairs = [(earlier, each) for each in reversed(kept) if (earlier := before(each, kept))]
    return tuple(pairs[:most])


def in_area(area: str, earlier: Manifest, later: Manifest) -> Changes:
    """What changed in an area between two kept releases.

    Raises:
        NotFoundError: a release is not kept.
        LimitError: too many earlier releases are being read.
    """
    return _in_area(_Key(str(reading.current().home.path), earlier.name, later.name, (earlier.hash, later.hash)), area)


class _Key(NamedTuple):
    """Two releases of a home, by what tells them from all others."""

    home: str
    earlier: ReleaseNumber
    later: ReleaseNumber
    hashes: tuple[str, str]


@lru_cache(maxsize=256)
def _in_area(key: _Key, area: str) -> Changes:
    found = _difference(key)
    if not found.stated:
        return changes.of(found, {}, label=str, tell=things.told)
    with reading.opened(key.earlier) as old, reading.opened(key.later) as new:
        concerning = {**_concerning(old, area), **_concerning(new, area), area: "area"}

        def label(iri: str) -> str:
            return new.labels([iri]).get(iri) or old.labels([iri]).get(iri, iri)

        return changes.of(found, concerning, label=label, tell=things.told)


@lru_cache(maxsize=16)
def _difference(key: _Key) -> Difference:
    with reading.opened(key.earlier) as old, reading.opened(key.later) as new:
        return differences.of(old, new)


def _concerning(kg: KnowledgeGraph, area: str) -> Mapping[str, str]:
    """What concerns an area in one release; nothing where that release does not know the area."""
    return {str(row["thing"]): str(row["kind"]) for row in kg.ask("page-touching", area=[area])}
