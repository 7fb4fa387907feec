"""The boxes of a layered picture: a service, a group, who sends people, or several of them as one box to open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from taxonomy.analysis.clusters import Box, Cluster
from taxonomy.analysis.ways import Node, NodeKind
from taxonomy.pictures import dot
from taxonomy.pictures.dot import Line
from taxonomy.pictures.lettering import printable, short, wrap
from taxonomy.pictures.paint import INK, OPEN, OPEN_PALE, PAPER, QUIET

NO_WAY_IN: Final = "No way in stated"
_SENDER: Final = {"shape": "box", "style": "filled", "fillcolor": OPEN_PALE, "color": OPEN, "penwidth": "1.5"}
_KINDS: Final = {
    NodeKind.SERVICE: {"shape": "box", "style": "rounded,filled", "fillcolor": PAPER, "penwidth": "1.5"},
    NodeKind.GROUP: {"shape": "box", "style": "filled", "fillcolor": PAPER, "peripheries": "2"},
    NodeKind.SOURCE: _SENDER,
    NodeKind.ORGANISATION: _SENDER,
}
_CLUSTER: Final = {"shape": "folder", "style": "filled", "fillcolor": PAPER, "color": INK, "penwidth": "1.5"}
_WIDTHS: Final = {NodeKind.SERVICE: 200, NodeKind.GROUP: 170}  # of the words inside, in points
_SILENT: Final = {"style": "rounded,filled,dashed", "color": QUIET}
_NOUNS: Final = {
    NodeKind.SERVICE: "services",
    NodeKind.GROUP: "groups of services",
    NodeKind.SOURCE: "who send people",
    NodeKind.ORGANISATION: "organisations who send people",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a box needs to know to be drawn."""

    address: Callable[[str], str]  # from the IRI of a node to its link
    opens: Callable[[str], str]  # from the key of several nodes to the link that opens them
    within: str  # the area, which labels leave out
    silent: frozenset[str]  # IRIs of services with no stated way in


def attributes(box: Box, number: str, look: Look) -> dict[str, str]:
    """The attributes that Graphviz lays the box out by."""
    if isinstance(box, Cluster):
        lines = [Line(text, bold=True) for text in wrap(printable(box.heading), _WIDTHS[NodeKind.SERVICE], bold=True)]
        lines.append(Line(f"{len(box.nodes)} {_NOUNS[box.kind]}: open", size=13, colour=QUIET))
        return {"id": number, "label": dot.label(lines, width=_WIDTHS[NodeKind.SERVICE]), **_CLUSTER}
    silent = box.name.iri in look.silent
    room = _WIDTHS[NodeKind.SERVICE]
    lines = [Line(text, bold=True) for text in wrap(short(box.name.label, look.within), room, bold=True)]
    details = _details(box, silent=silent)
    lines += [Line(line, size=13, colour=QUIET) for text in details for line in wrap(text, room, size=13)]
    if silent:
        lines.append(Line(NO_WAY_IN, size=13, bold=True, colour=QUIET))
    return {
        "id": number,
        "label": dot.label(lines, width=_WIDTHS.get(box.kind, 0)),
        **_KINDS[box.kind],
        **(_SILENT if silent else {}),
    }


def finish(group: Element, box: Box, look: Look) -> None:
    """Make a link of the box, with its name in words."""
    if isinstance(box, Cluster):
        group.set("class", f"node cluster-of-{box.kind}{' silent' if box.silent else ''}")
        told = [f"{box.heading}: {len(box.nodes)} {_NOUNS[box.kind]}, shown as one box", box.sector.lower()]
        told += [NO_WAY_IN.lower()] if box.silent else []
        href = look.opens(box.key)
    else:
        silent = box.name.iri in look.silent
        group.set("class", f"node {box.kind}{' silent' if silent else ''}")
        told, href = _words(box, silent=silent), look.address(box.name.iri)
    words = printable(", ".join(told))
    drawn = [child for child in group if child.tag != "title"]
    group[:] = []
    link = SubElement(group, "a", {"href": printable(href), "aria-label": words})
    SubElement(link, "title").text = words
    link.extend(drawn)


def _details(node: Node, *, silent: bool) -> list[str]:
    if node.kind is NodeKind.GROUP:
        return ["Group of services"]
    if node.kind is not NodeKind.SERVICE:
        return []
    details = [node.provided_by or "Provider not stated"]
    if silent:
        details.append(node.sector)
    if node.stages:
        details.append("Stage: " + ", ".join(stage.name.label for stage in node.stages))
    return details


def _words(node: Node, *, silent: bool) -> list[str]:
    told = [node.name.label]
    if node.kind is NodeKind.SERVICE:
        told += ["service", node.provided_by or "provider not stated", node.sector.lower()]
        told += [f"stage: {stage.name}" for stage in node.stages]
    else:
        told.append("group of services" if node.kind is NodeKind.GROUP else "sends people to services")
    return [*told, NO_WAY_IN.lower()] if silent else told
