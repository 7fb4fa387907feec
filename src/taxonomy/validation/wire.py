"""A context on its way to a checking worker, and the report on its way back: JSON, and records again.

What comes back was made from a stranger's file, so it is read as data: nothing in it says what is to be built.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any, Final

from pyoxigraph import RdfFormat, Triple, parse, serialize

from taxonomy.intake import Context, Place, Problem, Submission
from taxonomy.validation.findings import Finding, Report
from taxonomy.values import Iri

_PLACE: Final = tuple(each.name for each in fields(Place))
_FINDING: Final = tuple(each.name for each in fields(Finding))
_IRIS: Final = frozenset({"rule", "record", "path", "component"})


def context_out(context: Context) -> bytes:
    """A context as JSON."""
    content = {
        "types": _lists(context.types),
        "schemes": context.schemes,
        "labels": context.labels,
        "wider": _lists(context.wider),
        "names": {place: _lists(names) for place, names in context.names.items()},
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def context_in(data: bytes) -> Context:
    """The context that ``context_out`` wrote.

    >>> context_in(context_out(Context.bundled())) == Context.bundled()
    True
    """
    said = json.loads(data)
    return Context(
        types={Iri(thing): _iris(classes) for thing, classes in said["types"].items()},
        schemes={Iri(concept): Iri(scheme) for concept, scheme in said["schemes"].items()},
        labels={Iri(thing): label for thing, label in said["labels"].items()},
        wider={Iri(one): _iris(others) for one, others in said["wider"].items()},
        names={
            Iri(place): {written: _iris(things) for written, things in names.items()}
            for place, names in said["names"].items()
        },
    )


def report_out(report: Report) -> bytes:
    """A report as JSON, with all that was read from the file."""
    read = report.submission
    content = {
        "findings": [[getattr(finding, name) for name in _FINDING] for finding in report.findings],
        "checked_on": report.checked_on.isoformat(),
        "rules_version": report.rules_version,
        "file": read.file,
        "kind": read.kind,
        "sha256": read.sha256,
        "owner": read.owner,
        "facts": (serialize(read.triples, format=RdfFormat.N_TRIPLES) or b"").decode(),
        "places": [_place_out(read.places[triple]) for triple in read.triples],
        "things": [[thing, _place_out(place)] for thing, place in read.things.items()],
        "columns": [[*key, *column] for key, column in read.columns.items()],
        "cells": [[*key, text] for key, text in read.cells.items()],
        "proposals": read.proposals,
        "problems": [[each.rule, _place_out(each.place), each.value, each.hint, each.record] for each in read.problems],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def report_in(data: bytes) -> Report:
    """The report that ``report_out`` wrote."""
    said = json.loads(data)
    triples = tuple(_triples(said["facts"]))
    return Report(
        submission=Submission(
            file=said["file"],
            kind=said["kind"],
            sha256=said["sha256"],
            owner=_iri(said["owner"]),
            triples=triples,
            places=dict(zip(triples, map(_place_in, said["places"]), strict=True)),
            things={Iri(thing): _place_in(place) for thing, place in said["things"]},
            columns={(sheet, Iri(path)): (letter, heading) for sheet, path, letter, heading in said["columns"]},
            cells={(sheet, cell): text for sheet, cell, text in said["cells"]},
            proposals={Iri(thing): name for thing, name in said["proposals"].items()},
            problems=tuple(
                Problem(rule=rule, place=_place_in(place), value=value, hint=hint, record=_iri(record))
                for rule, place, value, hint, record in said["problems"]
            ),
        ),
        findings=tuple(map(_finding_in, said["findings"])),
        checked_on=date.fromisoformat(said["checked_on"]),
        rules_version=said["rules_version"],
    )


def _finding_in(values: list[Any]) -> Finding:
    named: dict[str, Any] = dict(zip(_FINDING, values, strict=True))
    return Finding(**(named | {name: _iri(named[name]) for name in _IRIS}))


def _triples(ntriples: str) -> Iterable[Triple]:
    return (quad.triple for quad in parse(ntriples, format=RdfFormat.N_TRIPLES))


def _place_out(place: Place) -> list[Any]:
    return [getattr(place, name) for name in _PLACE]


def _place_in(values: list[Any]) -> Place:
    return Place(**dict(zip(_PLACE, values, strict=True)))


def _lists(sets: Mapping[Any, Iterable[Iri]]) -> dict[str, list[Iri]]:
    return {key: sorted(members) for key, members in sets.items()}


def _iris(texts: Iterable[str]) -> frozenset[Iri]:
    return frozenset(map(Iri, texts))


def _iri(text: str | None) -> Iri | None:
    return None if text is None else Iri(text)
