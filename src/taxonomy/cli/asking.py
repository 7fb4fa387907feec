"""Asking: ``query``, ``questions`` and ``question``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TypeGuard

import click

from taxonomy.cli.options import State, endpoint_option, pass_state, release_option
from taxonomy.cli.output import GRAPHS, answer_options, send, style_of, write
from taxonomy.errors import InputError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.questions import catalogue
from taxonomy.questions.catalogue import Parameter, Question
from taxonomy.questions.writing import printable
from taxonomy.store.numbers import ReleaseNumber

_LONGEST = 64 * 1024  # bytes of a query; longer ones are refused by the readers too


@click.command()
@click.argument("what", required=False, metavar="(NAME | FILE.rq | -)")
@click.option("-e", "text", metavar="TEXT", help="The query itself.")
@click.option("-p", "given", multiple=True, metavar="KEY=VALUE", help="A value for the question; may be repeated.")
@release_option
@endpoint_option
@click.option("--as-at", "day", metavar="DATE", help="Only what is in force on this day, or may be.")
@click.option("--cite", is_flag=True, help="Say how to cite the answer, after it, on standard error.")
@click.option("--show", is_flag=True, help="Print the query that would run, and stop.")
@answer_options
@pass_state
def query(
    state: State,
    what: str | None,
    text: str | None,
    given: tuple[str, ...],
    number: ReleaseNumber | None,
    endpoint: str | None,
    day: str | None,
    cite: bool,
    show: bool,
    style: str | None,
    output: Path | None,
    labels: bool,
) -> None:
    """Ask a question by NAME, or run a SPARQL query from a file, from standard input or from TEXT.

    \b
    svssv query services-in-area -p area="Avon and Somerset"
    svssv query money-by-funder -p area=E23000036 -o money.xlsx
    svssv query -e 'SELECT * { ?s a sv:Service } ORDER BY ?s'
    svssv query money-by-funder -p area=E23000036 --endpoint http://127.0.0.1:7878/query
    """
    wanted = style_of(style, output)
    if (what is None) == (text is None):
        raise click.UsageError("Name a question, a file or '-', or give a query with -e.")
    values = _values(given) | ({"as_at": [day]} if day else {})
    question = catalogue.load()[what] if _is_name(what) else _question(_read(what, text), what or "query")
    if isinstance(question, str) and values:
        raise click.UsageError("A query without a header takes no values: it does not say what its parameters are.")
    with KnowledgeGraph.open(state.place, release=number, endpoint=endpoint) as kg:
        if isinstance(question, str):
            sent = question
        elif _is_name(what) or values:
            sent = kg.bind(question, **values)
        else:
            sent = question.text  # a file of one's own runs as it stands, examples and all
        if show:
            send(sent if sent.endswith("\n") else sent + "\n", output)
            return
        name = None if isinstance(question, str) else question.name
        result = kg.sparql(sent, labels=labels, graphs=GRAPHS.get(wanted, GRAPHS["ttl"]), question=name, given=values)
    write(result, wanted, output, labels=labels)
    if cite:
        click.echo(f"\n{printable(str(result.citation))}\n\n{printable(result.citation.bibtex)}", err=True, nl=False)


@click.command()
@click.option("--tag", help="Only the questions with this tag.")
@click.option("--format", "style", type=click.Choice(["table", "json"]), default="table", help="The form of the list.")
def questions(tag: str | None, style: str) -> None:
    """List the questions that this installation can answer.

    \b
    svssv questions
    svssv questions --tag money
    """
    known = catalogue.load()
    tags = sorted({each for name in known for each in known[name].tags})
    if tag is not None and tag not in tags:
        raise InputError(f"No question has the tag {tag!r}.", hint=f"The tags are {', '.join(tags)}.")
    listed = [known[name] for name in known if tag is None or tag in known[name].tags]
    if style == "json":
        send(_json([_described(question) for question in listed]), None)
        return
    width = max(len(question.name) for question in listed)
    for question in listed:
        click.echo(f"{question.name:<{width}}  {question.summary}")


@click.command()
@click.argument("name")
@click.option("--format", "style", type=click.Choice(["table", "json"]), default="table", help="The form.")
def question(name: str, style: str) -> None:
    """Say what a question answers, what it takes and what its columns are.

    \b
    svssv question services-in-area
    """
    asked = catalogue.load()[name]
    if style == "json":
        send(_json(_described(asked)), None)
        return
    click.echo(asked.summary)
    if asked.note:
        click.echo(asked.note)
    if asked.answers:
        click.echo(f"\nAnswers: {', '.join(asked.answers)}")
    if asked.params:
        click.echo("\nTakes:")
        for parameter in asked.params:
            click.echo(f"  {parameter.name}: {_taken(parameter)}")
    click.echo("\nColumns:")
    for column, meaning in asked.columns.items():
        click.echo(f"  {column}: {meaning}")
    example = "".join(
        f" -p {each.name}={each.example[0]}" for each in asked.params if each.example and not each.optional
    )
    click.echo(f"\nTry: svssv query {asked.name}{example}")


def _is_name(what: str | None) -> TypeGuard[str]:
    return what is not None and what != "-" and not what.endswith(".rq") and "/" not in what


def _read(what: str | None, text: str | None) -> str:
    if text is not None:
        return text
    where = "standard input" if what == "-" else str(what)
    try:
        data = sys.stdin.buffer.read(_LONGEST + 1) if what == "-" else Path(str(what)).read_bytes()
        read = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("is not text in UTF-8.", where=where) from error
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}.", where=where) from error
    if not read.strip():
        raise InputError("holds no query.", where=where)
    return read


def _question(text: str, what: str) -> Question | str:
    if not catalogue.has_header(text):
        return text
    return catalogue.parse(Path(what).stem, text, Path(what))


def _values(given: tuple[str, ...]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise click.UsageError(f"{pair!r} is not KEY=VALUE.")
        values.setdefault(key, []).append(value)
    return values


def _taken(parameter: Parameter) -> str:
    words: list[str] = [parameter.kind]
    if parameter.choices:
        words.append(f"one of {', '.join(parameter.choices)}")
    if parameter.help:
        words.append(parameter.help)
    words += ["may be left out"] * parameter.optional + ["may be repeated"] * parameter.many
    if parameter.example:
        words.append(f"such as {parameter.example[0]}")
    return "; ".join(words)


def _described(asked: Question) -> dict[str, object]:
    return {
        "name": asked.name,
        "summary": asked.summary,
        "note": asked.note,
        "answers": list(asked.answers),
        "tags": list(asked.tags),
        "params": [
            {"name": each.name, "type": each.kind, "help": each.help, "example": list(each.example)}
            | {"optional": each.optional, "many": each.many, "choices": list(each.choices)}
            for each in asked.params
        ],
        "columns": dict(asked.columns),
    }


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
