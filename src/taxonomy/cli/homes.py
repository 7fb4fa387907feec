"""A home: ``init`` makes one, ``doctor`` looks whether all is well; ``backup`` saves it, ``restore`` gives it back."""

from __future__ import annotations

import platform
import shlex
import shutil
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Final

import click

from taxonomy import assets
from taxonomy.cli.options import State, pass_state
from taxonomy.cli.releasing import bar, rechecked
from taxonomy.errors import TaxonomyError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.publishing import backups, purging, restricted
from taxonomy.publishing.backups import Backup
from taxonomy.publishing.ledger import Ledger
from taxonomy.questions import catalogue
from taxonomy.search import index
from taxonomy.settings import Settings
from taxonomy.store import dumps
from taxonomy.store.releases import Home

_ROOM: Final = 500 * 2**20  # bytes free that a build should find
_OLDEST: Final = (3, 11)


@click.command()
@click.argument("directory", required=False, type=click.Path(file_okay=False, path_type=Path), metavar="[DIR]")
@click.option("--practice", is_flag=True, help="For made-up records; nothing in it can ever be made public.")
@pass_state
def init(state: State, directory: Path | None, practice: bool) -> None:
    """Make a home: a folder for the ledger, the releases and the settings.

    \b
    svssv init
    svssv init ./practice --practice
    """
    place = directory or state.place
    was_there = (place / "home.json").exists()
    home = Home.init(place, practice=practice)
    kind = "a practice home" if home.practice else "a home"
    click.echo(f"{home.path} {'already is' if was_there else 'is now'} {kind}.", err=True)
    if home.current() is None:
        option = "" if home.path == Settings.read().home else f" --home {home.path}"
        click.echo(f"Build its first release with: svssv release build{option}", err=True)


@click.command()
@pass_state
@click.pass_context
def doctor(ctx: click.Context, state: State) -> None:
    """Look whether this installation and its home are well; exit 1 where something needs attention.

    \b
    svssv doctor
    """
    well, told = True, set[str]()
    for about, look in _LOOKS:
        try:
            good, words = look(state.place)
        except (TaxonomyError, OSError) as error:
            good, words = False, str(error)
            if words in told:  # without a home every look at it says the same
                continue
            told.add(words)
        well = well and good
        click.echo(f"{'ok  ' if good else 'LOOK'}  {about}: {words}")
    ctx.exit(0 if well else 1)


@click.command()
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@pass_state
@click.pass_context
def backup(ctx: click.Context, state: State, directory: Path) -> None:
    """Copy the home into the new folder DIR, and read the copy again. Nobody can publish meanwhile.

    \b
    svssv backup /mnt/backups/2026-11-30
    """
    home = Home.open(state.place)
    with bar("Saving the home") as progress:
        saved = backups.backup(home, directory, progress=progress)
    click.echo(
        f"{_told(saved)} saved in {directory}. Give it back with: svssv restore {directory} --home NEW", err=True
    )
    if Settings.read().ledger:
        click.echo("The ledger is on a server, and not in this backup: save it there (pg_dump).", err=True)
    for fault in saved.faults:
        click.echo(f"Not sound before it was saved: {fault}", err=True)
    ctx.exit(1 if saved.faults else 0)


@click.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR")
@pass_state
def restore(state: State, directory: Path) -> None:
    """Make a home again from the backup in DIR: a new folder, named by --home. Every hash is compared.

    \b
    svssv restore /mnt/backups/2026-11-30 --home ./restored
    """
    saved = backups.read(directory)
    with bar("Restoring the home") as progress:
        home = backups.restore(saved, state.place, progress=progress)
    click.echo(f"{_told(saved)} are back in {home.path}, and every hash fits.", err=True)
    click.echo(f"Serve it with: svssv serve --home {shlex.quote(str(home.path))}", err=True)


def _told(saved: Backup) -> str:
    releases = "1 release" if saved.releases == 1 else f"{saved.releases} releases"
    return f"{releases} and {len(saved.files)} files of {saved.made:%Y-%m-%d %H:%M} UTC"


def _python(_: Path) -> tuple[bool, str]:
    good = sys.version_info >= _OLDEST
    return good, f"{platform.python_version()}; svssv {version('svssv')}, pyoxigraph {version('pyoxigraph')}"


def _knowledge(_: Path) -> tuple[bool, str]:
    return True, f"{len(catalogue.load())} questions in {assets.folder('queries')}"


