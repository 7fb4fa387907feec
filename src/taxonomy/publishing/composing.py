"""What a release says, put together from the knowledge files and the approved records; nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import RdfFormat, Triple, parse

from taxonomy import namespaces as ns
from taxonomy.errors import CurationError
from taxonomy.publishing import deriving, gates, resolving
from taxonomy.publishing.gathering import Gathered, gather
from taxonomy.publishing.proposal import Settled
from taxonomy.reasoning.rules import Rules
from taxonomy.store.embedded import normal


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedRecord:
    """What one organisation says of itself, checked, and approved by a second person."""

    owner: str  # the organisation's IRI
    graph_iri: str
    ntriples: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """Everything that a release says but of itself and of other releases."""

    graphs: dict[str, frozenset[Triple]]
    records: tuple[str, ...]  # graphs that came through the desk


def compose(
    root: Path,
    records: Iterable[ApprovedRecord],
    settled: Iterable[Settled],
    *,
    practice: bool,
    step: Callable[[], None] = lambda: None,
) -> Composed:
    """Read the files and the records, look whether they are fit for a release, and draw the conclusions.

    ``root`` is the folder of the knowledge files; ``step`` is called before each of the three.

    Raises:
        CurationError: a file or a record is not fit for a release.
    """
    step()
    gathered = gather(root)
    approved = _add(gathered, records, practice=practice)
    gathered.graphs.update(resolving.resolved(gathered.graphs, approved, settled))
    step()
    gates.pass_all(gathered, practice=practice)
    step()
    graphs = gathered.graphs
    rules = Rules.from_files(sorted((root / "ontology").rglob("*.ttl")))
    graphs[deriving.INFERRED] = deriving.derived(graphs, rules)
    gates.no_rivals(graphs, gates.once_only(root / "shapes" / "record"), gathered.files)
    return Composed(graphs=graphs, records=approved)


def _add(gathered: Gathered, records: Iterable[ApprovedRecord], *, practice: bool) -> tuple[str, ...]:
    """Add the records; what a record describes leaves the register, for it has an owner now."""
    names = []
    for record in records:
        name = record.graph_iri
        if not name.startswith(ns.graph("record", "")) or name in gathered.graphs:
            raise CurationError(name, "is not a record's own graph")
        if practice and not record.owner.startswith(ns.EXAMPLE):
            raise CurationError(name, f"<{record.owner}> is not made up, and this is a practice home")
        try:
            quads = list(parse(record.ntriples, RdfFormat.N_TRIPLES))
        except SyntaxError as error:
            raise CurationError(name, f"cannot be read: {error}") from error
        gathered.graphs[name] = normal(name, (quad.triple for quad in quads))
        owned = {triple.subject for triple in gathered.graphs[name]}
        for register in ("organisations", "services", "funds"):
            entry = ns.graph("register", register)
            kept = (triple for triple in gathered.graphs.get(entry, ()) if triple.subject not in owned)
            gathered.graphs[entry] = frozenset(kept)
        names.append(name)
    return tuple(sorted(names))
