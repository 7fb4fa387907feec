"""What the fuzzers feed: each reader of strangers' files, by a name. A reader that is not there is not fed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from taxonomy import intake
from taxonomy.context import Context
from taxonomy.errors import TaxonomyError

CORPUS: Final = Path(__file__).parent / "corpus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One reader, and how a file gets to it."""

    name: str
    suffix: str
    kind: str
    zipped: bool = False  # its files are zip archives: what is inside them is changed, not only their bytes

    @property
    def corpus(self) -> Path:
        """Small made-up files to start from, and every file that once did harm."""
        return CORPUS / self.name

    def feed(self, data: bytes, context: Context) -> bool:
        """Read a file; whether it could be read. Whatever else comes out than an error of ours is a fault."""
        try:
            intake.read_bytes(data, f"records{self.suffix}", kind=self.kind, context=context)
        except TaxonomyError:
            return False
        return True


_ALL: Final = (
    Target(name="xlsx", suffix=".xlsx", kind="workbook", zipped=True),
    Target(name="ods", suffix=".ods", kind="workbook", zipped=True),
    Target(name="csv", suffix=".csv", kind="csv"),
    Target(name="turtle", suffix=".ttl", kind="rdf"),
    Target(name="trig", suffix=".trig", kind="rdf"),
    Target(name="ntriples", suffix=".nt", kind="rdf"),
    Target(name="nquads", suffix=".nq", kind="rdf"),
    Target(name="rdfxml", suffix=".rdf", kind="rdf"),
    Target(name="jsonld", suffix=".jsonld", kind="rdf"),
    Target(name="oruk", suffix=".json", kind="oruk"),
    Target(name="360giving", suffix=".json", kind="360giving"),
    Target(name="360giving-sheets", suffix=".xlsx", kind="360giving", zipped=True),
    Target(name="360giving-csv", suffix=".csv", kind="360giving"),
    Target(name="ocds", suffix=".json", kind="ocds"),
)
TARGETS: Final = {target.name: target for target in _ALL if target.kind in intake.KINDS and target.corpus.is_dir()}
