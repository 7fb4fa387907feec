"""A pathway as a layered picture: left to right by stage, boxed by sector, every node a link.

Nothing is told by colour alone: a refused way has a bar across its end and says so, an unconfirmed one is dotted and
says so, and each way carries the number that it has in the text and in the table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement, tostring

from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.ways import Edge, Node, NodeKind, Sector, Way
from taxonomy.pictures import dot
from taxonomy.pictures.dot import Line
from taxonomy.pictures.lettering import printable, wrap

INK, QUIET, RULE, PAPER, PANEL = "#0b0c0c", "#484949", "#8a8f91", "#ffffff", "#f4f5f5"
OPEN, REFUSED = "#14595c", "#9c1f0f"
_LANE = {
    "labeljust": "l",
    "fontname": "Arial",
    "style": "rounded,filled",
    "color": RULE,
    "fillcolor": PANEL,
    "margin": "18",
}
_FONT = "Helvetica Neue, Helvetica, Arial, sans-serif"
_KINDS = {
    NodeKind.SERVICE: {"shape": "box", "style": "rounded,filled", "fillcolor": PAPER, "color": INK, "penwidth": "1.4"},
    NodeKind.GROUP: {"shape": "box", "style": "filled", "fillcolor": PAPER, "color": INK, "peripheries": "2"},
    NodeKind.SOURCE: {"shape": "box", "style": "filled", "fillcolor": "#e4eeee", "color": OPEN, "penwidth": "1.4"},
    NodeKind.ORGANISATION: {"shape": "box", "style": "filled", "fillcolor": "#e4eeee", "color": OPEN},
}


def draw(pathway: Pathway, address: Callable[[str], str]) -> str:
    """The pathway as one ``<svg>`` element for a page; ``address`` turns an IRI into the link of its node.

    >>> from taxonomy.analysis import pathways
    >>> draw(pathways.of([], [], label=str), address=str)
    ''

    Raises:
        LimitError, TaxonomyError: the picture could not be laid out; text and table still hold all of it.
    """
    if not pathway.nodes:
        return ""
    numbers = {node.name.iri: f"n{number}" for number, node in enumerate(pathway.nodes)}
    tree = dot.laid_out("\n".join(_graph(pathway, numbers)))
    groups = {group.get("id", ""): group for group in tree.iter("g")}
    for node in pathway.nodes:
        _finish_node(groups[numbers[node.name.iri]], node, address(node.name.iri), silent=node in pathway.silent)
    for edge in pathway.edges:
        _finish_edge(groups[f"way-{edge.number}"], edge)
    _finish_picture(tree, groups["graph0"], pathway)
    return tostring(tree, encoding="unicode")


def _graph(pathway: Pathway, numbers: dict[str, str]) -> Iterator[str]:
    yield "digraph pathway {"
    yield 'graph [rankdir="LR", newrank="true", nodesep="0.35", ranksep="0.9", bgcolor="transparent"]'
    yield f'node [fontname="Arial", margin="0.2,0.13"]; edge [fontname="Arial", color="{OPEN}", penwidth="1.6"]'
    lanes: dict[Sector | str, list[Node]] = defaultdict(list)
    for node in pathway.nodes:
        lane = node.sector if node.kind is NodeKind.SERVICE else ""
        lanes[lane].append(node)
    for place, (lane, nodes) in enumerate(sorted(lanes.items())):
        if lane:
            heading = dot.label([Line(str(lane), size=14, bold=True, colour=QUIET)])
            yield f"subgraph cluster_{place} {{"
            yield f"graph {dot.attributes({'label': heading, **_LANE})}"
        for node in nodes:
            yield f"{numbers[node.name.iri]} {dot.attributes(_node(node, numbers[node.name.iri], pathway))}"
        if lane:
            yield "}"
    for edge in pathway.edges:
        ends = f"{numbers[edge.origin.name.iri]} -> {numbers[edge.end.name.iri]}"
        yield f"{ends} {dot.attributes(_edge(edge))}"
    yield from _ranks(pathway, numbers)
    yield "}"


def _node(node: Node, number: str, pathway: Pathway) -> dict[str, str]:
    lines = [Line(text, bold=True) for text in wrap(node.name.label, 26)]
    if node.kind is NodeKind.GROUP:
        lines.append(Line("Group of services", size=13, colour=QUIET))
    if node.kind is NodeKind.SERVICE:
        provider = node.provided_by or "provider not stated"
        lines += [Line(text, size=13, colour=QUIET) for text in wrap(provider, 30, lines=3)]
        lines += [
            Line(text, size=13, colour=QUIET) for stage in node.stages for text in wrap(f"Stage: {stage.name}", 30)
        ]
    look = dict(_KINDS[node.kind])
    if node in pathway.silent:
        lines.append(Line("No way in stated", size=13, bold=True, colour=QUIET))
        look |= {"style": "rounded,filled,dashed", "color": QUIET}
    return {"id": number, "label": dot.label(lines), **look}


def _edge(edge: Edge) -> dict[str, str]:
    colour = REFUSED if edge.way is Way.REFUSED else OPEN
    words = [
        Line(str(edge.number) if edge.way is Way.OPEN else f"{edge.number} Refused", size=14, bold=True, colour=colour)
    ]
    if not edge.confirmed:
        words.append(Line("not confirmed", size=12, colour=colour))
    if edge.consent:
        words.append(Line("with consent", size=12, colour=QUIET))
    look = {"id": f"way-{edge.number}", "label": dot.label(words, align="CENTER"), "color": colour}
    if edge.way is Way.REFUSED:
        return look | {"style": "dashed", "arrowhead": "tee", "arrowsize": "1.5", "penwidth": "2"}
    return look if edge.confirmed else look | {"style": "dotted", "arrowhead": "empty"}


def _ranks(pathway: Pathway, numbers: dict[str, str]) -> Iterator[str]:
    """Stages from left to right, and whatever no way leads to beside the services that ways do lead to."""
    columns = [[numbers[node.name.iri] for node in layer.nodes if node.stages] for layer in pathway.layers]
    senders = [numbers[node.name.iri] for node in pathway.nodes if node.kind not in {NodeKind.SERVICE, NodeKind.GROUP}]
    columns = [senders, *(column for column in columns if column)]
    for column in columns:
        if column:
            yield f"{{ rank=same; {'; '.join(column)} }}"
    for before, after in pairwise(columns):
        if before:
            yield f"{before[0]} -> {after[0]} [style=invis]"
    if senders:
        for node in pathway.silent:
            if not node.stages:
                yield f"{senders[0]} -> {numbers[node.name.iri]} [style=invis, weight=0]"


def _finish_node(group: Element, node: Node, address: str, *, silent: bool) -> None:
    group.set("class", f"node {node.kind}{' silent' if silent else ''}")
    told = [node.name.label, {"group": "group of services", "source": "sends people"}.get(node.kind, str(node.kind))]
    if node.kind is NodeKind.SERVICE:
        told += [node.provided_by or "provider not stated", node.sector.lower()]
        told += [f"stage: {stage.name}" for stage in node.stages]
    if silent:
        told.append("no way in stated")
    words = printable(", ".join(told))
    shapes = [child for child in group if child.tag != "title"]
    group[:] = []
    link = SubElement(group, "a", {"href": printable(address), "aria-label": words})
    SubElement(link, "title").text = words
    link.extend(shapes)


def _finish_edge(group: Element, edge: Edge) -> None:
    group.set("class", f"edge {edge.way}{'' if edge.confirmed else ' unconfirmed'}")
    words = printable(f"Way {edge.number}: {edge.sentence} {edge.place}")
    group.set("role", "img")
    group.set("aria-label", words)
    title = group.find("title")
    if title is not None:
        title.text = words


def _finish_picture(tree: Element, graph: Element, pathway: Pathway) -> None:
    for parent in tree.iter():
        for child in list(parent):
            if child.get("class") == "cluster":
                title = child.find("title")
                if title is not None:
                    child.remove(title)
        for name in list(parent.attrib):
            if name in {"font-family", "{http://www.w3.org/XML/1998/namespace}space"}:
                del parent.attrib[name]
    for title in graph.findall("title"):
        graph.remove(title)
    tree.attrib = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": "svssv-picture svssv-pathway",
        "viewBox": tree.get("viewBox", ""),
        "width": "100%",
        "role": "group",
        "aria-labelledby": "pathway-title pathway-desc",
        "font-family": _FONT,
    }
    title, desc = Element("title", {"id": "pathway-title"}), Element("desc", {"id": "pathway-desc"})
    title.text, desc.text = "Ways to services", printable(pathway.summary)
    tree[:0] = [title, desc]
