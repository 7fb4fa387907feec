"""A pathway as a layered picture: left to right by stage, boxed by sector, every box a link.

Nothing is told by colour alone: a refused way has a bar across its end and says so, an unconfirmed one is dotted and
says so, and each way carries the number that it has in the text and in the table. Where there are too many boxes to
read, those that stand together become one that can be opened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final
from xml.etree.ElementTree import Element, tostring

import networkx as nx

from taxonomy.analysis import clusters
from taxonomy.analysis.clusters import Box, Cluster, Drawn, Line
from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.reach import Reach
from taxonomy.analysis.ways import NodeKind, Stage
from taxonomy.errors import LimitError, TaxonomyError
from taxonomy.pictures import boxes, dot, lines
from taxonomy.pictures.boxes import Look
from taxonomy.pictures.lettering import printable
from taxonomy.pictures.paint import INK, PANEL, QUIET, RULE

_FONT: Final = "Helvetica Neue, Helvetica, Arial, sans-serif"
_GRAPH: Final = {
    "rankdir": "LR",
    "newrank": "true",
    "nodesep": "0.3",
    "ranksep": "0.75",
    "bgcolor": "transparent",
    "fontname": "Arial",
    "labelloc": "t",
    "labeljust": "l",
    "pad": "0.3",
}
_LANE: Final = {"labeljust": "l", "style": "rounded,filled", "color": RULE, "fillcolor": PANEL, "margin": "16"}
_UNREACHED: Final = "No way in is stated for these services"
_IN_A_ROW: Final = 3
_LAST: Final = 1_000_000  # a stage that the scheme does not place comes after those that it does


def draw(
    pathway: Pathway | Drawn,
    address: Callable[[str], str],
    *,
    within: str = "",
    name: str = "pathway",
    reach: Reach | None = None,
    opens: Callable[[str], str] = lambda key: f"?show={key}",
) -> str:
    """The pathway as one ``<svg>`` element for a page; empty where there is nothing to draw.

    ``address`` turns an IRI into the link of its node, and ``opens`` the key of a box that holds several into the link
    that opens it. ``within`` is the name of the area: the page says it once, so labels that end with it in brackets
    leave it out. ``name`` begins the ids of its parts, but for those of the ways: two pictures on one page need two
    names. With ``reach``, ways show what they are to a person: the open ones strong, the closed ones with the numbers
    of their reasons.

    >>> from taxonomy.analysis import pathways
    >>> draw(pathways.of([], [], label=str), address=str)
    ''

    Raises:
        LimitError, TaxonomyError: the picture could not be laid out; text and table still hold all of it.
    """
    drawn = clusters.of(pathway) if isinstance(pathway, Pathway) else pathway
    if not drawn.boxes:
        return ""
    silent = frozenset(node.name.iri for node in drawn.pathway.silent)
    look = Look(address=address, opens=opens, within=within, silent=silent)
    numbers = {key: f"{name}-node-{number}" for number, key in enumerate(drawn.boxes, start=1)}
    tree = _laid_out(drawn, numbers, look, reach)
    groups = {group.get("id", ""): group for group in tree.iter("g")}
    for key, box in drawn.boxes.items():
        boxes.finish(groups[numbers[key]], box, look)
    for line in drawn.lines:
        lines.finish(groups[lines.name(line)], line, reach)
    _finish_picture(tree, drawn.pathway, name)
    groups["graph0"][:] = _told(groups, drawn, numbers)
    groups["graph0"].set("id", name)
    return tostring(tree, encoding="unicode")


def _laid_out(drawn: Drawn, numbers: dict[str, str], look: Look, reach: Reach | None) -> Element:
    """Stages in columns; without columns where Graphviz cannot bring them together with the boxes of the sectors."""
    try:
        return dot.laid_out("\n".join(_graph(drawn, numbers, look, reach, in_columns=True)))
    except LimitError:
        raise
    except TaxonomyError:
        return dot.laid_out("\n".join(_graph(drawn, numbers, look, reach, in_columns=False)))


def _graph(
    drawn: Drawn, numbers: dict[str, str], look: Look, reach: Reach | None, *, in_columns: bool
) -> Iterator[str]:
    stated = drawn.pathway.stated
    yield "digraph {"
    said = dot.label([dot.Line(f"{stated[0].upper()}{stated[1:]}", size=14, colour=QUIET)])
    yield f"graph {dot.attributes(_GRAPH | ({'label': said} if drawn.lines else {}))}"
    yield f"node {dot.attributes({'fontname': 'Arial', 'color': INK, 'margin': '0.2,0.14'})}"
    yield f"edge {dot.attributes({'fontname': 'Arial', 'penwidth': '1.7'})}"
    apart = _apart(drawn, look.silent)
    lanes: dict[str, list[str]] = defaultdict(list)
    for key, box in drawn.boxes.items():
        written = f"{dot.quoted(numbers[key])} {dot.attributes(boxes.attributes(box, numbers[key], look))}"
        kind = box.kind
        lane = box.sector if kind is NodeKind.SERVICE else ""
        lanes[_UNREACHED if key in apart else lane].append(written)
    unboxed = lanes.pop("", [])
    # Graphviz puts what it reads first lowest.
    for place, (heading, nodes) in enumerate(sorted(lanes.items(), key=lambda lane: lane[0] != _UNREACHED)):
        title = dot.label([dot.Line(heading, size=14, bold=True, colour=QUIET)])
        yield f"subgraph cluster_{place} {{ graph {dot.attributes({'label': title, 'fontname': 'Arial', **_LANE})}"
        yield from reversed(nodes)
        yield "}"
    yield from unboxed
    columns = _columns(drawn, apart) if in_columns else []
    forward = _forward(drawn, columns)
    for line in drawn.lines:
        origin, end = dot.quoted(numbers[line.origin]), dot.quoted(numbers[line.end])
        free = {} if line in forward else {"constraint": "false"}
        yield f"{origin} -> {end} {dot.attributes(lines.attributes(line, reach) | free)}"
    yield from _ranks(columns, apart, numbers)
    yield "}"


def _apart(drawn: Drawn, silent: frozenset[str]) -> tuple[str, ...]:
    """Boxes of services that no way leads to or from: they stand in a box of their own, clear of the lines."""
    met = {key for line in drawn.lines for key in (line.origin, line.end)}
    return tuple(
        key
        for key, box in drawn.boxes.items()
        if key not in met and all(node.name.iri in silent for node in clusters.members(box))
    )


def _columns(drawn: Drawn, apart: tuple[str, ...]) -> list[list[str]]:
    """Senders at the left, then stages in order."""
    senders = [key for key, box in drawn.boxes.items() if box.kind in {NodeKind.SOURCE, NodeKind.ORGANISATION}]
    staged: dict[tuple[int, str], list[str]] = defaultdict(list)
    for key, box in drawn.boxes.items():
        stage = _stage(box)
        if stage and key not in apart:
            staged[(_LAST if stage.position is None else stage.position, stage.name.label)].append(key)
    return [column for column in (senders, *(staged[place] for place in sorted(staged))) if column]


def _forward(drawn: Drawn, columns: list[list[str]]) -> frozenset[Line]:
    """The lines that may push boxes to the right: those that no column and no other line contradicts.

    Graphviz gives up where the columns and the lines together would have a box stand to the right of itself.
    """
    place = {key: f"column {number}" for number, column in enumerate(columns) for key in column}
    order: nx.DiGraph[str] = nx.DiGraph(pairwise(f"column {number}" for number in range(len(columns))))
    order.add_nodes_from(place.get(key, key) for key in drawn.boxes)
    kept = []
    for line in drawn.lines:
        origin, end = place.get(line.origin, line.origin), place.get(line.end, line.end)
        if not nx.has_path(order, end, origin):
            order.add_edge(origin, end)
            kept.append(line)
    return frozenset(kept)


def _ranks(columns: list[list[str]], apart: tuple[str, ...], numbers: dict[str, str]) -> Iterator[str]:
    """The columns side by side; what stands apart is in rows of three."""
    named = [[dot.quoted(numbers[key]) for key in column] for column in columns]
    for column in named:
        yield f"{{ rank=same; {'; '.join(column)} }}"
    following = [(before[0], after[0]) for before, after in pairwise(named)]
    beside = pairwise(dot.quoted(numbers[key]) for key in apart)
    following += [pair for place, pair in enumerate(beside, start=1) if place % _IN_A_ROW]
    for before, after in following:
        yield f"{before} -> {after} [style=invis]"


def _stage(box: Box) -> Stage | None:
    if isinstance(box, Cluster):
        return box.stage
    return box.stages[0] if box.stages else None


def _told(groups: dict[str, Element], drawn: Drawn, numbers: dict[str, str]) -> list[Element]:
    """What is drawn, in the order in which it is read aloud and reached by keyboard: along each way, then the rest."""
    by_way = {edge.number: line for line in drawn.lines for edge in line.edges}
    order: dict[str, None] = {}
    for start in drawn.pathway.starts:
        for edge in start.steps:
            line = by_way[edge.number]
            order |= dict.fromkeys((numbers[line.origin], lines.name(line), numbers[line.end]))
    order |= dict.fromkeys(numbers.values())
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
