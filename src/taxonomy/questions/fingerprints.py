"""The hash of an answer: the same for the same rows, whatever order they came in and whoever computes it.

An outsider needs SPARQL results in JSON, a JSON writer and SHA-256; ``docs/researchers.md`` says how. The rows are
sorted, because the rows decide what an order can be: what a query orders by changes with them or not at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence

from taxonomy.questions.terms import Term, Terms


def of_table(table: Terms) -> str:
    """SHA-256, in hexadecimal digits, over the line of the columns' names and the sorted lines of the rows.

    >>> of_table(Terms(("n",), []))[:12]
    '2912501c8b61'
    """
    return _digest([_line(table.columns), *sorted(lines(table))])


def of_triples(ntriples: Iterable[str]) -> str:
    """The same over the sorted lines of a graph in N-Triples, as the hash of a named graph in a release's manifest."""
    return _digest(sorted(ntriples))


def lines(table: Terms) -> list[str]:
    """Each row as a line: a JSON array with null or an array for each cell.

    >>> lines(Terms(("s",), [(Term("uri", "https://example.org/a"),), (None,)]))
    ['[["uri","https://example.org/a"]]', '[null]']
    """
    return [_line([None if cell is None else _cell(cell) for cell in row]) for row in table.rows]


def blank(table: Terms) -> bool:
    """Whether a cell is a blank node."""
    return any(cell is not None and cell.kind == "bnode" for row in table.rows for cell in row)


def _cell(term: Term) -> list[str]:
    return [term.kind, term.value, term.datatype, term.language] if term.kind == "literal" else [term.kind, term.value]


def _line(value: Sequence[object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _digest(written: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for line in written:
        digest.update(line.encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()
