"""``review proposals``, ``match``, ``accept``, ``leave`` and ``undo``: what records propose to the register."""

from __future__ import annotations

import click

from taxonomy.cli.context import context
from taxonomy.cli.listing import form_option, show_json, show_table
from taxonomy.cli.options import State as Shell
from taxonomy.cli.options import pass_state
from taxonomy.cli.people import acting
from taxonomy.cli.submissions import by_option, reason_option
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.proposal import Kind
from taxonomy.publishing.proposals import Proposals
from taxonomy.store.releases import Home

_iri = click.argument("iri", metavar="IRI")
_reason = reason_option("Why; it is public with the next release.")
_NEXT = "It holds from the next release on: svssv release build"


@click.command("proposals")
@click.option("--open", "only_open", is_flag=True, help="Only those that are to be decided.")
@form_option
@pass_state
def proposals(shell: Shell, only_open: bool, style: str) -> None:
    """List the organisations that records name and nobody describes, and what was decided on each.

    \b
    svssv review proposals --open
    """
    with Ledger.of(Home.open(shell.place)) as ledger:
        found = tuple(each for each in Proposals(ledger).list(context(shell)) if each.open or not only_open)
    if style == "json":
        show_json(found)
        return
    rows = [
        (
            each.iri,
            "; ".join(each.names),
            ", ".join(each.parts),
            ", ".join(str(mention.submission) for mention in each.mentions),
            "to be decided" if each.open or not each.settled else each.settled.verdict,
            each.settled.known if each.settled else None,
            ", ".join(each.near),
        )
        for each in found
    ]
    show_table([("iri", "name as written", "said to be", "submissions", "decided", "known as", "looks like"), *rows])


@click.command("match")
@_iri
@click.argument("known", metavar="KNOWN")
@by_option
@_reason
@pass_state
def match(shell: Shell, iri: str, known: str, name: str, reason: str) -> None:
    """Decide that the organisation with an IRI is a KNOWN one, by its name or IRI.

    \b
    SVSSV_TOKEN=… svssv review match IRI "Home Office" --by sam --reason "The same body, by its older name"
    """
    with Ledger.of(Home.open(shell.place)) as ledger:
        done = Proposals(ledger).match(iri, known, acting(ledger, name), reason, context=context(shell))
    click.echo(f"Matched to {done.known}. {_NEXT}", err=True)


@click.command("accept")
@_iri
@click.option("--kind", type=click.Choice([each.value for each in Kind]), required=True, help="What it is.")
@click.option("--label", default="", metavar="TEXT", help="What it is called.  [default: as it is written]")
@by_option
@_reason
@pass_state
def accept(shell: Shell, iri: str, kind: str, label: str, name: str, reason: str) -> None:
    """Decide that the organisation with an IRI is one more, with a kind and a name.

    \b
    SVSSV_TOKEN=… svssv review accept IRI --kind voluntary --by sam --reason "It is in the register of charities"
    """
    with Ledger.of(Home.open(shell.place)) as ledger:
        person = acting(ledger, name)
        done = Proposals(ledger).accept(iri, Kind(kind), person, reason, context=context(shell), label=label)
    click.echo(f"Accepted as {done.label}. {_NEXT}", err=True)


@click.command("leave")
@_iri
@by_option
@_reason
@pass_state
def leave(shell: Shell, iri: str, name: str, reason: str) -> None:
    """Decide that the organisation with an IRI stays what the records write.

    \b
    SVSSV_TOKEN=… svssv review leave IRI --by sam --reason "Nothing says which trust it is"
    """
    with Ledger.of(Home.open(shell.place)) as ledger:
        Proposals(ledger).leave(iri, acting(ledger, name), reason, context=context(shell))
    click.echo("Left as it is written.", err=True)


@click.command("undo")
@_iri
@by_option
@_reason
@pass_state
def undo(shell: Shell, iri: str, name: str, reason: str) -> None:
    """Take back what was decided on the organisation with an IRI.

    \b
    SVSSV_TOKEN=… svssv review undo IRI --by sam --reason "They are two after all"
    """
    with Ledger.of(Home.open(shell.place)) as ledger:
        Proposals(ledger).undo(iri, acting(ledger, name), reason, context=context(shell))
    click.echo(f"Undone. {_NEXT}", err=True)
