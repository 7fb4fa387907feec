"""Made-up rows, as the map questions would give them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from taxonomy.analysis.rows import Row
from taxonomy.namespaces import CONCEPT, EXAMPLE, SV

STATED = {
    "citation": EXAMPLE + "graph/citation/made-up-plan/table-row-1",
    "locator": "Made-up table, row 1",
    "document": EXAMPLE + "id/source/made-up-plan",
    "as_at": date(2018, 3, 12),
    "confirmed": True,
}
LINK = {
    "kind": "open",
    "from_kind": "source",
    "to_kind": "service",
    "wider": False,
    **dict.fromkeys(("mechanism", "consent", "condition", "rule", "stage", "sector")),
    **dict.fromkeys(("starts", "ends")),
    **STATED,
}
SERVICE = {
    "covers": EXAMPLE + "id/area/made-up-shire",
    "leads": True,
    "sector": SV + "VoluntaryOrganisation",
    **dict.fromkeys(("provider", "provider_as_printed", "stage", "position", "group", "starts", "ends", "as_at")),
}
FLOW = {
    "service": EXAMPLE + "id/service/made-up-helpline",
    "status": CONCEPT + "agreement-status/awarded",
    "basis": CONCEPT + "amount-basis/per-year",
    **dict.fromkeys(("recipient", "instrument", "agreement_status", "fund", "qualifier", "commissioner", "leads")),
    **dict.fromkeys(("term", "starts", "ends", "initial_months", "extension_months", "disputed")),
    **dict.fromkeys(("part_term", "part_starts", "part_ends", "part_initial_months", "part_extension_months")),
    **dict.fromkeys(("stated_amount", "stated_basis", "funder", "part", "amount")),
    **STATED,
}


@pytest.fixture
def link() -> Callable[..., Row]:
    """A way from one thing to another."""

    def made(origin: str, end: str, **cells: object) -> Row:
        return LINK | {"link": f"{EXAMPLE}id/way/{origin}-{end}", "from": origin, "to": end} | cells

    return made


@pytest.fixture
def service() -> Callable[..., Row]:
    """A service of the area."""
    return lambda iri, **cells: SERVICE | {"service": iri} | cells


@pytest.fixture(scope="session")
def flow() -> Callable[..., Row]:
    """A share of an agreement."""

    def made(agreement: str, part: str | None = None, **cells: object) -> Row:
        return FLOW | {"agreement": agreement, "part": part and f"{agreement}/{part}"} | cells

    return made
