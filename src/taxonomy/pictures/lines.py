"""The lines of a layered picture: one way, or every way of one kind between two boxes."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element, SubElement

from taxonomy.analysis.clusters import Line
from taxonomy.analysis.reach import Passage, Reach, Step
from taxonomy.analysis.ways import Way
from taxonomy.pictures import curves, dot
from taxonomy.pictures.lettering import printable, width
from taxonomy.pictures.paint import OPEN, PAPER, QUIET, REFUSED, RULE

_BADGE: Final = 13  # size of the letters on a way
_STRONG: Final = "4"
_MOST: Final = 12  # ways that the name of a line tells one by one
_LOOKS: Final = {
    Passage.OPEN: {"color": OPEN, "penwidth": _STRONG},
    Passage.NOT_KNOWN: {"color": QUIET, "penwidth": "1.7", "arrowhead": "onormal"},
    Passage.CLOSED: {"color": REFUSED, "arrowhead": "tee", "arrowsize": "1.5", "penwidth": "2.2"},
    Passage.NOT_REACHED: {"color": RULE, "penwidth": "1"},
}


def name(line: Line) -> str:
    """The id of a line: that of its first way."""
    return f"way-{line.edges[0].number}"


def attributes(line: Line, reach: Reach | None) -> dict[str, str]:
    """The attributes that Graphviz draws the line by."""
    text = badge(line, reach)
    look = {"id": name(line), "color": _colour(line, reach), "label": dot.label([dot.Line(text, _BADGE, bold=True)])}
    if reach:
        look |= _LOOKS[_passage(line, reach)]
    if line.way is Way.REFUSED:
        return look | {"style": "dashed", "arrowhead": "tee", "arrowsize": "1.5", "penwidth": "2.2", "color": REFUSED}
    return look if line.edges[0].confirmed else look | {"style": "dotted", "arrowhead": "empty"}


def badge(line: Line, reach: Reach | None) -> str:
    """The words on a line: the number of the way, or how many there are, and what is to be known of it at sight."""
    edges = line.edges
    words = [str(edges[0].number) if len(edges) == 1 else f"{len(edges)} ways"]
    if line.way is Way.REFUSED:
        words.append("Refused")
    if not edges[0].confirmed:
        words.append("not confirmed")
    if len(edges) == 1 and edges[0].consent:
        words.append("with consent")
    if reach:
        words += _for_the_person(line, reach)
    text = ", ".join(words)
    return text.replace(",", "", 1) if len(edges) == 1 else text


def finish(group: Element, line: Line, reach: Reach | None) -> None:
    """The words of a way go onto its line, where they cannot be taken for its neighbour's."""
    passage = f" {_passage(line, reach).replace(' ', '-')}" if reach else ""
    group.set("class", f"edge {line.way}{'' if line.edges[0].confirmed else ' unconfirmed'}{passage}")
    words = printable(_words(line, reach))
    group.set("role", "img")
    group.set("aria-label", words)
    group.set("data-ways", " ".join(str(edge.number) for edge in line.edges))
    for title in group.findall("title"):
        title.text = words
    path, letters = group.find("path"), group.find("text")
    if path is None or letters is None:
        return
    text, size = badge(line, reach), width(badge(line, reach), _BADGE, bold=True)
    middle = (float(letters.get("x", "0")) + size / 2, float(letters.get("y", "0")) - _BADGE / 3)
    x, y = curves.nearest(path.get("d", ""), middle)
    group.remove(letters)
    colour = _colour(line, reach)
    box = {"x": x - size / 2 - 7, "y": y - 11, "width": size + 14, "height": 22, "rx": 11}
    SubElement(group, "rect", {name: f"{value:.1f}" for name, value in box.items()} | {"fill": PAPER, "stroke": colour})
    look = {"text-anchor": "middle", "font-weight": "bold", "font-size": str(_BADGE), "fill": colour}
    SubElement(group, "text", {"x": f"{x:.1f}", "y": f"{y + _BADGE / 3:.1f}", **look}).text = text


def _steps(line: Line, reach: Reach) -> list[Step]:
    return [reach.by_number[edge.number] for edge in line.edges]


def _passage(line: Line, reach: Reach) -> Passage:
    """What the line is to the person: the best that any of its ways is."""
    return min((step.passage for step in _steps(line, reach)), key=list(Passage).index)


def _colour(line: Line, reach: Reach | None) -> str:
    """Of the line and of the words on it; a way that is not reached has words dark enough to be read."""
    if line.way is Way.REFUSED:
        return REFUSED
    if reach is None:
        return OPEN
    passage = _passage(line, reach)
    return QUIET if passage is Passage.NOT_REACHED else _LOOKS[passage]["color"]


def _for_the_person(line: Line, reach: Reach) -> list[str]:
    steps = _steps(line, reach)
    if len(steps) > 1:
        counts = {passage: sum(step.passage is passage for step in steps) for passage in Passage}
        return [f"{count} {passage}" for passage, count in counts.items() if count]
    numbers = reach.numbers(steps[0])
    passage = [] if line.way is Way.REFUSED or steps[0].passage is Passage.NOT_REACHED else [str(steps[0].passage)]
    noun = "reason" if len(numbers) == 1 else "reasons"
    return [*passage, f"{noun} {', '.join(map(str, numbers))}"] if numbers else passage


def _words(line: Line, reach: Reach | None) -> str:
    if len(line.edges) == 1:
        edge = line.edges[0]
        step = reach.by_number[edge.number] if reach else None
        why = f": {step.why}" if step and step.why else ""
        person = f" For this person: {step.passage}{why}." if step else ""
        return f"Way {edge.number}: {edge.sentence}{person} {edge.place}"
    told = [f"way {edge.number}, {edge.origin.name} to {edge.end.name}" for edge in line.edges[:_MOST]]
    if more := [str(edge.number) for edge in line.edges[_MOST:]]:
        told.append(f"and ways {', '.join(more)}")
    return f"{len(line.edges)} ways, {line.edges[0].status}: {'; '.join(told)}"
