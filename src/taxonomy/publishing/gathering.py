"""The knowledge files, read into the named graphs of a release.

Where a file lies says which graphs it may fill; what is not allowed there stops the build.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from taxonomy.errors import CurationError
from taxonomy.namespaces import graph
from taxonomy.store.embedded import normal


@dataclass(frozen=True, slots=True)
class Gathered:
    """Named graphs, and the file that each was (last) read from."""

    graphs: dict[str, frozenset[Triple]]
    files: dict[str, Path]


def gather(root: Path) -> Gathered:
    """Read everything that a release is made of.

    Raises:
        CurationError: a file cannot be read, or fills a graph that is not its own.
    """
    triples: defaultdict[str, set[Triple]] = defaultdict(set)
    files: dict[str, Path] = {}
    for path, allowed in _sources(root):
        shown = path.relative_to(root)
        for quad in _read(path, shown):
            name = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
            if path.suffix == ".ttl":
                name = allowed[0]
            elif not name.startswith(allowed):
                place = f"<{name}>" if name else "no graph"
                raise CurationError(shown, f"a statement stands in {place}; this file's graphs begin with {allowed[0]}")
            triples[name].add(quad.triple)
            files[name] = shown
    return Gathered({name: normal(name, each) for name, each in sorted(triples.items())}, files)


def _sources(root: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Each file, with its graph (Turtle), or with the beginnings of the graphs it may name (TriG)."""
    for path in sorted((root / "ontology").rglob("*.ttl")):
        yield path, (graph("ontology"),)
    for path in sorted((root / "data" / "vocabularies").glob("*.ttl")):
        yield path, (graph("vocabulary", path.stem),)
    for path in sorted((root / "data" / "areas").glob("*.ttl")):
        yield path, (graph("register", "areas"),)
    register = root / "data" / "register"
    for path in sorted(register.rglob("*.ttl")):  # one file for a kind, or a folder of files
        yield path, (graph("register", path.relative_to(register).with_suffix("").parts[0]),)
    for path in sorted((root / "data" / "curation").rglob("*.trig")):
        yield path, (graph("curation", ""),)
    for path in sorted((root / "data" / "sources").glob("*/*.trig")):
        document = path.parent.name
        yield path, (graph("citation", document, ""), graph("document", document))


def _read(path: Path, shown: Path) -> Iterable[Quad]:
    """The statements of a file; blank nodes get names of their own, so that files never share one by accident."""
    kind = RdfFormat.TURTLE if path.suffix == ".ttl" else RdfFormat.TRIG
    try:
        yield from parse(path=path, format=kind, rename_blank_nodes=True)
    except (SyntaxError, OSError) as error:
        raise CurationError(shown, f"cannot be read: {error}") from error
