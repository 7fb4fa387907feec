"""A context on its way to a checking worker, and the report on its way back: JSON, and records again.

What comes back was made from a stranger's file, so it is read as data: nothing in it says what is to be built.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Final, TypeVar

from taxonomy.context import Context
from taxonomy.records import Match, Place, Record
from taxonomy.validation.findings import Checked, Difference, Finding, Report
from taxonomy.values import Iri

_IRIS: Final = frozenset({"rule", "owner", "record", "path", "component"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The one record of a file that conforms, without the places of its facts."""

    owner: Iri
    ntriples: bytes


_Made = TypeVar("_Made", Checked, Finding, Match, Place)


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
    """A report as JSON."""
    content = {
        "file": report.file,
        "kind": report.kind,
        "sha256": report.sha256,
        "records": [_values(each) for each in report.records],
        "findings": [_values(each) for each in report.findings],
        "matches": [_values(each) for each in report.matches],
        "cells": [[*key, text] for key, text in report.cells.items()],
        "checked_on": report.checked_on.isoformat(),
        "checked_at": _day_out(report.checked_at),
        "rules_version": report.rules_version,
        "engine": report.engine,
        "audited": report.audited,
        "stopped": report.stopped,
        "difference": report.difference and _difference_out(report.difference),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def report_in(data: bytes) -> Report:
    """The report that ``report_out`` wrote."""
    said = json.loads(data)
    return Report(
        file=said["file"],
        kind=said["kind"],
        sha256=said["sha256"],
        records=tuple(_made(Checked, values) for values in said["records"]),
        findings=tuple(_made(Finding, values) for values in said["findings"]),
        matches=tuple(_made(Match, values) for values in said["matches"]),
        cells={(sheet, cell): text for sheet, cell, text in said["cells"]},
        checked_on=date.fromisoformat(said["checked_on"]),
        checked_at=_day_in(said["checked_at"]),
        rules_version=said["rules_version"],
        engine=said["engine"],
        audited=said["audited"],
        stopped=said["stopped"],
        difference=said["difference"] and _difference_in(said["difference"]),
    )


def record_out(record: Record) -> bytes:
    """Whose record it is, and its facts as N-Triples."""
    return record.owner.encode() + b"\n" + record.ntriples


def record_in(data: bytes) -> Taken:
    """What ``record_out`` wrote."""
    owner, _, ntriples = data.partition(b"\n")
    return Taken(owner=Iri(owner.decode()), ntriples=ntriples)


def _difference_out(difference: Difference) -> dict[str, Any]:
    return {
        "fixed": [_values(each) for each in difference.fixed],
        "left": difference.left,
        "new": difference.new,
        "unseen": difference.unseen,
        "since": _day_out(difference.since),
        "rules_changed": difference.rules_changed,
    }


def _difference_in(said: Mapping[str, Any]) -> Difference:
    return Difference(
        fixed=tuple(_made(Finding, values) for values in said["fixed"]),
        left=said["left"],
        new=tuple(said["new"]),
        unseen=said["unseen"],
        since=_day_in(said["since"]),
        rules_changed=said["rules_changed"],
    )


def _day_out(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _day_in(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _values(made: Checked | Finding | Match | Place) -> list[Any]:
    values = [getattr(made, each.name) for each in fields(made)]
    return [[_values(each) for each in value] if isinstance(value, tuple) else value for value in values]


def _made(kind: type[_Made], values: list[Any]) -> _Made:
    named: dict[str, Any] = dict(zip((each.name for each in fields(kind)), values, strict=True))
    named |= {name: Iri(named[name]) for name in _IRIS & named.keys() if named[name] is not None}
    if "others" in named:
        named["others"] = tuple(_made(Place, each) for each in named["others"])
    return kind(**named)


def _lists(sets: Mapping[Any, Iterable[Iri]]) -> dict[str, list[Iri]]:
    return {key: sorted(members) for key, members in sets.items()}


def _iris(texts: Iterable[str]) -> frozenset[Iri]:
    return frozenset(map(Iri, texts))
