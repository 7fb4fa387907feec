"""Areas side by side: counts, types, stages and money of two to four areas, and their matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, request

from taxonomy.analysis import comparison, gaps
from taxonomy.analysis.cells import By
from taxonomy.analysis.comparison import LEAST, MOST, Profile
from taxonomy.analysis.rows import Named
from taxonomy.errors import NotFoundError, QueryError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.site import negotiation, reading

bp = Blueprint("comparison", __name__, url_prefix="/areas/compare")

_FEW: Final = f"Choose {LEAST} to {MOST} areas."


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the fields of the form hold: each area's name as it was typed, and what was found."""

    typed: tuple[str, ...]
    areas: tuple[str, ...]
    problems: Mapping[int, str]  # by the number of the field


@bp.get("")
def show() -> Response:
    """Two to four areas side by side, measure by measure."""
    kg = reading.pages()
    chosen = _chosen(kg)
    areas = chosen.areas if not chosen.problems and len(chosen.areas) >= LEAST else ()
    measures = comparison.of([_profile(kg, area) for area in areas])
    table = comparison.table(measures, kg.ask("known-areas"))
    return negotiation.respond(
        "areas/compare.html", table, lambda: _form(kg, chosen) | {"measures": measures}, name="areas", about=areas
    )


@bp.get("/matrix")
def matrix() -> Response:
    """The matrix of two to four areas.

    Raises:
        QueryError: the address names fewer areas, or more.
        NotFoundError: it names one that there is not.
    """
    kg = reading.pages()
    given = [area.strip() for area in request.args.getlist("area") if area.strip()]
    if not LEAST <= len(given) <= MOST:
        raise QueryError(_FEW, hint="For example area=E23000036&area=E23000021.")
    coverage = kg.coverage(given, by=request.args.get("by", "").strip() or By.SERVICE_TYPE)
    about = [service.iri for service in coverage.services] or [column.area.iri for column in coverage.columns]

    def context() -> Mapping[str, Any]:
        return {"coverage": coverage, "bys": [(by.value, by.nouns) for by in By], "given": given}

    return negotiation.respond("areas/compare-matrix.html", coverage.answer, context, name="areas-matrix", about=about)


def _chosen(kg: KnowledgeGraph) -> Chosen:
    typed = tuple(area.strip() for area in request.args.getlist("area") if area.strip())
    if len(typed) > MOST:
        raise QueryError(f"{len(typed)} areas are too many to read side by side.", hint=_FEW)
    areas: list[str] = []
    problems: dict[int, str] = {}
    for number, area in enumerate(typed):
        try:
            areas.append(kg.area(area))
        except NotFoundError as error:
            if negotiation.wanted() is not None:
                raise
            problems[number] = str(error)
    return Chosen(typed, tuple(dict.fromkeys(areas)), problems)


def _profile(kg: KnowledgeGraph, area: str) -> Profile:
    return Profile(
        area=Named(kg.label(area), area),
        types=kg.coverage(area),
        stages=kg.coverage(area, by=By.STAGE),
        needs=kg.coverage(area, by=By.NEED),
        pathway=kg.pathway(area),
        funding=kg.funding(area),
        gaps=gaps.of(kg.ask("coverage-gaps", area=area), label=kg.label),
    )


def _form(kg: KnowledgeGraph, chosen: Chosen) -> dict[str, Any]:
    known = [row for row in kg.ask("known-areas") if row["ended"] is None]
    return {
        "fields": [*chosen.typed, *[""] * (MOST - len(chosen.typed))],
        "problems": chosen.problems,
        "areas": chosen.areas,
        "known": sorted({(str(row["label"]), str(row["kind"])) for row in known}),
        "few": _FEW,
    }
