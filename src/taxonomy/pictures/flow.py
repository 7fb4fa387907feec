"""Money as a picture: who pays, under which agreement, whom, for which service; as thick as it is much.

What has a different standing or basis stands in a section of its own, on its own scale, because such amounts are never
added. A band whose amount is not published is hatched and says so. Where there are too many things for one picture, the
small ones stand together in boxes that count them; nothing is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from taxonomy import assets
from taxonomy.analysis import citations
from taxonomy.analysis.agreements import Agreement, Flow, together
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
    kinds: dict[tuple[Standing, Named], list[tuple[Agreement, list[Flow]]]] = defaultdict(list)
    for agreement in funding.agreements:
        parts: dict[tuple[Standing, Named], list[Flow]] = defaultdict(list)
        for flow in agreement.flows:
            parts[flow.standing, flow.basis].append(flow)
        for kind, flows in parts.items():
            kinds[kind].append((agreement, flows))
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


class _Section:
    """The boxes and amounts of one section."""

    def __init__(self, told: list[tuple[Agreement, list[Flow]]], together_by: Dimension) -> None:
        self._told = told
        known = [amount for each in told if (amount := _worth(*each)) is not None]
        count = len(told)
        published = f"{pounds(sum(known, Decimal(0)))} published" if known else "No amount published"
        summary = f"{published}; {len(known)} of {count} agreements with an amount" if count > 1 else published
        days = citations.between(citation.as_at for _, flows in told for flow in flows for citation in flow.citations)
        self.summary = f"{summary}; {days}"
        self.columns = (
            gathering.Column(Dimension.FUNDER, "Funder not stated", "funder"),
            gathering.Column(together_by, "", "agreement"),
            gathering.Column(Dimension.RECIPIENT, "Who is paid is not stated", "provider"),
            gathering.Column(Dimension.SERVICE, "Service not stated", "service"),
        )

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """Every amount from box to box."""
        found = []
        for agreement, flows in self._told:
            found += [self._share(flow, agreement, flows) for flow in flows]
            worth, (first, *_) = _worth(agreement, flows), flows
            paid, bought = first.recipients or (NOT_STATED,), first.services or (NOT_STATED,)
            middle = self._agreement(agreement, flows)
            for who in paid:
                split = len(paid) > 1
                told = f"{agreement.name}, to {_said(who, 'somebody not stated')}: {_part(worth, split=split)}"
                found.append(Amount(1, middle, Box(who), None if split else worth, told))
            for who in paid:
                for service in bought:
                    split = len(paid) * len(bought) > 1
                    told = f"{agreement.name}, for {service}: {_part(worth, split=split)}"
                    found.append(Amount(2, Box(who), Box(service), None if split else worth, told))
        return tuple(found)

    def _share(self, flow: Flow, agreement: Agreement, flows: list[Flow]) -> Amount:
        out_of = f", from {flow.fund}" if flow.fund else ""
        payer = flow.funder or NOT_STATED
        told = f"{_said(payer, 'Funder not stated')}{out_of}, to {flow.agreement}: {flow.amount_stated} ({flow.place})"
        return Amount(0, Box(payer), self._agreement(agreement, flows), flow.amount, told)

    @staticmethod
    def _agreement(agreement: Agreement, flows: list[Flow]) -> Box:
        first = flows[0]
        instrument = first.instrument.label if first.instrument else "Kind not stated"
        terms = {flow.term.printed for flow in flows if flow.term.printed}
        terms -= {term for term in terms if term.lower() == instrument.lower()}
        details = f"{instrument}, {'terms differ' if len(terms) > 1 else terms.pop()}" if terms else instrument
        amount = pounds(_worth(agreement, flows))
        return Box(agreement.name, f"{amount[0].upper()}{amount[1:]}", details, first)


def _worth(agreement: Agreement, flows: list[Flow]) -> Decimal | None:
    return agreement.amount if len(flows) == len(agreement.flows) else together(flows)


def _said(name: Named, unknown: str) -> str:
    return unknown if name == NOT_STATED else name.label


def _part(worth: Decimal | None, *, split: bool) -> str:
    return f"a share of {pounds(worth)}, how much is not stated" if split and worth is not None else pounds(worth)


@cache
def _template() -> Template:
    loader = FileSystemLoader(assets.folder("web") / "templates" / "pictures")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("flow.svg")
