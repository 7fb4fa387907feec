"""Releases: ``release build``, ``list``, ``show``, ``diff``, ``rollback`` and ``verify``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from taxonomy import differences
from taxonomy.cli.context import context
from taxonomy.cli.listing import form_option, show_table
from taxonomy.cli.options import Group, State, pass_state, release_number
from taxonomy.cli.output import send
from taxonomy.differences import Difference
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.publishing.ledger import Ledger
from taxonomy.publishing.rebuilding import rebuild
from taxonomy.publishing.rechecking import Rechecking
from taxonomy.publishing.verification import verify as read_again
from taxonomy.publishing.waivers import Waivers
from taxonomy.questions.writing import printable
from taxonomy.search import index
from taxonomy.store import dumps
from taxonomy.store.numbers import ReleaseNumber
from taxonomy.store.releases import Home, Manifest

number_argument = click.argument("number", metavar="N", type=release_number)
_CHANGES: Final = ("added", "altered", "removed")
_SIGNS: Final = {"added": "+", "removed": "-", "changed": "~"}


@click.group(cls=Group)
def release() -> None:
    """Build releases, look at them, and choose which one is in service.

    \b
    svssv release build --note "Avon and Somerset"
    """


@release.command()
@click.option("--note", default="", metavar="TEXT", help="A note for the list of releases.")
@pass_state
def build(state: State, note: str) -> None:
    """Build the next release from the knowledge files and the published records, and put it in service.

    \b
    svssv release build
    """
    home = Home.open(state.place)
    with bar() as progress:
        manifest = rebuild(home, note=note, progress=progress, context=partial(context, state))
    say_built(manifest)
    if Ledger.begun(home):
        with Ledger.of(home) as ledger:
            click.echo(f"Records by the rules as they are now: {rechecked(ledger)[1]}.", err=True)


def rechecked(ledger: Ledger) -> tuple[bool, str]:
    """Whether nothing is to be done about what is approved or published and no longer conforms, and in words."""
    failing, waiting = Waivers(ledger).list(), Rechecking(ledger).waiting()
    unknown = f"; {waiting} not yet checked" if waiting else ""
    if waiting or any(each.decided is None for each in failing):
        return False, f"{len(failing)} no longer conform{unknown}; list them with: svssv review recheck"
    if failing:
        return True, f"{len(failing)} no longer conform, and on each something was decided"
    return True, "all that is approved or published conforms"


@release.command("list")
@form_option
@pass_state
def list_(state: State, style: str) -> None:
    """List the releases of the home; the one in service is marked.

    \b
    svssv release list
    """
    home = Home.open(state.place)
    current = home.current()
    in_service = current.name if current else None
    kept = home.releases()
    if style == "json":
        described = [_described(manifest) | {"in_service": manifest.name == in_service} for manifest in kept]
        send(json.dumps(described, indent=2, ensure_ascii=False) + "\n", None)
        return
    rows = [
        (
            f"{manifest.name}{' in service' if manifest.name == in_service else ''}",
            manifest.built,
            manifest.counts["triples"],
            manifest.counts["services"],
            manifest.counts["agreements"],
            manifest.note,
        )
        for manifest in kept
    ]
    show_table([("release", "built", "triples", "services", "agreements", "note"), *rows])
    if not kept:
        click.echo("None yet. Build one with: svssv release build", err=True)


@release.command()
@number_argument
@form_option
@pass_state
def show(state: State, number: ReleaseNumber, style: str) -> None:
    """Show what release N holds, its hash, and what changed since the release before it.

    \b
    svssv release show 1
    """
    manifest = Home.open(state.place).manifest(number)
    if style == "json":
        send(manifest.to_json(), None)
        return
    facts = [(name.replace("_", " "), value) for name, value in _described(manifest).items() if name != "counts"]
    changes = [(f"graphs {how}", len(manifest.changed.get(how, ()))) for how in _CHANGES]
    show_table([("what", "value"), *facts, *manifest.counts.items(), *changes])


@release.command()
@click.argument("earlier", metavar="A", type=release_number)
@click.argument("later", metavar="B", type=release_number)
@form_option
@pass_state
def diff(state: State, earlier: ReleaseNumber, later: ReleaseNumber, style: str) -> None:
    """Show what release B says that release A does not, and the other way round.

    What only follows from other facts is counted here, and listed with --format json.

    \b
    svssv release diff 1 2
    """
    with (
        KnowledgeGraph.open(state.place, release=earlier) as before,
        KnowledgeGraph.open(state.place, release=later) as now,
    ):
        found = differences.of(before, now)
    if style == "json":
        send(found.to_json(), None)
        return
    send("".join(f"{printable(line)}\n" for line in _lines_of(found)), None)
    things = ", ".join(f"{count} {kind}" for kind, count in found.counted().items())
    click.echo(
        f"Things: {things}. Facts: {found.added:,} added, {found.removed:,} removed, in {len(found.graphs):,} places.",
        err=True,
    )


def _lines_of(found: Difference) -> Iterator[str]:
    for thing in found.stated:
        yield f"{_SIGNS[thing.kind]} {thing.label}  <{thing.iri}>"
        for change in thing.stated:
            for sign, values in (("-", change.removed), ("+", change.added)):
                for value in values:
                    said = f"{found.label(change.predicate)}: {found.said(value)}"
                    yield f"    {sign} {said}  ({found.label(change.place)})"
    followed = sum(len(thing.changes) - len(thing.stated) for thing in found.things)
    if followed:
        yield f"and {followed:,} changes that follow from these"


@release.command()
@number_argument
@pass_state
def rollback(state: State, number: ReleaseNumber) -> None:
    """Put release N back in service; later releases are kept.

    \b
    svssv release rollback 1
    """
    manifest = Home.open(state.place).swap(number)
    click.echo(f"Release {manifest.name} of {manifest.built:%Y-%m-%d} is in service.", err=True)


@release.command()
@click.argument("number", metavar="[N]", type=release_number, required=False)
@pass_state
@click.pass_context
def verify(ctx: click.Context, state: State, number: ReleaseNumber | None) -> None:
    """Read a whole release again and compare it with its manifest; exit 1 where they differ.

    A search index or a dump that is missing or damaged is made again.

    \b
    svssv release verify
    """
    home = Home.open(state.place)
    which = number if number is not None else home.served().name
    found = read_again(home, which)
    for difference in found.faults:
        click.echo(difference)
    if found.sound:
        manifest = home.manifest(which)
        click.echo(f"Release {which} is what its manifest says.", err=True)
        for old, day in manifest.replaces.items():
            click.echo(f"It stands in place of release {old} since {day}: something had to be withdrawn.", err=True)
        if not index.whole(home.search_path(which), manifest.hash):
            index.prepare(home, which)
            click.echo("Its search index was missing or damaged, and was made again.", err=True)
        if not dumps.whole(home.folder(which)):
            dumps.write(home.folder(which), home.store_path(which), notice=manifest.notice)
            click.echo("Its dump was missing or damaged, and was made again.", err=True)
    else:
        click.echo(f"Release {which} is damaged. Go back with: svssv release rollback N", err=True)
        ctx.exit(1)


def _described(manifest: Manifest) -> dict[str, object]:
    return {
        "number": manifest.name,
        "built": manifest.built.isoformat(),
        "seconds": manifest.seconds,
        "note": manifest.note,
        "practice": manifest.practice,
        "hash": manifest.hash,
        "replaces": ", ".join(f"{old} ({day})" for old, day in manifest.replaces.items()),
        "counts": dict(manifest.counts),
    }


def say_built(manifest: Manifest) -> None:
    """Say what a build made, on standard error."""
    counts = manifest.counts
    click.echo(
        f"Release {manifest.name} is in service: {counts['triples']:,} triples, {counts['services']:,} services, "
        f"{counts['agreements']:,} agreements, built in {manifest.seconds:.1f} seconds.",
        err=True,
    )
    for look in manifest.looks:
        click.echo(f"Look at this: {printable(look)}", err=True)


@contextmanager
def bar(first: str = "Building the release") -> Iterator[Callable[[str, int, int], None] | None]:
    """A progress bar on a terminal; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as shown:
        task = shown.add_task(first, total=None)

        def progress(step: str, done: int, total: int) -> None:
            shown.update(task, description=step, completed=done, total=total)

        yield progress
