"""The briefing on an area: one page to print, and the same tables as a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from flask import Blueprint, Response

from taxonomy.analysis import briefing, gaps
from taxonomy.analysis.briefing import Briefing
from taxonomy.analysis.figures import Figure, Missing, plain
from taxonomy.analysis.pathways import Pathway
from taxonomy.analysis.rows import Named
from taxonomy.pictures import flow, layered
from taxonomy.questions import spreadsheets
from taxonomy.questions.spreadsheets import Book, Sheet
from taxonomy.site import local, negotiation, reading, words
from taxonomy.site.local import Local
from taxonomy.store.manifests import PRACTICE

bp = Blueprint("briefing", __name__, url_prefix="/areas/<area>/briefing")

_STYLE: Final = "Every figure is as its source states it. No source recorded here may be newer than the day it carries."


@bp.get("")
def show(area: str) -> Response:
    """What is recorded of an area, for a committee: services, ways, money, gaps, contradictions and sources."""
    here = local.opened(area, "/briefing")
    day = local.day()
    told = _told(here, day)
    made = briefing.of(told)
    name = f"{area}-briefing"
    if negotiation.wanted() is negotiation.XLSX:
        return negotiation.data(spreadsheets.write(_book(made, day)), negotiation.XLSX, name)

    def context() -> Mapping[str, Any]:
        return {
            **here.heading,
            "briefing": made,
            "as_at": day,
            "pathway": told.pathway,
            "drawn": {
                "pathway": local.picture(lambda: _ways(here, told.pathway)),
                "funding": local.picture(lambda: flow.draw(told.funding, local.address, within=here.label)),
            },
            "missing": list(Missing),
        }

    about = [node.name.iri for node in told.pathway.services] or [here.iri]
    return negotiation.respond("areas/briefing.html", made.answer(told.services), context, name=name, about=about)


def _ways(here: Local, pathway: Pathway) -> str:
    """The picture of the ways; a box of several services opens on the page of the ways."""
    base = here.heading["base"]
    return layered.draw(
        pathway.near, local.address, within=here.label, opens=lambda key: f"{base}/pathways?show={key}#pictures"
    )


def _told(here: Local, day: date | None) -> briefing.Told:
    """What is recorded of the area; with a day, what may be in force then."""
    kg, area = here.kg, here.iri
    pathway = kg.pathway(area, as_at=day)
    concerned = {row["contradiction"] for row in kg.ask("coverage-contradictions", area=area)}
    return briefing.Told(
        area=Named(here.label, area),
        services=kg.ask("services-in-area", area=area, as_at=day.isoformat() if day else None),
        pathway=pathway,
        funding=kg.funding(area, as_at=day),
        coverage=kg.coverage(area, as_at=day),
        checklist=kg.checklist(area, as_at=day),
        gaps=gaps.of(kg.ask("coverage-gaps", area=area), label=kg.label),
        rivals=[row for row in kg.ask("page-rivals") if row["contradiction"] in concerned],
    )


def _book(made: Briefing, day: date | None) -> Book:
    """The tables as sheets; one that would have no row is said in the notes instead."""
    release = reading.release()
    told = [figure for figure in made.figures if figure.rows]
    empty = [(figure.title, figure.summary) for figure in made.figures if not figure.rows]
    return Book(
        title=f"{made.area.label}: briefing on services after sexual violence",
        about=(
            f"Release {release.name} of SVSSV, built on {words.day(release.built.date())}.",
            *((PRACTICE,) if release.practice else ()),
            *((f"As at {words.day(day)}: what had ended by then, or began later, is left out.",) if day else ()),
            f"{len(told)} tables on what is recorded of {made.area.label}, each on a sheet of its own.",
            _STYLE,
            "What is not known is marked so, and is never zero. The sheet Notes explains the marks.",
            "Data: Creative Commons Attribution 4.0, with the attributions that the sources ask for.",
        ),
        notes=(*((each.shorthand, each.meaning) for each in Missing), *empty),
        sheets=tuple(_sheet(number, figure) for number, figure in enumerate(told, start=1)),
    )


def _sheet(number: int, figure: Figure) -> Sheet:
    sources = "; ".join(document.label for document in figure.documents)
    lines = (
        "This worksheet contains one table. Some cells hold marks, which the sheet Notes explains.",
        figure.summary,
        figure.note,
        f"Source: {sources}." if sources else "Source: as the tables before.",
        f"{words.capital(figure.stated)}." if figure.stated else "",
    )
    return Sheet(
        tab=f"{number}_{figure.key}",
        title=f"Table {number}: {figure.title}",
        lines=tuple(filter(None, lines)),
        heads=tuple(head.text for head in figure.heads),
        rows=tuple(tuple(plain(cell) for cell in row) for row in figure.rows),
        figures=frozenset(place for place, head in enumerate(figure.heads) if head.figures),
    )
