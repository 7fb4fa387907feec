"""A desk that is open for a command, what its commands share, and how submissions are listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import click

from taxonomy.cli.context import context
from taxonomy.cli.options import State as Shell
from taxonomy.cli.people import TOKEN
from taxonomy.publishing.desk import Desk
from taxonomy.publishing.ledger import Submission
from taxonomy.store.releases import Home
from taxonomy.values import Iri

Command = TypeVar("Command", bound=Callable[..., Any])

by_option = click.option("--by", "name", required=True, metavar="NAME", help=f"Who acts; the token is in {TOKEN}.")
number_argument = click.argument("number", metavar="ID", type=click.IntRange(1))


def reason_option(told: str, *, required: bool = True) -> Callable[[Command], Command]:
    """Why somebody decides so; ``told`` says what for."""
    return click.option("--reason", required=required, default=None if required else "", metavar="TEXT", help=told)


@contextmanager
def opened(shell: Shell) -> Iterator[Desk]:
    """The desk of the home that the command is about."""
    with Desk(Home.open(shell.place), context=partial(context, shell)) as desk:
        yield desk


def listed(submissions: Sequence[Submission]) -> list[tuple[object, ...]]:
    """Submissions as the rows of a table, with its head."""
    rows = [
        (each.id, each.state, Iri(each.owner).slug, each.submitted_by, each.submitted, each.file_name)
        for each in submissions
    ]
    return [("id", "state", "record of", "submitted by", "when", "file"), *rows]
