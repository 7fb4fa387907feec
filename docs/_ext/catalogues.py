"""Directives that write the catalogues into the documentation when it is built: commands, questions, rules, columns.

They read the same files as the product, so that neither can lag behind the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import click
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from taxonomy import fields
from taxonomy.cli import main
from taxonomy.context import Context
from taxonomy.namespaces import shorten
from taxonomy.questions import catalogue
from taxonomy.standards import crosswalk
from taxonomy.validation import dictionary
from taxonomy.validation.rules import LEVELS, Rule, rules


class Commands(SphinxDirective):
    """Every command with its help, as the shell prints it."""

    def run(self) -> list[nodes.Node]:
        """One section for each command."""
        return [section(f"svssv {name}", [nodes.literal_block(text, text)]) for name, text in helps(main, "svssv")]


class Questions(SphinxDirective):
    """Every named question with its parameters and columns."""

    def run(self) -> list[nodes.Node]:
        """One section for each question."""
        found = catalogue.load()
        return [section(name, list(question_body(found[name]))) for name in found]


class Rules(SphinxDirective):
    """Every rule for records, in the words of its shape."""

    def run(self) -> list[nodes.Node]:
        """One section for each rule."""
        return [section(rule.name, list(rule_body(rule))) for rule in rules().values()]


class Columns(SphinxDirective):
    """Every column of every sheet that a record can be filled in with."""

    def run(self) -> list[nodes.Node]:
        """One section for each sheet."""
        return [section(sheet, list(sheet_body(sheet))) for sheet in fields.SHEETS]


class Crosswalk(SphinxDirective):
    """One crosswalk: each field of a standard that says something, and where it stands in a record."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """One list of fields."""
        return [definitions(*crosswalk_lines(self.arguments[0]))]


def helps(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
    """Each command below this one, with its help text."""
    with click.Context(command, info_name=name, max_content_width=100) as context:
        if isinstance(command, click.Group):
            for child in command.list_commands(context):
                found = command.get_command(context, child)
                if found is not None:
                    yield from ((f"{child} {deeper}".strip(), text) for deeper, text in helps(found, f"{name} {child}"))
        else:
            yield "", command.get_help(context)


def question_body(question: catalogue.Question) -> Iterator[nodes.Node]:
    """What one question answers, takes and gives."""
    yield nodes.paragraph(text=question.summary)
    if question.note:
        yield nodes.paragraph(text=question.note)
    yield definitions(*((f"{p.name} ({p.kind})", f"{p.help}; e.g. {', '.join(p.example)}") for p in question.params))
    yield definitions(*question.columns.items())


def rule_body(rule: Rule) -> Iterator[nodes.Node]:
    """What one rule demands, why, and how to mend what breaks it."""
    where = "; ".join(filter(None, (LEVELS[rule.level], ", ".join(rule.sheets), rule.heading)))
    yield nodes.paragraph(text=f"{rule.title or rule.message} ({where})")
    yield definitions(
        ("Message", rule.message),
        ("Why", rule.why),
        ("How to fix", rule.how_to_fix),
        ("Good", rule.good_example),
        ("Not so", rule.bad_example),
        ("May be ignored when", rule.can_ignore_when),
    )


def sheet_body(sheet: str) -> Iterator[nodes.Node]:
    """What each column of a sheet takes."""
    label = Context.bundled().label
    for column in dictionary.columns():
        if column.field.sheet == sheet:
            marks = ("required" if column.field.required else "", "several" if column.field.many else "")
            yield definitions(
                (
                    column.field.heading + "".join(f" ({mark})" for mark in marks if mark),
                    f"{column.field.help} Takes {column.takes(label)}."
                    + (f" Example: {column.example}." if column.example else "")
                    + (f" Also read: {', '.join(column.field.also_called)}." if column.field.also_called else ""),
                )
            )


def crosswalk_lines(name: str) -> Iterator[tuple[str, str]]:
    """Each field of a standard with what becomes of it; without those that only hold the file together."""
    for row in crosswalk.load(name).rows:
        if row.direction != "frame":
            carried = shorten(row.property) if row.property else "" if row.direction != "none" else "not carried"
            says = f" = {shorten(row.value)}" if row.value and row.property else ""
            code = f" ({row.code})" if row.code else ""
            yield row.path + code, ". ".join(filter(None, (f"{row.title}: {carried}{says}".strip(": "), row.note)))


def definitions(*pairs: tuple[str, str]) -> nodes.Node:
    """Terms and what is said of them, without those of which nothing is said."""
    items = [
        nodes.definition_list_item("", nodes.term(text=term), nodes.definition("", nodes.paragraph(text=text)))
        for term, text in pairs
        if text
    ]
    return nodes.definition_list("", *items)


def section(title: str, body: Sequence[nodes.Node]) -> nodes.Node:
    """A section with an address of its own."""
    return nodes.section("", nodes.title(text=title), *body, ids=[nodes.make_id(title)])


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx of the directives."""
    app.add_directive("svssv-commands", Commands)
    app.add_directive("svssv-questions", Questions)
    app.add_directive("svssv-rules", Rules)
    app.add_directive("svssv-columns", Columns)
    app.add_directive("svssv-crosswalk", Crosswalk)
    return {"parallel_read_safe": True}
