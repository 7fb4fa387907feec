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
from taxonomy.analysis.ways import Edge, Node, NodeKind, Way
from taxonomy.pictures import curves, dot
from taxonomy.pictures.dot import Line
from taxonomy.pictures.lettering import printable, short, width, wrap

INK, QUIET, RULE, PAPER, PANEL = "#0b0c0c", "#484949", "#8a8f91", "#ffffff", "#f4f5f5"
OPEN, REFUSED = "#106165", "#982828"

_FONT = "Helvetica Neue, Helvetica, Arial, sans-serif"
_SENDER = {"shape": "box", "style": "filled", "fillcolor": "#e1eded", "color": OPEN, "penwidth": "1.5"}
_KINDS = {
    NodeKind.SERVICE: {
        "shape": "box",
        "style": "rounded,filled",
        "fillcolor": PAPER,
        "penwidth": "1.5",
    },
    NodeKind.GROUP: {"shape": "box", "style": "filled", "fillcolor": PAPER, "peripheries": "2"},
    NodeKind.SOURCE: _SENDER,
    NodeKind.ORGANISATION: _SENDER,
}
_WIDTHS = {NodeKind.SERVICE: 200, NodeKind.GROUP: 170}  # of the words inside, in points
_SILENT = {"style": "rounded,filled,dashed", "color": QUIET}
_GRAPH = {
    "rankdir": "LR",
    "newrank": "true",
    "nodesep": "0.3",
    "ranksep": "0.75",
    "bgcolor": "transparent",
    "fontname": "Arial",
    "labelloc": "t",
    "labeljust": "l",
}
_LANE = {"labeljust": "l", "style": "rounded,filled", "color": RULE, "fillcolor": PANEL, "margin": "16"}
_UNREACHED = "No way in is stated for these services"
_IN_A_ROW = 3
_BADGE = 13  # size of the letters on a way


def draw(pathway: Pathway, address: Callable[[str], str], *, within: str = "", name: str = "pathway") -> str:
    """The pathway as one ``<svg>`` element for a page; empty where there is nothing to draw.

    ``address`` turns an IRI into the link of its node. ``within`` is the name of the area: the page says it once, so
    labels that end with it in brackets leave it out. ``name`` begins the ids of its parts, but for those of the ways:
    two pictures on one page need two names.

    >>> from taxonomy.analysis import pathways
    >>> draw(pathways.of([], [], label=str), address=str)
    ''

    Raises:
        LimitError, TaxonomyError: the picture could not be laid out; text and table still hold all of it.
    """
    if not pathway.nodes:
        return ""
    numbers = {node.name.iri: f"{name}-node-{number}" for number, node in enumerate(pathway.nodes, start=1)}
    tree = dot.laid_out("\n".join(_graph(pathway, numbers, within)))
    groups = {group.get("id", ""): group for group in tree.iter("g")}
    for node in pathway.nodes:
        _finish_node(groups[numbers[node.name.iri]], node, address(node.name.iri), silent=node in pathway.silent)
    for edge in pathway.edges:
        _finish_edge(groups[f"way-{edge.number}"], edge)
    _finish_picture(tree, pathway, name)
    groups["graph0"][:] = _told(groups, pathway, numbers)
    groups["graph0"].set("id", name)
    return tostring(tree, encoding="unicode")


