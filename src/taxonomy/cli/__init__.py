"""The command ``svssv``: it reads words, calls the floors below and writes the answer. No decision is taken here."""

from __future__ import annotations

import click

from taxonomy.cli.options import Main


@click.group(
    cls=Main,
    modules={
        "init": "homes",
        "release": "releasing",
        "query": "asking",
        "questions": "asking",
        "question": "asking",
        "pathways": "pathways",
        "coverage": "coverage",
        "classify": "classifying",
        "funding": "funding",
        "validate": "checking",
        "template": "checking",
        "submit": "desk",
        "review": "reviewing",
        "publish": "desk",
        "withdraw": "desk",
        "history": "desk",
        "people": "people",
        "keys": "keys",
        "restricted": "keys",
        "requests": "requests",
        "serve": "serving",
        "push": "pushing",
        "doctor": "homes",
        "backup": "homes",
        "restore": "homes",
    },
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="svssv", message="%(prog)s %(version)s")
def main() -> None:
    """Ask, check, publish and serve the knowledge graph of specialist sexual violence services.

    \b
    svssv init && svssv release build
    svssv query services-in-area -p area=E23000036
    svssv serve
    """
