"""What every command shares: ``--home`` and ``--debug``, one line for each error, and the exit codes.

0 done and conforming; 1 done, and the answer is no (not found, findings, refused); 2 misuse or unreadable input;
130 stopped by Ctrl-C; 141 the reader of our output went away.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from taxonomy.errors import LimitError, NotAllowedError, NotFoundError, RefusedQueryError, TaxonomyError
from taxonomy.questions.writing import printable
from taxonomy.settings import Settings
from taxonomy.store import numbers
from taxonomy.store.numbers import ReleaseNumber

_NO: Final = (NotFoundError, NotAllowedError, RefusedQueryError, LimitError)  # a sound request whose answer is no
_LISTS: Final = {
    "question": "svssv questions",
    "area": "svssv query known-areas",
    "release": "svssv release list",
    "thing": "svssv query names",
    "concept": "svssv query names",
}
STOPPED: Final = 130
PIPE_CLOSED: Final = 141


@dataclass(slots=True)
class State:
    """What was said for the whole command, wherever in the line it stood."""

    home: Path | None = None
    debug: bool = False

    @property
    def place(self) -> Path:
        """The home's folder: ``--home``, else ``SVSSV_HOME``, else ``./var``."""
        return self.home or Settings.read().home


def release_number(text: str) -> ReleaseNumber:
    """The number of a release as it was typed: 3, or 3.1.

    Raises:
        click.BadParameter: it is none.
    """
    try:
        found = numbers.read(text)
    except ValueError:
        found = 0
    if found == 0:
        raise click.BadParameter(f"{text!r} is not the number of a release, such as 3 or 3.1.")
    return found


endpoint_option = click.option(
    "--endpoint", metavar="URL", help="A SPARQL server that holds a release, instead of the home."
)
release_option = click.option(
    "--release", "number", type=release_number, metavar="N", help="An earlier release.  [default: the current one]"
)
pass_state = click.make_pass_decorator(State, ensure=True)


def _remember(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    if value:
        setattr(ctx.ensure_object(State), str(option.name), value)


def shared_options() -> list[click.Option]:
    """``--home`` and ``--debug``, which every command takes."""
    place = click.Path(file_okay=False, path_type=Path)
    return [
        click.Option(
            ["--home"],
            type=place,
            metavar="DIR",
            expose_value=False,
            callback=_remember,
            is_eager=True,
            help="The home to work in.  [default: SVSSV_HOME, else ./var]",
        ),
        click.Option(
            ["--debug"],
            is_flag=True,
            expose_value=False,
            callback=_remember,
            is_eager=True,
            help="Show where in the program an error arose.",
        ),
    ]


class Group(click.Group):
    """A group whose commands all take the shared options."""

    group_class = type

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add a command, and the shared options to it where it lacks them."""
        _share(cmd)
        super().add_command(cmd, name)


def _share(command: click.Command) -> None:
    taken = {name for each in command.params for name in each.opts}
    command.params += [option for option in shared_options() if not taken & set(option.opts)]
    if isinstance(command, click.Group):
        for child in command.commands.values():
            _share(child)


class Main(Group):
    """The whole command: here, and nowhere else, errors become one line and an exit code.

    ``modules`` says which module of ``taxonomy.cli`` holds each command. It is imported when the command is called, so
    that asking a question does not wait for the libraries that publishing needs.
    """

    def __init__(self, *args: Any, modules: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += shared_options()
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click asks with it
        """The commands, in the order of the work."""
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by name, imported at its first use."""
        if cmd_name in self._modules and cmd_name not in self.commands:
            self.add_command(getattr(import_module(f"taxonomy.cli.{self._modules[cmd_name]}"), cmd_name))
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader that goes away ends it without a word."""
        ctx.ensure_object(State)
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(PIPE_CLOSED)
        except TaxonomyError as error:
            _end(ctx, error, 1 if isinstance(error, _NO) else 2, _with_next_step(error))
        except OSError as error:
            _end(ctx, error, 2, str(error))
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:  # noqa: BLE001  a fault of ours: still one line, and it ends here
            about = f"an unexpected fault, {type(error).__name__}: {error}. Run it again with --debug to see where."
            _end(ctx, error, 2, about)
        return result

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """As click's own, but misuse is one line and Ctrl-C ends with 130."""
        try:
            status = super().main(*args, **{**kwargs, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message(), err=True)
            sys.exit(2)
        except click.UsageError as error:
            path = error.ctx.command_path if error.ctx else "svssv"
            _say(f"{path}: {error.format_message()} See: {path} --help")
            sys.exit(2)
        except click.ClickException as error:
            _say(f"svssv: {error.format_message()}")
            sys.exit(error.exit_code)
        except click.Abort:
            sys.exit(STOPPED)
        sys.exit(status if isinstance(status, int) else 0)


def _say(line: str) -> None:
    click.echo(printable(" ".join(line.split())), err=True)


def _with_next_step(error: TaxonomyError) -> str:
    """The error's own words, and where nothing is near a name, the command that lists the names."""
    if isinstance(error, NotFoundError) and not error.near and (command := _LISTS.get(error.kind)):
        return f"{error} List them with: {command}"
    return str(error)


def _end(ctx: click.Context, error: Exception, status: int, words: str) -> NoReturn:
    if ctx.ensure_object(State).debug:
        traceback.print_exception(error)
    _say(f"svssv: {words}")
    ctx.exit(status)