def _graph(pathway: Pathway, numbers: dict[str, str], within: str) -> Iterator[str]:
    yield "digraph {"
    said = dot.label([Line(f"{pathway.stated[0].upper()}{pathway.stated[1:]}", size=14, colour=QUIET)])
    yield f"graph {dot.attributes(_GRAPH | ({'label': said} if pathway.edges else {}))}"
    yield f"node {dot.attributes({'fontname': 'Arial', 'color': INK, 'margin': '0.2,0.14'})}"
    yield f"edge {dot.attributes({'fontname': 'Arial', 'penwidth': '1.7'})}"
    apart = _apart(pathway)
    lanes: dict[str, list[str]] = defaultdict(list)
    for node in pathway.nodes:
        number = numbers[node.name.iri]
        written = f"{dot.quoted(number)} {dot.attributes(_node(node, number, within, silent=node in pathway.silent))}"
        lane = node.sector if node.kind is NodeKind.SERVICE else ""
        lanes[_UNREACHED if node in apart else lane].append(written)
    unboxed = lanes.pop("", [])
    # Graphviz puts what it reads first lowest.
    for place, (heading, nodes) in enumerate(sorted(lanes.items(), key=lambda lane: lane[0] != _UNREACHED)):
        title = dot.label([Line(heading, size=14, bold=True, colour=QUIET)])
        yield f"subgraph cluster_{place} {{ graph {dot.attributes({'label': title, 'fontname': 'Arial', **_LANE})}"
        yield from reversed(nodes)
        yield "}"
    yield from unboxed
    for edge in pathway.edges:
        origin, end = (dot.quoted(numbers[node.name.iri]) for node in (edge.origin, edge.end))
        yield f"{origin} -> {end} {dot.attributes(_edge(edge))}"
    yield from _ranks(pathway, apart, numbers)
    yield "}"


def _apart(pathway: Pathway) -> tuple[Node, ...]:
    """Services that no way leads to or from: they stand in a box of their own, clear of the lines."""
    sending = {edge.origin.name.iri for edge in pathway.edges}
    return tuple(node for node in pathway.silent if node.name.iri not in sending)


def _node(node: Node, number: str, within: str, *, silent: bool) -> dict[str, str]:
    lines = [
        Line(text, bold=True) for text in wrap(short(node.name.label, within), _WIDTHS[NodeKind.SERVICE], bold=True)
    ]
    if node.kind is NodeKind.GROUP:
        lines.append(Line("Group of services", size=13, colour=QUIET))
    if node.kind is NodeKind.SERVICE:
        details = [node.provided_by or "Provider not stated"]
        if silent:
            details.append(node.sector)
        if node.stages:
            details.append("Stage: " + ", ".join(stage.name.label for stage in node.stages))
        lines += [
            Line(line, size=13, colour=QUIET)
            for text in details
            for line in wrap(text, _WIDTHS[NodeKind.SERVICE], size=13)
        ]
    if silent:
        lines.append(Line("No way in stated", size=13, bold=True, colour=QUIET))
    return {
        "id": number,
        "label": dot.label(lines, width=_WIDTHS.get(node.kind, 0)),
        **_KINDS[node.kind],
        **(_SILENT if silent else {}),
    }


def _edge(edge: Edge) -> dict[str, str]:
    colour = REFUSED if edge.way is Way.REFUSED else OPEN
    look = {"id": f"way-{edge.number}", "color": colour, "label": dot.label([Line(_badge(edge), _BADGE, bold=True)])}
    if edge.way is Way.REFUSED:
        return look | {"style": "dashed", "arrowhead": "tee", "arrowsize": "1.5", "penwidth": "2.2"}
    return look if edge.confirmed else look | {"style": "dotted", "arrowhead": "empty"}


def _badge(edge: Edge) -> str:
    words = [str(edge.number)]
    if edge.way is Way.REFUSED:
        words.append("Refused")
    if not edge.confirmed:
        words.append("not confirmed")
    if edge.consent:
        words.append("with consent")
    return ", ".join(words).replace(",", "", 1)


def _ranks(pathway: Pathway, apart: tuple[Node, ...], numbers: dict[str, str]) -> Iterator[str]:
    """Senders at the left, then stages in order; what stands apart is in rows of three."""
    senders = [node for node in pathway.nodes if node.kind in {NodeKind.SOURCE, NodeKind.ORGANISATION}]
    staged = [[node for node in layer.nodes if node.stages and node not in apart] for layer in pathway.layers]
    columns = [[dot.quoted(numbers[node.name.iri]) for node in column] for column in (senders, *staged) if column]
    for column in columns:
        yield f"{{ rank=same; {'; '.join(column)} }}"
    following = [(before[0], after[0]) for before, after in pairwise(columns)]
    beside = pairwise(dot.quoted(numbers[node.name.iri]) for node in apart)
    following += [pair for place, pair in enumerate(beside, start=1) if place % _IN_A_ROW]
    for before, after in following:
        yield f"{before} -> {after} [style=invis]"


