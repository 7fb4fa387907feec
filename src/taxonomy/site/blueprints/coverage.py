"""Gaps: what is recorded of an area, looked for in vain, not known or not applicable; and areas side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, request

from taxonomy.analysis import cells, checklist, gaps, tips
from taxonomy.analysis.cells import By
from taxonomy.analysis.coverage import Coverage
from taxonomy.analysis.looking import State
from taxonomy.errors import QueryError
from taxonomy.site import local, negotiation
from taxonomy.site.local import Local

bp = Blueprint("coverage", __name__, url_prefix="/areas/<area>/gaps")

_COLUMNS: Final[Mapping[str, str]] = {
    "parts": "This area and its parts",
    "area": "This area alone",
    By.COMMUNITY: "Communities in this area",
    By.AGE_GROUP: "Age groups in this area",
}


@bp.get("")
def show(area: str) -> Response:
    """The matrix of an area: types of service, needs, communities, stages or ages against areas or groups."""
    here = local.opened(area, "/gaps")
    columns = request.args.get("columns", "").strip() or "parts"
    if columns not in _COLUMNS:
        raise QueryError(f"{columns[:40]!r} is nothing that a column can be.", hint=f"Use {', '.join(_COLUMNS)}.")
    state = request.args.get("state", "").strip()
    whole = here.kg.coverage(
        here.iri,
        by=request.args.get("by", "").strip() or By.SERVICE_TYPE,
        across=columns if columns in set(By) else None,
        parts=columns == "parts",
        as_at=local.day(),
    )
    shown = whole.only(cells.state_of(state)) if state else whole

    def context() -> Mapping[str, Any]:
        asked = {"columns": columns, "state": state}
        return {**here.heading, "whole": whole, "coverage": shown, **asked, **_choices(), **_printed(here)}

    return negotiation.respond("areas/gaps.html", shown.answer, context, name=f"{area}-gaps", about=_about(here, shown))


@bp.get("/pathway")
def pathway(area: str) -> Response:
    """What is missing along the pathway of an area: stage by stage or need by need, with open questions."""
    here = local.opened(area, "/gaps/pathway")
    by = request.args.get("by", "").strip() or By.STAGE
    listed = here.kg.checklist(here.iri, by=by, as_at=local.day())

    def context() -> Mapping[str, Any]:
        stages = listed if listed.coverage.by is By.STAGE else here.kg.checklist(here.iri, as_at=local.day())
        advice = tips.of(
            here.kg.ask("coverage-tips"),
            here.kg.ask("coverage-figures", area=here.iri),
            types=here.kg.coverage(here.iri, as_at=local.day()),
            stages=stages,
            pathway=here.kg.pathway(here.iri, as_at=local.day()),
            label=here.kg.label,
        )
        return {**here.heading, "checklist": listed, "tips": advice, **_choices()}

    about = [offer.service.iri for step in listed.steps for offer in step.offers] or [here.iri]
    table = checklist.table(listed)
    return negotiation.respond("areas/gaps-pathway.html", table, context, name=f"{area}-gaps-pathway", about=about)


@bp.get("/printed")
def printed(area: str) -> Response:
    """What sources say of gaps in an area, each with its place."""
    here = local.opened(area, "/gaps/printed")
    answer = here.kg.ask("coverage-gaps", area=here.iri)
    table = gaps.table(gaps.of(answer, label=here.kg.label), answer)
    return negotiation.respond("areas/gaps-printed.html", table, lambda: here.heading, name=f"{area}-gaps-printed")


def _about(here: Local, coverage: Coverage) -> list[str]:
    """The things that the cells rest on; the area where there are none."""
    looked = {each.iri for cell in coverage.cells for each in cell.looked}
    return [*(service.iri for service in coverage.services), *sorted(looked)] or [here.iri]


def _choices() -> Mapping[str, Any]:
    return {
        "bys": [(by.value, by.nouns) for by in By],
        "columns_offered": list(_COLUMNS.items()),
        "states": [(state.key, str(state)) for state in State],
    }


def _printed(here: Local) -> Mapping[str, Any]:
    answer = here.kg.ask("coverage-gaps", area=here.iri)
    return {"printed": gaps.of(answer, label=here.kg.label)}
