"""The command ``svssv``: it reads words, calls the floors below and writes the answer. No decision is taken here."""

from __future__ import annotations

import click

from taxonomy.cli.asking import query, question, questions
from taxonomy.cli.checking import template, validate
from taxonomy.cli.desk import COMMANDS
from taxonomy.cli.homes import doctor, init
from taxonomy.cli.options import Main
from taxonomy.cli.releasing import release
from taxonomy.cli.serving import serve


@click.group(cls=Main, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="svssv", message="%(prog)s %(version)s")
def main() -> None:
    """Ask, check, publish and serve the knowledge graph of specialist sexual violence services.

    \b
    svssv init && svssv release build
    svssv query services-in-area -p area=E23000036
    svssv serve
    """


for command in (init, release, query, questions, question, validate, template, *COMMANDS, serve, doctor):
    main.add_command(command)
