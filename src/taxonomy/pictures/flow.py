"""Money as a picture: who pays, under which agreement, whom, for which service; as thick as it is much.

What has a different standing or basis stands in a section of its own, on its own scale, because such amounts are never
added. A band whose amount is not published is hatched and says so. Where there are too many things for one picture, the
small ones stand together in boxes that count them; nothing is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from taxonomy import assets
from taxonomy.analysis import citations
from taxonomy.analysis.agreements import Agreement, Unit
from taxonomy.analysis.funding import Funding
from taxonomy.analysis.money import NOT_STATED, Standing, pounds
from taxonomy.analysis.rows import Named
from taxonomy.analysis.subtotals import Dimension
from taxonomy.pictures import columns, gathering
from taxonomy.pictures.columns import Placed
from taxonomy.pictures.gathering import Amount, Box
from taxonomy.pictures.lettering import printable

_HEADED, _UNDER = 88.0, 40.0  # a section's headings; under a section
_HEADINGS = ("Who pays", "Agreement", "Who is paid", "Service")

Opened = Callable[[Dimension, str], str]  # where the page is, narrowed to a value, or added up where that is empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Money of one standing and one basis, drawn on one scale."""

    heading: str
    summary: str
    y: float
    placed: Placed


def draw(
    funding: Funding,
    address: Callable[[str], str],
    *,
    within: str = "",
    together_by: Dimension = Dimension.INSTRUMENT,
    opened: Opened | None = None,
) -> str:
    """The money as one ``<svg>`` element for a page; empty where no agreement is recorded.

    ``address`` turns an IRI into a link. ``within`` is the name of the area, which labels that end with it leave out.
    ``together_by`` is what the small agreements are put together by, where there are many; ``opened`` links such a box.

    >>> from taxonomy.analysis import funding
    >>> draw(funding.of([], label=str), address=str)
    ''
    """
    if not funding.agreements:
        return ""
    kinds: dict[tuple[Standing, Named], list[_Told]] = defaultdict(list)
    for agreement in funding.agreements:
        parts: dict[tuple[Standing, Named], list[Unit]] = defaultdict(list)
        for unit in agreement.units:
            parts[unit.standing, unit.basis].append(unit)
        for kind, units in parts.items():
            kinds[kind].append(_Told(agreement, units))
    sections, y = [], 0.0
    order = [*Standing]
    for standing, basis in sorted(kinds, key=lambda kind: (order.index(kind[0]), kind[1] == NOT_STATED, kind[1])):
        section = _Section(kinds[standing, basis], together_by)
        boxes = gathering.Boxes(section.columns, address=address, within=within, opened=opened)
        placed = boxes.placed(section.amounts)
        heading = f"{standing}: {'basis not stated' if basis == NOT_STATED else basis.label.lower()}"
        sections.append(Section(heading=heading, summary=section.summary, y=y + _HEADED, placed=placed))
        y += _HEADED + placed.bottom + _UNDER
    return _template().render(
        sections=sections,
        summary=printable(funding.summary),
        columns=columns,
        headings=list(zip(columns.COLUMNS, _HEADINGS, strict=True)),
        width=columns.COLUMNS[-1] + columns.WIDTH,
        height=y,
    )


class _Told:
    """One agreement, as far as it is of one standing and one basis."""

    def __init__(self, agreement: Agreement, units: list[Unit]) -> None:
        self.name, self.flows = agreement.name, [flow for unit in units for flow in unit.flows]
        known = [unit.amount for unit in units if unit.amount is not None]
        self.worth = sum(known, Decimal(0)) if len(known) == len(units) else None

    @property
    def box(self) -> Box:
        """Its box: how much, of what kind, for how long."""
        first = self.flows[0]
        instrument = first.instrument.label if first.instrument else "Kind not stated"
        terms = {flow.term.printed for flow in self.flows if flow.term.printed}
        terms -= {term for term in terms if term.lower() == instrument.lower()}
        details = f"{instrument}, {'terms differ' if len(terms) > 1 else terms.pop()}" if terms else instrument
        amount = pounds(self.worth)
        return Box(self.name, f"{amount[0].upper()}{amount[1:]}", details, first)

    @property
    def amounts(self) -> Iterator[Amount]:
        """Its money from box to box."""
        box, first = self.box, self.flows[0]
        for flow in self.flows:
            out_of = f", from {flow.fund}" if flow.fund else ""
            payer = flow.funder or NOT_STATED
            told = f"{_said(payer, 'Funder not stated')}{out_of}, to {self.name}: {flow.amount_stated} ({flow.place})"
            yield Amount(0, Box(payer), box, flow.amount, told)
        paid, bought = first.recipients or (NOT_STATED,), first.services or (NOT_STATED,)
        for who in paid:
            told = f"{self.name}, to {_said(who, 'somebody not stated')}: {self._part(len(paid))}"
            yield Amount(1, box, Box(who), self.worth if len(paid) == 1 else None, told)
            for service in bought:
                ways = len(paid) * len(bought)
                told = f"{self.name}, for {service}: {self._part(ways)}"
                yield Amount(2, Box(who), Box(service), self.worth if ways == 1 else None, told)

    def _part(self, ways: int) -> str:
        if ways == 1 or self.worth is None:
            return pounds(self.worth)
        return f"a share of {pounds(self.worth)}, how much is not stated"


class _Section:
    """The boxes and amounts of one section."""

    def __init__(self, told: list[_Told], together_by: Dimension) -> None:
        known = [each.worth for each in told if each.worth is not None]
        count = len(told)
        published = f"{pounds(sum(known, Decimal(0)))} published" if known else "No amount published"
        summary = f"{published}; {len(known)} of {count} agreements with an amount" if count > 1 else published
        days = citations.between(cited.as_at for each in told for flow in each.flows for cited in flow.citations)
        self.summary = f"{summary}; {days}"
        self.amounts = tuple(amount for each in told for amount in each.amounts)
        self.columns = (
            gathering.Column(Dimension.FUNDER, "Funder not stated", "funder"),
            gathering.Column(together_by, "", "agreement"),
            gathering.Column(Dimension.RECIPIENT, "Who is paid is not stated", "provider"),
            gathering.Column(Dimension.SERVICE, "Service not stated", "service"),
        )


def _said(name: Named, unknown: str) -> str:
    return unknown if name == NOT_STATED else name.label


@cache
def _template() -> Template:
    loader = FileSystemLoader(assets.folder("web") / "templates" / "pictures")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("flow.svg")
