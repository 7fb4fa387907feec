"""An answer: rows with typed values and labels, or a graph.

Figures are ``Decimal`` or ``int``, days are ``date``, and what is not known is ``None``: never zero, never empty text.
The forms an answer can be written in are in ``taxonomy.questions.writing``.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import RdfFormat, Triple, parse

from taxonomy.questions import fingerprints, frames, repeating, terms, writing
from taxonomy.questions.citation import Asking, Citation
from taxonomy.questions.rows import Row, rank, row_of
from taxonomy.questions.terms import Terms
from taxonomy.store.numbers import ReleaseNumber

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

__all__ = ["Answer", "Asking", "Graph", "Row"]

_CELL: Final = 300  # bytes that a cell of an answer takes beside its text

_SHOWN: Final = 20  # rows in a notebook


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Answer:
    """The rows that a question has in one release, in the question's order.

    >>> answer = Answer.read(b'{"head": {"vars": ["n"]}, "results": {"bindings": []}}', text="SELECT ?n {}")
    >>> answer.columns, len(answer)
    (('n',), 0)
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    text: str  # the query as it was sent
    question: str | None = None  # its name; None for free SPARQL
    release: ReleaseNumber | None = None
    milliseconds: float = 0.0
    notice: str = ""  # what every copy of the answer has to say of itself, such as that its records are made up
    labels: Mapping[str, str] = field(default_factory=dict, repr=False)
    asking: Asking | None = field(default=None, repr=False)  # None: not asked of a release, but made of other answers
    terms: Terms | None = field(default=None, repr=False, compare=False)  # as the store gave them, row by row

    @classmethod
    def read(
        cls,
        body: bytes,
        *,
        text: str,
        question: str | None = None,
        release: ReleaseNumber | None = None,
        milliseconds: float = 0.0,
        notice: str = "",
        asking: Asking | None = None,
    ) -> Answer:
        """An answer from SPARQL results in JSON; an ASK has one row with one column, ``answer``.

        Raises:
            StoreError: the body is not SPARQL results in JSON.
        """
        return cls.of(
            terms.read(body),
            text=text,
            question=question,
            release=release,
            milliseconds=milliseconds,
            notice=notice,
            asking=asking,
        )

    @classmethod
    def of(cls, table: Terms, **facts: Any) -> Answer:
        """An answer from a table of terms; ``facts`` are the other fields."""
        rows = tuple(row_of(table.columns, cells) for cells in table.rows)
        return cls(columns=table.columns, rows=rows, terms=table, **facts)

    def with_labels(self, labels: Mapping[str, str]) -> Answer:
        """The same answer with labels for its IRIs."""
        rows = tuple(row.with_labels(labels) for row in self.rows)
        return replace(self, rows=rows, labels=labels)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"Answer(question={self.question!r}, release={self.release}, columns={self.columns}, rows={len(self)})"

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes, rather more than fewer."""
        cells = [cell for row in self.terms.rows for cell in row if cell] if self.terms else []
        return len(self.text) + sum(_CELL + len(cell.value) for cell in cells) + _CELL * len(self.labels)

    @property
    def iris(self) -> tuple[str, ...]:
        """Every IRI in the answer, once, in the order met."""
        return tuple(dict.fromkeys(str(row[name]) for row in self.rows for name in self.columns if row.is_iri(name)))

    @property
    def iri_columns(self) -> tuple[str, ...]:
        """The columns that name things in at least one row: those that a download gives a label column."""
        return tuple(name for name in self.columns if any(row.is_iri(name) for row in self.rows))

    def sorted(self, column: str, *, descending: bool = False) -> Answer:
        """The same rows in the order of a column, as a person reads it: figures by size, things by label.

        What is not known comes last in either order. Rows that are alike keep their order.

        Raises:
            KeyError: there is no such column.
        """
        if column not in self.columns:
            raise KeyError(column)
        known = [place for place, row in enumerate(self.rows) if row[column] is not None]
        unknown = [place for place, row in enumerate(self.rows) if row[column] is None]
        known.sort(key=lambda place: rank(self.rows[place], column), reverse=descending)
        places = [*known, *unknown]
        table = Terms(self.columns, [self.terms.rows[place] for place in places]) if self.terms else None
        return replace(self, rows=tuple(self.rows[place] for place in places), terms=table)

    @property
    def citation(self) -> Citation:
        """How to cite this answer: release, rows, their hash, and words for a list of references.

        Raises:
            ValueError: it was not asked of a release, but made of other answers.
        """
        if self.asking is None or self.terms is None:
            raise ValueError("Only an answer that a release gave can be cited.")
        reasons = repeating.why_not(self.text)
        if fingerprints.blank(self.terms):
            reasons = (*reasons, repeating.BLANK)
        return self.asking.citation(
            self.text,
            rows=len(self),
            hash=None if reasons else fingerprints.of_table(self.terms),
            reasons=reasons,
            question=self.question,
            notice=self.notice,
        )

    def to_csv(self, *, labels: bool = True) -> str:
        """Comma-separated values, with a ``…_label`` column beside each column of IRIs; formulas are made harmless."""
        return writing.delimited(self, ",", labels=labels)

    def to_tsv(self, *, labels: bool = True) -> str:
        """As ``to_csv``, with tabs."""
        return writing.delimited(self, "\t", labels=labels)

    def to_json(self, *, labels: bool = True) -> str:
        """One JSON object: question, release, columns and rows; decimals are numbers with every digit."""
        return writing.as_json(self, labels=labels)

    def to_xml(self, *, labels: bool = True) -> str:
        """SPARQL results in XML, with the label columns as variables of their own."""
        return writing.as_xml(self, labels=labels)

    def to_jsonl(self, *, labels: bool = True) -> str:
        """One JSON object for each row, one to a line."""
        return writing.as_jsonl(self, labels=labels)

    def to_markdown(self, *, labels: bool = True) -> str:
        """A Markdown table; with labels, each thing is a link with its label."""
        return writing.as_markdown(self, labels=labels)

    def to_xlsx(self, *, labels: bool = True) -> bytes:
        """A workbook: the rows, and a sheet that says which question and release they answer.

        Raises:
            InputError: more rows, or a longer text, than a worksheet can hold.
        """
        return writing.as_xlsx(self, labels=labels)

    def to_parquet(self, *, labels: bool = True) -> bytes:
        """Parquet, with typed columns.

        Raises:
            InputError: polars is not installed; says how to get it.
        """
        return frames.parquet(self, labels=labels)

    def to_pandas(self, *, labels: bool = True) -> pd.DataFrame:
        """A pandas data frame with nullable, typed columns; money is ``Float64`` there, and exact in ``rows``.

        Raises:
            InputError: pandas is not installed; says how to get it.
        """
        return frames.pandas(self, labels=labels)

    def to_polars(self, *, labels: bool = True) -> pl.DataFrame:
        """A polars data frame with typed columns; money stays exact.

        Raises:
            InputError: polars is not installed; says how to get it.
        """
        return frames.polars(self, labels=labels)

    def _repr_html_(self) -> str:
        """A captioned table of the first rows with the words to cite it by, for notebooks."""
        table = ET.Element("table")
        shown = min(len(self), _SHOWN)
        caption = self.question or "SPARQL"
        release = f", release {self.release}" if self.release else ""
        ET.SubElement(table, "caption").text = f"{caption}: {shown} of {len(self)} rows{release}"
        head = ET.SubElement(ET.SubElement(table, "thead"), "tr")
        for name in self.columns:
            ET.SubElement(head, "th", scope="col").text = name
        body = ET.SubElement(table, "tbody")
        for row in self.rows[:_SHOWN]:
            line = ET.SubElement(body, "tr")
            for name in self.columns:
                cell = ET.SubElement(line, "td")
                if row.is_iri(name) and str(row[name]).startswith(("http://", "https://")):
                    ET.SubElement(cell, "a", href=str(row[name])).text = writing.printable(row.label(name))
                else:
                    cell.text = writing.printable(row.label(name))
        # A citation carries the notice.
        if said := f"Cite as: {self.citation}" if self.asking and self.terms else self.notice:
            foot = ET.SubElement(ET.SubElement(table, "tfoot"), "tr")
            ET.SubElement(foot, "td", colspan=str(len(self.columns))).text = writing.printable(said)
        return ET.tostring(table, encoding="unicode", method="html")


@dataclass(frozen=True, slots=True)
class Graph:
    """What CONSTRUCT or DESCRIBE gives: RDF in the syntax that was asked for."""

    text: str
    media_type: str
    query: str = ""  # as it was sent
    question: str | None = None
    notice: str = ""
    asking: Asking | None = field(default=None, repr=False)

    @property
    def triples(self) -> tuple[Triple, ...]:
        """Its triples, in no order."""
        syntax = RdfFormat.from_media_type(self.media_type)
        return tuple(quad.triple for quad in parse(self.text, syntax)) if syntax else ()

    @property
    def table(self) -> Answer:
        """Its triples as rows, sorted."""
        rows = sorted(tuple(map(terms.from_rdf, triple)) for triple in self.triples)
        release = self.asking.release if self.asking else None
        named = Terms(("subject", "property", "value"), rows)
        return Answer.of(named, text=self.query, question=self.question, release=release, notice=self.notice)

    @property
    def citation(self) -> Citation:
        """How to cite this graph; its rows are its triples.

        Raises:
            ValueError: it was not asked of a release.
        """
        if self.asking is None:
            raise ValueError("Only a graph that a release gave can be cited.")
        lines = {f"{triple} ." for triple in self.triples}
        reasons = repeating.why_not(self.query)
        if any(line.startswith("_:") or " _:" in line for line in lines):
            reasons = (*reasons, repeating.BLANK)
        return self.asking.citation(
            self.query,
            rows=len(lines),
            hash=None if reasons else fingerprints.of_triples(lines),
            reasons=reasons,
            question=self.question,
            notice=self.notice,
        )
