"""An answer as text or as a workbook.

A cell of text that a spreadsheet would take for a formula is made harmless: in CSV and TSV with a leading apostrophe,
in a workbook by the cell's type. Numbers and dates are not text and stay as they are.
"""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from taxonomy.errors import InputError
from taxonomy.namespaces import XSD as _XSD
from taxonomy.questions.rows import Row, Table
from taxonomy.questions.terms import Value, text

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet


_FORMULA: Final = re.compile(r"[\s']*[=+\-@\t\r\n＝＋－＠]")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_CSV_END: Final = "\r\n"
_BLANK: Final = "Not known, unless the query says otherwise of its column. Never zero, and not the same as none."
_SHEET_ROWS: Final = 1_048_576
_CELL_CHARACTERS: Final = 32_767
_SHEET_DIGITS: Final = 15  # a spreadsheet keeps no more of a number


def printable(words: str) -> str:
    """Text without characters that a terminal or a page would obey; each is replaced by the replacement sign.

    >>> printable("a" + chr(27) + "[2J")
    'a�[2J'
    """
    return _UNPRINTABLE.sub("\ufffd", words)


def harmless(words: str) -> str:
    """Text that a spreadsheet will not read as a formula; ``restored`` undoes it.

    >>> harmless("=1+1"), harmless("+44 117 000 0000"), harmless("Bristol")
    ("'=1+1", "'+44 117 000 0000", 'Bristol')
    """
    return f"'{words}" if _FORMULA.match(words) else words


def restored(words: str) -> str:
    """The text that ``harmless`` was given.

    >>> restored("'=1+1"), restored("Bristol")
    ('=1+1', 'Bristol')
    """
    return words[1:] if words.startswith("'") and _FORMULA.match(words) else words


def headings(answer: Table, *, labels: bool) -> list[str]:
    """The column names of a download: after each column of IRIs its ``…_label``, and last the notice, if any."""
    named = set(answer.iri_columns) if labels else set()
    names = [each for name in answer.columns for each in ([name, f"{name}_label"] if name in named else [name])]
    return [*names, "notice"] if answer.notice else names


def records(answer: Table, *, labels: bool) -> Iterator[list[Value]]:
    """The rows of a download, under ``headings``."""
    named = set(answer.iri_columns) if labels else set()
    for row in answer.rows:
        line: list[Value] = []
        for name in answer.columns:
            line.append(row[name])
            if name in named:
                line.append(row.label(name) or None)
        yield [*line, answer.notice] if answer.notice else line


class _Lines(list[str]):
    """What a CSV writer writes, line by line."""

    def write(self, line: str) -> None:
        self.append(line.removesuffix(_CSV_END))


def delimited(answer: Table, separator: str, *, labels: bool) -> str:
    """Rows as separated text, quoted as RFC 4180 has it; a line ends as lines of text do on this side of Windows."""
    lines = _Lines()
    writer = csv.writer(
        lines, delimiter=separator, lineterminator=_CSV_END
    )  # that end makes it quote a lone carriage return too
    writer.writerow(headings(answer, labels=labels))
    for line in records(answer, labels=labels):
        writer.writerow([harmless(value) if isinstance(value, str) else text(value) for value in line])
    return "\n".join([*lines, ""])


def _json_value(value: Value) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")  # every digit; json would make it a float first
    return json.dumps(value.isoformat() if isinstance(value, date) else value, ensure_ascii=False)


def _json_rows(answer: Table, *, labels: bool) -> Iterator[str]:
    names = [json.dumps(name) for name in headings(answer, labels=labels)]
    for line in records(answer, labels=labels):
        yield "{" + ", ".join(f"{name}: {_json_value(value)}" for name, value in zip(names, line, strict=True)) + "}"


def as_json(answer: Table, *, labels: bool) -> str:
    """One object with the rows in it; what is not known is ``null``."""
    head = {"question": answer.question, "release": answer.release, "columns": headings(answer, labels=labels)}
    opening = json.dumps(head, ensure_ascii=False).removesuffix("}")
    rows = ",\n".join(_json_rows(answer, labels=labels))
    return f'{opening}, "rows": [\n{rows}\n]}}\n'


