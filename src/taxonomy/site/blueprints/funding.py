"""Funding: who pays for the services of an area, how much, until when, and what would be lost without it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from taxonomy.analysis import subtotals, withdrawal
from taxonomy.analysis import timeline as terms
from taxonomy.analysis.subtotals import Dimension
from taxonomy.analysis.timeline import MONTHS
from taxonomy.analysis.withdrawal import After, Supposition
from taxonomy.errors import QueryError
from taxonomy.pictures import flow
from taxonomy.pictures import timeline as bars
from taxonomy.questions import competency
from taxonomy.questions.competency import CompetencyQuestion
from taxonomy.questions.results import Answer
from taxonomy.site import local, money, negotiation
from taxonomy.site.filters import Choice
from taxonomy.site.money import Asked

bp = Blueprint("funding", __name__, url_prefix="/areas/<area>/funding")

_DEPENDENT: Final = (Dimension.SERVICE, Dimension.RECIPIENT)
_CHOICES: Final = tuple(Choice(str(each), each.heading) for each in _DEPENDENT)


@bp.get("")
def show(area: str) -> Response:
    """Who pays for the services of an area: picture, sums and table of one list."""
    asked = money.opened(area)

    def context() -> Mapping[str, Any]:
        within = asked.here.label
        drawn = local.picture(
            lambda: flow.draw(
                asked.accounts, local.address, within=within, together_by=asked.together, opened=asked.opened
            )
        )
        return {**drawn, "totals": asked.accounts.by(asked.by), "overall": asked.accounts.overall, "told": _told(asked)}

    return _page("show", asked, asked.accounts.shares, f"{area}-funding", context)


@bp.get("/totals")
def totals(area: str) -> Response:
    """Sums of published amounts, by any dimension."""
    asked = money.opened(area, "/totals")
    return _page("totals", asked, asked.accounts.totals(asked.by), f"{area}-funding-by-{asked.by}")


@bp.get("/timeline")
def timeline(area: str) -> Response:
    """When agreements start and end: picture and table of one list."""
    asked = money.opened(area, "/timeline")

    def context() -> Mapping[str, Any]:
        draw = partial(bars.draw, asked.accounts.spans, local.address, within=asked.here.label)
        drawn = local.picture(lambda: draw(on=asked.day, together_by=asked.by, opened=partial(_lanes, asked)))
        return {**drawn, "summary": bars.summary(asked.accounts.spans)}

    return _page("timeline", asked, asked.accounts.timeline, f"{area}-funding-timeline", context)


@bp.get("/ending")
def ending(area: str) -> Response:
    """What ends within some months of a day that is shown and can be changed."""
    asked, months, on = money.opened(area, "/ending"), money.months("ending_within", MONTHS[-1]), money.on()
    spans, found = asked.accounts.spans, asked.accounts.endings(on, months)

    def context() -> Mapping[str, Any]:
        back = None if found else asked.accounts.looking_back(months)
        return {
            "on": on,
            "months": months,
            "offered": [Choice(str(each), str(each)) for each in sorted({*MONTHS, months})],
            "counts": [(each, len({e.span.agreement for e in asked.accounts.endings(on, each)})) for each in MONTHS],
            "unknown": len({span.agreement for span in spans if span.term.first_end is None}),
            "back": (back, asked.address("/ending", on=back, ending_within=months)) if back else None,
            "last": None if found else terms.last_end(spans),
        }

    return _page("ending", asked, asked.accounts.ending(on, months), f"{area}-funding-ending", context)


@bp.get("/dependence")
def dependence(area: str) -> Response:
    """How much of the money of each service or provider hangs on one funder, and on one agreement."""
    asked, of = money.opened(area, "/dependence"), money.dimension("of", Dimension.SERVICE, _DEPENDENT)
    answer = asked.accounts.dependence(of)
    return _page("dependence", asked, answer, f"{area}-funding-dependence", lambda: {"of": of, "offered": _CHOICES})


@bp.get("/without")
def without(area: str) -> Response:
    """What services would lose without a funder or an agreement, or after a day."""
    asked = money.opened(area, "/without")
    supposed = _supposed(asked)
    answer = asked.accounts.without(supposed)
    return _page("without", asked, answer, f"{area}-funding-without", lambda: _supposing(asked, supposed))


@bp.get("/steps")
def steps(area: str) -> Response:
    """Which steps of pathways begin or end with a service that would lose money, and for whom they are."""
    asked = money.opened(area, "/steps")
    supposed = _supposed(asked)
    pathway = asked.here.kg.pathway(asked.here.iri)

    def context() -> Mapping[str, Any]:
        return {
            **_supposing(asked, supposed),
            "without_step": withdrawal.without_step(pathway, asked.accounts.losses(supposed)),
        }

    return _page("steps", asked, asked.accounts.steps(supposed, pathway), f"{area}-funding-steps", context)


def _page(
    kind: str, asked: Asked, answer: Answer, name: str, context: Callable[[], Mapping[str, Any]] = dict
) -> Response:
    """One of the pages on money over its table, or the table itself."""
    screen = asked.screen(answer)
    return negotiation.respond(
        f"funding/{kind}.html",
        screen.answer,
        lambda: {
            **asked.here.heading,
            "asked": asked,
            "funding": asked.accounts,
            "screen": screen,
            "dimensions": [Choice(str(each), each.heading) for each in Dimension],
            **context(),
        },
        name=name,
        about=[agreement.name.iri for agreement in asked.accounts.agreements],
    )


def _lanes(asked: Asked, dimension: Dimension, key: str) -> str:
    return asked.address("/timeline", **{str(dimension): key})


def _supposed(asked: Asked) -> Supposition | None:
    """What the address supposes; None where it supposes nothing.

    Raises:
        NotFoundError: there is no such funder or agreement here.
        QueryError: it supposes two things at once, or names no day.
    """
    thing, after = request.args.get("without", "").strip(), local.day("after")
    if thing and after:
        raise QueryError("One thing at a time is supposed.", hint="Give without, or after.")
    if thing:
        return asked.accounts.supposed(asked.here.kg.thing(thing))
    return After(day=after) if after else None


def _supposing(asked: Asked, supposed: Supposition | None) -> Mapping[str, Any]:
    """What the pages on what would be lost need."""
    fields: dict[str, object] = {name: request.args.get(name) for name in ("without", "after")}
    lost = asked.accounts.losses(supposed) if supposed else ()
    told = dict.fromkeys(each.effect for each in lost)
    choices = {each.name: each.choices for each in asked.filters}
    return {
        "supposed": supposed,
        "lost": lost,
        "effects": [(effect, len({each.service for each in lost if each.effect is effect})) for effect in told],
        "funders": [choice for choice in choices[Dimension.FUNDER] if choice.key != "not-stated"],
        "agreements": [Choice(subtotals.key(each.name), each.name.label) for each in asked.accounts.agreements],
        "fields": fields,
        "addresses": {tail: asked.address(f"/{tail}", **fields) for tail in ("without", "steps")},
    }


def _told(asked: Asked) -> Mapping[str, Any]:
    """What the cards of the first page say of the others, and the named questions about money."""
    kg, code = asked.here.kg, asked.base.split("/")[2]

    def address(name: str) -> tuple[str, str]:
        question = kg.questions[name]
        wanted = {each.name: each.example[0] for each in question.params if each.example and not each.optional}
        if any(parameter.name == "area" for parameter in question.params):
            wanted["area"] = code
        fields = urlencode(wanted, safe="/")
        return f"/questions/{name}{f'?{fields}' if fields else ''}", question.summary

    def answers(each: CompetencyQuestion) -> list[tuple[str, str]]:
        return [address(name) for name in each.questions]

    asks = [(each, answers(each)) for each in competency.load() if each.part == "money"]
    return {"timeline": bars.summary(asked.accounts.spans), "asks": asks, "today": _today(asked)}


def _today(asked: Asked) -> tuple[date, int]:
    """How many agreements have a recorded end in the next twelve months."""
    day = money.on()
    return day, len({each.span.agreement for each in asked.accounts.endings(day, 12)})