def _site(_: Path) -> tuple[bool, str]:
    built = assets.folder("web") / "built"
    if built.is_dir():
        return True, f"built in {built}"
    return False, "styles and scripts are not built; build them with: make serve"


def _home(place: Path) -> tuple[bool, str]:
    home = Home.open(place)
    return True, f"{home.path}, {'for practice' if home.practice else 'ordinary'}"


def _withdrawals(place: Path) -> tuple[bool, str]:
    """What was withdrawn urgently; one that was interrupted is finished now."""
    home = Home.open(place)
    finished = "one that was interrupted is finished now; " if purging.resume_if_begun(home) else ""
    revised = [manifest for manifest in home.releases() if manifest.revised]
    if not revised:
        return True, f"{finished}none that was urgent"
    names = ", ".join(f"{manifest.name} (since {manifest.revised})" for manifest in revised)
    return True, (
        f"{finished}these releases stand in place of others: {names}. Backups from before then still hold what had to "
        "go: save the home anew (svssv backup), then destroy them. A SPARQL server that was given such a release holds "
        "it until you push again"
    )


def _ledger(place: Path) -> tuple[bool, str]:
    home = Home.open(place)
    if not Ledger.begun(home):
        return True, "none yet: nothing was submitted here"
    with Ledger.of(home) as ledger:
        faults = list(ledger.faults(seals=(manifest.seal for manifest in home.releases() if manifest.seal)))
        count = len(ledger.submissions())
    if faults:
        return False, f"{' '.join(faults)} Somebody changed it behind its back: compare it with a backup."
    return True, f"{count} submission{'' if count == 1 else 's'}, and every decision is as it was taken"


def _records(place: Path) -> tuple[bool, str]:
    """Whether what is approved or published conforms to the rules as they are now."""
    home = Home.open(place)
    if not Ledger.begun(home):
        return True, "none yet"
    with Ledger.of(home) as ledger:
        return rechecked(ledger)


def _sealed(place: Path) -> tuple[bool, str]:
    home = Home.open(place)
    seal = restricted.seal_of(home)
    if seal is None:
        return True, "no key: workbooks with something for the steward alone are refused (svssv keys make)"
    if not Ledger.begun(home):
        return True, f"nothing yet; it would be sealed for the key {seal.name}"
    with Ledger.of(home) as ledger:
        faults, count = list(restricted.faults(home, ledger)), restricted.count(ledger)
    return not faults, " ".join(faults) or f"{count} boxes, all sealed for the key {seal.name}"


def _room(place: Path) -> tuple[bool, str]:
    free = shutil.disk_usage(place if place.exists() else Path.cwd()).free
    return free >= _ROOM, f"{free // 2**20} MB free"


def _release(place: Path) -> tuple[bool, str]:
    with KnowledgeGraph.open(place) as kg:
        places = len(kg.ask("sources"))
    return True, f"{kg.release.name} of {kg.release.built:%Y-%m-%d}, from {places} documents, and it answers"


def _search(place: Path) -> tuple[bool, str]:
    home = Home.open(place)
    manifest = home.current()
    if manifest and not index.whole(home.search_path(manifest.name), manifest.hash):
        return False, f"release {manifest.name} has no whole index; make it with: svssv release verify"
    return True, f"release {manifest.name} has its index" if manifest else "none yet: there is no release"


def _dump(place: Path) -> tuple[bool, str]:
    home = Home.open(place)
    manifest = home.current()
    if manifest and not dumps.whole(home.folder(manifest.name)):
        return False, f"release {manifest.name} has no whole dump; make it with: svssv release verify"
    return True, f"release {manifest.name} has its dump" if manifest else "none yet: there is no release"


def _network(place: Path) -> tuple[bool, str]:
    with KnowledgeGraph.open(place) as kg:
        if kg.isolated:
            return True, "query workers cannot reach it"
    return False, "query workers could reach it, so strangers' SPARQL stays off"


_LOOKS: Final[tuple[tuple[str, Callable[[Path], tuple[bool, str]]], ...]] = (
    ("Python", _python),
    ("knowledge", _knowledge),
    ("site", _site),
    ("home", _home),
    ("withdrawals", _withdrawals),
    ("ledger", _ledger),
    ("records", _records),
    ("sealed", _sealed),
    ("disk", _room),
    ("release", _release),
    ("search", _search),
    ("dump", _dump),
    ("network", _network),
)
