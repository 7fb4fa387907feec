"""The police force areas of England as tiles of one size, each near its neighbours: a map that gives each area its due.

Where each tile stands is our own work, in ``data/areas/police-force-area-tiles.csv``. State is told in words and by a
pattern, and never by colour alone.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from taxonomy import assets
from taxonomy.analysis.recorded import Recorded, State
from taxonomy.namespaces import GSS
from taxonomy.pictures.lettering import printable, wrap

WIDTH, HEIGHT, GAP = 106, 70, 6  # of a tile; between tiles
BAND, SIZE, SMALL = 12, 13.5, 12.5  # height of the band that holds the pattern; of bold letters, of others
_LEGEND = 4  # the column of tiles above which the legend stands, where England leaves room
_SHORT = {
    State.WHOLE: "{count}, whole area",
    State.PART: "{count}, in part",
    State.WIDER: "{count}, wider area",
    State.OVERLAPPING: "{count}, overlap",
    State.NOT_KNOWN: "not known",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the tile of an area stands, counted from 1, and the short name that it carries."""

    area: str  # IRI
    row: int
    column: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One area as it is drawn."""

    x: int
    y: int
    lines: tuple[str, ...]  # its name
    words: str  # how much is recorded, in brief
    title: str  # the same in full
    pattern: str
    href: str


@cache
def spots() -> tuple[Spot, ...]:
    """Where each police force area stands.

    >>> len(spots())
    39
    """
    path = assets.folder("data") / "areas" / "police-force-area-tiles.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Spot(GSS + row["area"], int(row["row"]), int(row["column"]), row["name"]) for row in csv.DictReader(file)
        )


def draw(areas: Sequence[Recorded], noun: str, address: Callable[[str], str], *, name: str = "tiles") -> str:
    """The areas as one ``<svg>`` element for a page; empty where no area has a place on it.

    ``noun`` says what is counted, such as "services". ``address`` turns an IRI into the link of its tile. ``name``
    begins the ids of its parts.

    >>> draw([], "services", str)
    ''
    """
    recorded = {each.area.iri: each for each in areas}
    drawn = [_tile(spot, recorded[spot.area], noun, address) for spot in spots() if spot.area in recorded]
    if not drawn:
        return ""
    known = sum(each.state is not State.NOT_KNOWN for each in areas)
    summary = f"{noun} are recorded for {known} of {len(areas)} police force areas, or for a part or a wider area."
    return _template().render(
        tiles=drawn,
        states=[(_pattern(state), state) for state in State],
        legend=(_LEGEND * (WIDTH + GAP), GAP),
        noun=noun,
        summary=printable(summary[0].upper() + summary[1:]),
        name=name,
        width=max(spot.column for spot in spots()) * (WIDTH + GAP),
        height=max(spot.row for spot in spots()) * (HEIGHT + GAP),
        tile=(WIDTH, HEIGHT, BAND, SIZE, SMALL),
    )


def _tile(spot: Spot, area: Recorded, noun: str, address: Callable[[str], str]) -> Tile:
    return Tile(
        x=(spot.column - 1) * (WIDTH + GAP),
        y=(spot.row - 1) * (HEIGHT + GAP),
        lines=wrap(spot.name, WIDTH - 12, size=SIZE, bold=True, lines=2),
        words=_SHORT[area.state].format(count=area.nearest),
        title=printable(f"{area.area}, {noun}: {area.told}"),
        pattern=_pattern(area.state),
        href=printable(address(area.area.iri)),
    )


def _pattern(state: State) -> str:
    return state.name.lower().replace("_", "-")


@cache
def _template() -> Template:
    loader = FileSystemLoader(assets.folder("web") / "templates" / "pictures")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("tiles.svg")
