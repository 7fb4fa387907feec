"""Money as a picture: who pays, under which agreement, for which service; as thick as it is much.

What has a different standing or basis stands in a section of its own, on its own scale, because such amounts are never
added. A band whose amount is not published is hatched and says so; it is never left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from taxonomy import assets
from taxonomy.analysis import citations
from taxonomy.analysis.funding import Agreement, Flow, Funding
from taxonomy.analysis.money import NOT_STATED, Standing, pounds
from taxonomy.analysis.rows import Named, listed
from taxonomy.pictures import columns
from taxonomy.pictures.columns import Band, Card, Placed
from taxonomy.pictures.lettering import printable, short, wrap

_TALL = 300  # height of all known bands of a section together
_THIN, _UNKNOWN = 1.5, 9.0  # the thinnest known band; a band whose amount is not published
_HEADED, _UNDER = 88.0, 40.0  # a section's headings; under a section


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Money of one standing and one basis, drawn on one scale."""

    heading: str
    summary: str
    y: float
    placed: Placed


def draw(funding: Funding, address: Callable[[str], str], *, within: str = "") -> str:
    """The money as one ``<svg>`` element for a page; empty where no agreement is recorded.

    ``address`` turns an IRI into a link. ``within`` is the name of the area, which labels that end with it leave out.

    >>> from taxonomy.analysis import funding
    >>> draw(funding.of([], label=str), address=str)
    ''
    """
    if not funding.agreements:
        return ""
    kinds: dict[tuple[Standing, Named], list[Flow]] = defaultdict(list)
    for flow in funding.flows:
        kinds[(flow.standing, flow.basis)].append(flow)
    sections, y = [], 0.0
    for standing, basis in sorted(
        kinds, key=lambda kind: (list(Standing).index(kind[0]), kind[1] == NOT_STATED, kind[1])
    ):
        drawn = _Drawing(funding, kinds[(standing, basis)], address, within)
        placed = drawn.placed()
        heading = f"{standing}: {'basis not stated' if basis == NOT_STATED else basis.label.lower()}"
        sections.append(Section(heading=heading, summary=drawn.summary, y=y + _HEADED, placed=placed))
        y += _HEADED + placed.bottom + _UNDER
    return _template().render(
        sections=sections,
        summary=printable(funding.summary),
        columns=columns,
        width=columns.COLUMNS[-1] + columns.WIDTH,
        height=y,
    )


