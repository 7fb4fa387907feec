"""What of each source document is recorded, section by section, and what is left out, with the reason.

The report is kept beside each encoded document as ``coverage.yaml``; ``python -m taxonomy.sources`` prints all of them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from taxonomy import assets
from taxonomy.errors import CurationError
from taxonomy.namespaces import ID, graph


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that a document holds and this project does not record."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a document: its lines in the text file, and the citations that state what it says."""

    title: str
    lines: tuple[int, int]
    places: tuple[str, ...]  # IRIs of citations, which are graphs too
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """One document, all its sections in their order."""

    document: str  # slug, as in its IRI
    sections: tuple[Section, ...]

    @property
    def iri(self) -> str:
        """The IRI of the document."""
        return f"{ID}source/{self.document}"

    @property
    def places(self) -> frozenset[str]:
        """Every citation that a section names."""
        return frozenset(place for section in self.sections for place in section.places)

    @property
    def left_out(self) -> int:
        """How many things are left out on purpose."""
        return sum(len(section.left_out) for section in self.sections)


@cache
def load(folder: Path | None = None) -> tuple[Coverage, ...]:
    """The report on every document below a folder (``data/sources`` when none is named), by name.

    >>> [report.document for report in load() if "avon" in report.document]
    ['avon-somerset-recommissioning-2018']

    Raises:
        CurationError: a file breaks the form; names the file and the fault.
    """
    top = folder or assets.folder("data") / "sources"
    return tuple(_read(path) for path in sorted(top.glob("*/coverage.yaml")))


def of(iri: str) -> Coverage | None:
    """The report on one document; None where nobody wrote one.

    >>> of("https://w3id.org/svssv/id/source/nowhere") is None
    True
    """
    return next((report for report in load() if report.iri == iri), None)


def told(reports: Iterable[Coverage]) -> Iterator[str]:
    r"""The reports as lines of text.

    >>> section = Section("Cover", (1, 9), ("https://example.org/1",), (LeftOut("the logo", "it states nothing"),))
    >>> print(*told([Coverage("made-up", (section,))]), sep="\n")
    made-up: 1 section, 1 place that states something, 1 thing left out on purpose
      lines 1-9    Cover: 1 place
                   left out: the logo (it states nothing)
    """
    for report in reports:
        places = _count(len(report.places), "place that states something", "places that state something")
        left = _count(report.left_out, "thing left out on purpose", "things left out on purpose")
        yield f"{report.document}: {_count(len(report.sections), 'section', 'sections')}, {places}, {left}"
        for section in report.sections:
            lines = f"lines {section.lines[0]}-{section.lines[1]}"
            yield f"  {lines:<12} {section.title}: {_count(len(section.places), 'place', 'places')}"
            yield from (f"{'':<15}left out: {each.what} ({each.why})" for each in section.left_out)


def _read(path: Path) -> Coverage:
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        document = str(said["document"])
        return Coverage(document, tuple(_section(document, each) for each in said["sections"]))
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise CurationError(path, f"is not a report of coverage: {error}") from error


def _section(document: str, said: dict[str, Any]) -> Section:
    first, last = said["lines"]
    return Section(
        title=str(said["section"]),
        lines=(int(first), int(last)),
        places=tuple(graph("citation", document, str(place)) for place in said.get("places") or ()),
        left_out=tuple(LeftOut(str(each["what"]), str(each["why"])) for each in said.get("left_out") or ()),
    )


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in told(load()))
