"""What the ontology says that things are, and why: ``classify``."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Final

import click

from taxonomy.cli.options import State, pass_state, release_option
from taxonomy.cli.output import answer_options, send, style_of, write
from taxonomy.days import written
from taxonomy.errors import InputError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.namespaces import graph
from taxonomy.questions.results import Answer, Row
from taxonomy.questions.writing import printable
from taxonomy.reasoning import axioms
from taxonomy.reasoning.axioms import TYPE
from taxonomy.reasoning.documents import decisive, each_document
from taxonomy.reasoning.hermit import Hermit
from taxonomy.reasoning.reasons import Reason, Step
from taxonomy.reasoning.rules import Rules
from taxonomy.store.numbers import ReleaseNumber

_EXPLAINED: Final = ("table", "json")
_INDENT: Final = "  "


@click.command()
@click.argument("thing", required=False, metavar="[IRI | KIND/NAME]")
@click.option("--explain", is_flag=True, help="Say why: the definitions in words, the facts, and where they stand.")
@click.option(
    "--reasoner",
    type=click.Choice(["rules", "hermit"]),
    default="rules",
    help="HermiT knows all of OWL; it needs the extra 'reasoner' and takes minutes.  [default: rules]",
)
@release_option
@answer_options
@pass_state
def classify(
    state: State,
    thing: str | None,
    explain: bool,
    reasoner: str,
    number: ReleaseNumber | None,
    style: str | None,
    output: Path | None,
    labels: bool,
) -> None:
    """List the classes of the taxonomy that every service, organisation and agreement belongs to, or one THING.

    \b
    svssv classify
    svssv classify service/isva-avon-and-somerset --explain
    svssv classify --reasoner hermit
    """
    wanted = style_of(style, output)
    if explain and (thing is None or reasoner != "rules"):
        raise click.UsageError("--explain is about one thing, and follows the rules.")
    if explain and wanted not in _EXPLAINED:
        raise InputError(f"An explanation has no {wanted} form.", hint="Use --format table, or json.")
    with KnowledgeGraph.open(state.place, release=number) as kg:
        iri = kg.thing(thing) if thing else None
        if explain and iri:
            reasons = kg.explain(iri)
            send(_json(reasons) if wanted == "json" else _text(kg.label(iri), reasons), output)
            return
        answer = kg.ask("page-classes", thing=[iri] if iri else None)
        answer = replace(answer, rows=tuple(row for row in answer if iri or row["kind"]))
        if reasoner == "hermit":
            answer = _by_hermit(kg, answer, iri)
    write(answer, wanted, output, labels=labels)


def _by_hermit(kg: KnowledgeGraph, by_rules: Answer, only: str | None) -> Answer:
    """The rows that HermiT finds too, reading one document or record after another; says where it differs."""
    ontology = kg.statements([graph("ontology")])
    hermit, rules = Hermit(ontology), Rules(axioms.of(ontology, graph("ontology")))
    found: set[tuple[str, str]] = set()
    for name, facts in each_document(kg.release.graphs, kg.statements):
        if only and all(only != getattr(term, "value", "") for fact in facts for term in fact):
            continue
        click.echo(f"HermiT reads {name} …", err=True, nl=False)
        before = time.monotonic()
        inferred = hermit.infer(decisive(facts, rules))
        click.echo(f" {time.monotonic() - before:.0f} seconds", err=True)
        found |= {(str(each.subject), str(each.object)) for each in inferred if each.predicate == TYPE}
    both = tuple(row for row in by_rules if (f"<{row['thing']}>", f"<{row['class']}>") in found)
    more = len(by_rules) - len(both)
    same = "the same as the rules" if not more else f"{more} fewer than the rules, which read all documents together"
    click.echo(f"HermiT finds {same}.", err=True)
    return replace(by_rules, rows=both)


def _text(label: str, reasons: tuple[Reason, ...]) -> str:
    """Explanations for people."""
    lines = [label]
    for reason in reasons:
        lines += [
            "",
            reason.label[:1].upper() + reason.label[1:],
            f"  {reason.definition}",
            f"  That is: {reason.rule}.",
        ]
        lines += [f"  Note: {reason.note}"] * bool(reason.note)
        lines += ["  It is one because:", *(line for step in reason.because for line in _step(step, 2))]
    if not reasons:
        lines += ["", "No class of the taxonomy follows from what is recorded of it."]
    return printable("\n".join(lines)) + "\n"


def _step(step: Step, depth: int) -> Iterator[str]:
    indent = _INDENT * depth
    follows = ", because:" if step.because else ""
    yield f"{indent}- {step.text}{follows}"
    yield from (f"{indent}  [{_place(row)}]" for row in step.places)
    for part in step.because:
        yield from _step(part, depth + 1)


def _place(row: Row) -> str:
    """Where a fact stands, and for which day that place speaks."""
    source = f"{row['locator']}, {row.label('source')}" if row["source"] else str(row["how"])
    role = f" ({row['role']})" if row["role"] else ""
    said = row["said"]
    day = f", as at {written(said)}" if isinstance(said, date) else ""
    return f"{source}{role}{day}"


def _json(reasons: tuple[Reason, ...]) -> str:
    return json.dumps([asdict(reason) for reason in reasons], indent=2, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Row) else value.isoformat() if isinstance(value, date) else str(value)