class _Drawing:
    """One section in the making."""

    def __init__(self, funding: Funding, flows: list[Flow], address: Callable[[str], str], within: str) -> None:
        self._flows, self._address, self._within = flows, address, within
        self._agreements = {
            agreement: [flow for flow in agreement.flows if flow in flows]
            for agreement in funding.agreements
            if any(flow in flows for flow in agreement.flows)
        }
        known = [amount for agreement in self._agreements if (amount := self._amount(agreement)) is not None]
        self._total = sum(known, Decimal(0))
        count = len(self._agreements)
        published = f"{pounds(self._total)} published" if known else "No amount published"
        self.summary = f"{published}; {len(known)} of {count} agreements with an amount" if count > 1 else published
        days = citations.between(citation.as_at for flow in flows for citation in flow.citations)
        self.summary = f"{self.summary}; {days}"

    def placed(self) -> Placed:
        """The section's cards and bands."""
        payers = sorted(
            {flow.funder or NOT_STATED for flow in self._flows}, key=lambda payer: (-self._paid(payer), payer)
        )
        rank = {payer: place for place, payer in enumerate(payers)}

        def order(agreement: Agreement) -> tuple[float, Decimal, Named]:
            places = [rank[flow.funder or NOT_STATED] for flow in self._agreements[agreement]]
            return (sum(places) / len(places), -(self._amount(agreement) or Decimal(0)), agreement.name)

        agreements = sorted(self._agreements, key=order)
        services = sorted({service for agreement in agreements for service in agreement.services})
        shares = [self._share(flow) for flow in self._flows]
        uses = [self._use(agreement, service) for agreement in agreements for service in agreement.services]
        return columns.place(
            [self._payer(payer) for payer in payers],
            [self._agreement(agreement) for agreement in agreements],
            [self._named("service", service) for service in services],
            sorted([*shares, *uses], key=lambda band: -band.thickness),  # the thin ones lie on top
        )

    def _amount(self, agreement: Agreement) -> Decimal | None:
        flows = self._agreements[agreement]
        if len(flows) == len(agreement.flows):
            return agreement.amount
        shares = [flow.amount for flow in flows if flow.amount is not None]
        return sum(shares, Decimal(0)) if len(shares) == len(flows) else None

    def _paid(self, payer: Named) -> Decimal:
        return sum(
            (flow.amount or Decimal(0) for flow in self._flows if (flow.funder or NOT_STATED) == payer), Decimal(0)
        )

    def _thickness(self, amount: Decimal | None) -> float:
        return _UNKNOWN if amount is None or not self._total else max(_THIN, float(amount / self._total) * _TALL)

    def _share(self, flow: Flow) -> Band:
        out_of = f", from {flow.fund}" if flow.fund else ""
        title = (
            f"{flow.funder or 'Funder not stated'}{out_of}, to {flow.agreement}: {flow.amount_stated} ({flow.place})"
        )
        return Band(
            origin=f"payer {(flow.funder or NOT_STATED).iri}",
            end=f"agreement {flow.agreement.iri}",
            thickness=self._thickness(flow.amount),
            title=printable(title),
            known=flow.amount is not None,
        )

    def _use(self, agreement: Agreement, service: Named) -> Band:
        amount, split = self._amount(agreement), len(agreement.services) > 1
        told = (
            f"a share of {pounds(amount)}, how much is not stated" if split and amount is not None else pounds(amount)
        )
        return Band(
            origin=f"agreement {agreement.name.iri}",
            end=f"service {service.iri}",
            thickness=self._thickness(None if split else amount),
            title=printable(f"{agreement.name}, for {service}: {told}"),
            known=amount is not None and not split,
        )

    def _payer(self, payer: Named) -> Card:
        flows = [flow for flow in self._flows if (flow.funder or NOT_STATED) == payer]
        unknown = sum(flow.amount is None for flow in flows)
        told = [pounds(self._paid(payer))] if unknown < len(flows) else []
        told += [f"{unknown} amount{'s' if unknown > 1 else ''} not published"] if unknown else []
        return self._named("payer", payer if payer.iri else Named("Funder not stated", ""), listed(told))

    def _agreement(self, agreement: Agreement) -> Card:
        flows = self._agreements[agreement]
        instrument = flows[0].instrument.label if flows[0].instrument else "Instrument not stated"
        terms = {flow.term for flow in flows if flow.term and flow.term.lower() != instrument.lower()}
        details = f"{instrument}, {'terms differ' if len(terms) > 1 else terms.pop()}" if terms else instrument
        recipients = listed([recipient.label for recipient in flows[0].recipients])
        held = f"to {recipients}" if recipients else "recipient not stated"
        amount = pounds(self._amount(agreement))
        lines = [*_bold(amount[0].upper() + amount[1:]), *_plain(details), *_plain(held)]
        title = f"{agreement.name}: {amount}, {details}, {held}"
        return self._card("agreement", agreement.name.iri, lines, title, bold=1)

    def _named(self, kind: str, thing: Named, detail: str = "") -> Card:
        name = _bold(short(thing.label, self._within))
        lines = [*name, *_plain(detail)] if detail else [*name]
        return self._card(kind, thing.iri, lines, f"{thing.label}{f': {detail}' if detail else ''}", bold=len(name))

    def _card(self, kind: str, iri: str, lines: Sequence[str], title: str, *, bold: int) -> Card:
        href = printable(self._address(iri)) if iri else None
        return Card(key=f"{kind} {iri}", lines=tuple(lines), title=printable(title), href=href, bold=bold)


def _bold(text: str) -> tuple[str, ...]:
    return wrap(text, columns.WIDTH - 2 * columns.PADDING, size=columns.SIZE, bold=True)


def _plain(text: str) -> tuple[str, ...]:
    return wrap(text, columns.WIDTH - 2 * columns.PADDING, size=columns.SMALL)


@cache
def _template() -> Template:
    loader = FileSystemLoader(assets.folder("web") / "templates" / "pictures")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("flow.svg")
