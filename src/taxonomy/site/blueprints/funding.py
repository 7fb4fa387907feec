"""Funding: who pays for the services of an area, how much and until when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from taxonomy.analysis import funding as money
from taxonomy.pictures import flow
from taxonomy.site import local, negotiation, tables

bp = Blueprint("funding", __name__, url_prefix="/areas/<area>/funding")


@bp.get("")
def show(area: str) -> Response:
    """Who pays for the services of an area: picture, sums and table of one list."""
    here = local.opened(area, "/funding")
    flows = here.kg.ask("funding-flows", area=here.iri)
    funds = money.of(flows, label=here.kg.label)

    def context() -> Mapping[str, Any]:
        drawn = local.picture(lambda: flow.draw(funds, local.address, within=here.label))
        return {**here.heading, "funding": funds, **drawn}

    return negotiation.respond(
        "areas/funding.html",
        tables.of_shares(funds, flows),
        context,
        name=f"{area}-funding",
        about=[agreement.name.iri for agreement in funds.agreements],
    )