def _finish_node(group: Element, node: Node, address: str, *, silent: bool) -> None:
    group.set("class", f"node {node.kind}{' silent' if silent else ''}")
    told = [node.name.label]
    if node.kind is NodeKind.SERVICE:
        told += ["service", node.provided_by or "provider not stated", node.sector.lower()]
        told += [f"stage: {stage.name}" for stage in node.stages]
    else:
        told.append("group of services" if node.kind is NodeKind.GROUP else "sends people to services")
    if silent:
        told.append("no way in stated")
    words = printable(", ".join(told))
    drawn = [child for child in group if child.tag != "title"]
    group[:] = []
    link = SubElement(group, "a", {"href": printable(address), "aria-label": words})
    SubElement(link, "title").text = words
    link.extend(drawn)


def _finish_edge(group: Element, edge: Edge) -> None:
    """The words of a way go onto its line, where they cannot be taken for its neighbour's."""
    group.set("class", f"edge {edge.way}{'' if edge.confirmed else ' unconfirmed'}")
    words = printable(f"Way {edge.number}: {edge.sentence} {edge.place}")
    group.set("role", "img")
    group.set("aria-label", words)
    for title in group.findall("title"):
        title.text = words
    line, letters = group.find("path"), group.find("text")
    if line is None or letters is None:
        return
    text, size = _badge(edge), width(_badge(edge), _BADGE, bold=True)
    middle = (float(letters.get("x", "0")) + size / 2, float(letters.get("y", "0")) - _BADGE / 3)
    x, y = curves.nearest(line.get("d", ""), middle)
    group.remove(letters)
    colour = REFUSED if edge.way is Way.REFUSED else OPEN
    box = {"x": x - size / 2 - 7, "y": y - 11, "width": size + 14, "height": 22, "rx": 11}
    SubElement(group, "rect", {name: f"{value:.1f}" for name, value in box.items()} | {"fill": PAPER, "stroke": colour})
    look = {"text-anchor": "middle", "font-weight": "bold", "font-size": str(_BADGE), "fill": colour}
    SubElement(group, "text", {"x": f"{x:.1f}", "y": f"{y + _BADGE / 3:.1f}", **look}).text = text


def _told(groups: dict[str, Element], pathway: Pathway, numbers: dict[str, str]) -> list[Element]:
    """What is drawn, in the order in which it is read aloud and reached by keyboard: along each way, then the rest."""
    order: dict[str, None] = {}
    for start in pathway.starts:
        for edge in start.steps:
            order |= dict.fromkeys((numbers[edge.origin.name.iri], f"way-{edge.number}", numbers[edge.end.name.iri]))
    order |= dict.fromkeys(numbers[node.name.iri] for node in pathway.nodes)
    behind = [child for child in groups["graph0"] if child.tag != "g" or child.get("class") == "cluster"]
    return behind + [groups[name] for name in order]


def _finish_picture(tree: Element, pathway: Pathway, name: str) -> None:
    for element in tree.iter():
        if element.get("class") in {"graph", "cluster"}:  # their titles are Graphviz's own names
            for title in element.findall("title"):
                element.remove(title)
        element.attrib.pop("font-family", None)
        element.attrib.pop("{http://www.w3.org/XML/1998/namespace}space", None)
    box = tree.get("viewBox", "0 0 0 0")
    tree.attrib = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": "svssv-picture svssv-pathway",
        "viewBox": box,
        "width": box.split()[2],
        "height": box.split()[3],
        "role": "group",  # not img: an image may hold no links
        "aria-labelledby": f"{name}-title {name}-desc",
        "font-family": _FONT,
    }
    title, desc = Element("title", {"id": f"{name}-title"}), Element("desc", {"id": f"{name}-desc"})
    title.text, desc.text = "Ways to services", printable(pathway.summary)
    tree[:0] = [title, desc]