def as_xml(answer: Table, *, labels: bool) -> str:
    """SPARQL results in XML; a control character that XML does not have becomes the replacement sign."""
    names = headings(answer, labels=labels)
    top = ET.Element("sparql", xmlns="http://www.w3.org/2005/sparql-results#")
    head = ET.SubElement(top, "head")
    for name in names:
        ET.SubElement(head, "variable", name=name)
    results = ET.SubElement(top, "results")
    for row, line in zip(answer.rows, records(answer, labels=labels), strict=True):
        result = ET.SubElement(results, "result")
        for name, value in zip(names, line, strict=True):
            if value is None:
                continue
            binding = ET.SubElement(result, "binding", name=name)
            if row.is_iri(name):
                ET.SubElement(binding, "uri").text = printable(str(value))
            else:
                literal = ET.SubElement(binding, "literal", {"datatype": _XSD + kind} if (kind := _kind(value)) else {})
                literal.text = printable(text(value))
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(top, encoding="unicode") + "\n"


def _kind(value: Value) -> str:
    """The datatype of a value; none for text."""
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case Decimal():
            return "decimal"
        case datetime():
            return "dateTime"
        case date():
            return "date"
        case _:
            return ""


def as_jsonl(answer: Table, *, labels: bool) -> str:
    """One object to a line."""
    return "".join(f"{row}\n" for row in _json_rows(answer, labels=labels))


def as_markdown(answer: Table, *, labels: bool) -> str:
    """A table in Markdown."""

    def cell(row: Row, name: str) -> str:
        shown = row.label(name) if labels else text(row[name])
        shown = re.sub(r"([\\|\[\]<>`*_])", r"\\\1", printable(shown)).replace("\n", " ").replace("\r", " ")
        return f"[{shown}](<{row[name]}>)" if labels and row.is_iri(name) else shown

    lines = [list(answer.columns), ["---"] * len(answer.columns)]
    lines += [[cell(row, name) for name in answer.columns] for row in answer.rows]
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return f"{table}\n{answer.notice}\n" if answer.notice else table


def as_xlsx(answer: Table, *, labels: bool) -> bytes:
    """A workbook with the sheets *Answer* and *About*.

    What is not known is a blank cell, which statistical software reads as missing: a word would make text of a column
    of figures. *About* says so.
    """
    from openpyxl import Workbook  # it takes a fifth of a second to import
    from openpyxl.utils import get_column_letter

    if len(answer.rows) >= _SHEET_ROWS:
        raise InputError(
            f"The answer has {len(answer.rows)} rows; a worksheet holds {_SHEET_ROWS - 1}.", hint="Take CSV or Parquet."
        )
    lines = list(records(answer, labels=labels))
    longest = max((len(value) for line in lines for value in line if isinstance(value, str)), default=0)
    if longest > _CELL_CHARACTERS:
        raise InputError(f"A text of {longest} characters does not fit a worksheet's cell.", hint="Take CSV or JSON.")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Answer")
    sheet.freeze_panes = "A2"
    names = headings(answer, labels=labels)
    for place, name in enumerate(names):
        sheet.column_dimensions[get_column_letter(place + 1)].width = max(12, min(44, len(name) + 4))
    _append(sheet, names, bold=True)
    for line in lines:
        _append(sheet, line)
    about = book.create_sheet("About")
    about.column_dimensions["B"].width = 100
    _append(about, ["question", answer.question or "SPARQL"])
    _append(about, ["release", answer.release])
    _append(about, ["rows", len(answer.rows)])
    _append(about, ["blank cells", _BLANK])
    if answer.notice:
        _append(about, ["notice", answer.notice])
    for number, line_of_query in enumerate(answer.text.splitlines()):
        _append(about, ["query" if number == 0 else None, line_of_query])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def put(cell: Cell, value: Value) -> None:
    """Put a value into a cell of a worksheet: text never becomes a formula, and a figure loses no digit."""
    if isinstance(value, int | Decimal) and len(str(value).strip("-0.")) > _SHEET_DIGITS:
        value = text(value)
    if isinstance(value, str):
        cell.value = printable(value)
        cell.data_type = "s"  # openpyxl would make a formula of what begins with "="
        cell.quotePrefix = bool(_FORMULA.match(value))  # and the spreadsheet would, when the cell is next edited
    elif value is not None:
        cell.value = value.replace(tzinfo=None) if isinstance(value, datetime) else value


def _append(sheet: WriteOnlyWorksheet, line: Sequence[Value], *, bold: bool = False) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cells = []
    for value in line:
        cell = WriteOnlyCell(sheet)
        put(cell, value)
        if bold:
            cell.font = Font(bold=True)
        cells.append(cell)
    sheet.append(cells)
