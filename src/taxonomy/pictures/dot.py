"""Graphviz as a layout engine: a graph written safely in, an SVG tree out.

No word of ours reaches Graphviz as anything but the text of a label, where it is needed to measure the boxes.
Addresses, titles and names are put on the SVG afterwards, by element number.
"""

from __future__ import annotations

import subprocess
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from taxonomy.errors import LimitError, TaxonomyError
from taxonomy.kept import Kept

SECONDS = 20  # a layout takes well under one; a graph that takes longer is too large for a picture
_SVG = "{http://www.w3.org/2000/svg}"
# The same graph is always laid out the same, and laying it out takes longer than all else that a picture needs.
_DRAWINGS: Kept[bytes] = Kept(4 * 2**20, len)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a label."""

    text: str
    size: float = 15
    bold: bool = False
    colour: str = "#0b0c0c"


def label(lines: Sequence[Line], *, width: int = 0) -> str:
    r"""Lines as a label at least ``width`` points wide. Graphviz would act on a single backslash, so each is doubled.

    >>> '<FONT POINT-SIZE="15" COLOR="#0b0c0c"><B>A &amp; B</B></FONT>' in label([Line("A & B", bold=True)])
    True
    """
    cells = "".join(f'<TR><TD ALIGN="LEFT">{_marked(line)}</TD></TR>' for line in lines)
    return f'<<TABLE WIDTH="{width}" BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">{cells}</TABLE>>'


def attributes(values: Mapping[str, str]) -> str:
    r"""Attributes in brackets; a value is quoted unless it is a label made by :func:`label`.

    >>> attributes({"shape": "box"})
    '[shape="box"]'
    """
    written = (f"{name}={value if name == 'label' else quoted(value)}" for name, value in values.items())
    return f"[{', '.join(written)}]"


def quoted(text: str) -> str:
    r"""A quoted string.

    >>> quoted('a "b" \\ c')
    '"a \\"b\\" \\\\ c"'
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def laid_out(graph: str, *, seconds: float = SECONDS) -> Element:
    """The SVG of a graph in the DOT language, as a tree without namespaces.

    >>> laid_out("digraph { a -> b }").tag
    'svg'

    Raises:
        LimitError: the layout takes longer than ``seconds``.
        TaxonomyError: Graphviz is missing, or cannot draw the graph.
    """
    drawing = _DRAWINGS.of(graph, lambda: _drawn(graph, seconds))
    tree: Element = fromstring(drawing)
    for element in tree.iter():
        element.tag = element.tag.removeprefix(_SVG)
    return tree


def forget() -> None:
    """Forget every layout that is kept."""
    _DRAWINGS.clear()


def _drawn(graph: str, seconds: float) -> bytes:
    program = Path(sysconfig.get_path("scripts")) / "graphviz-pure"
    try:
        done = subprocess.run(
            [program, "-Tsvg"], input=graph.encode(), capture_output=True, timeout=seconds, check=True
        )
    except FileNotFoundError:
        raise TaxonomyError(f"The layout program is not at {program}. Install svssv again to have it.") from None
    except subprocess.TimeoutExpired:
        detail = f"The picture takes more than {seconds:g} seconds to lay out. The table and the text hold all of it."
        raise LimitError("time", detail) from None
    except subprocess.CalledProcessError as error:
        reason = " ".join(error.stderr.decode(errors="replace").split())[:200] or f"exit {error.returncode}"
        raise TaxonomyError(
            f"The picture could not be laid out: {reason}. The table and the text hold all of it."
        ) from None
    return done.stdout


def _marked(line: Line) -> str:
    text = escape(line.text or "\N{NO-BREAK SPACE}").replace("\\", "&#92;&#92;")  # Graphviz allows no empty text
    return f'<FONT POINT-SIZE="{line.size:g}" COLOR="{line.colour}">{f"<B>{text}</B>" if line.bold else text}</FONT>'
