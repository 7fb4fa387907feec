"""Crosswalks: what each concept is called in vocabularies of others, and where they have nothing for it.

They are SSSOM tables in ``data/crosswalks/``. A row with ``sssom:NoTermFound`` says that somebody looked.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from taxonomy import assets
from taxonomy.errors import CurationError
from taxonomy.namespaces import BASE

_NO_TERM: Final = "sssom:NoTermFound"
_OUR_OWN: Final = {"concept": BASE + "concept/", "scheme": BASE + "scheme/"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How one concept or scheme of ours compares with a term of another vocabulary."""

    vocabulary: str  # the title of the crosswalk
    relation: str  # exactMatch, closeMatch, broadMatch, narrowMatch or relatedMatch; empty where they have no term
    label: str  # what they call it
    identifier: str  # the short form of its IRI or number there
    confidence: Decimal
    comment: str


@cache
def load(folder: Path | None = None) -> Mapping[str, tuple[Match, ...]]:
    """Every match below a folder (``data/crosswalks`` when none is named), by the IRI of what is matched.

    >>> found = load()["https://w3id.org/svssv/concept/service-type/advocacy"]
    >>> sorted(match.vocabulary for match in found)[0]
    'Open Eligibility 2.0'

    Raises:
        CurationError: a file is no SSSOM table; names the file and the fault.
    """
    found: dict[str, list[Match]] = defaultdict(list)
    for path in sorted((folder or assets.folder("data") / "crosswalks").glob("*.sssom.tsv")):
        try:
            for subject, match in _read(path.read_text(encoding="utf-8").splitlines()):
                found[subject].append(match)
        except (OSError, yaml.YAMLError, KeyError, TypeError, InvalidOperation) as error:
            raise CurationError(path, f"is not a crosswalk: {error}") from error
    return {subject: tuple(matches) for subject, matches in found.items()}


def _read(lines: list[str]) -> Iterator[tuple[str, Match]]:
    header: dict[str, Any] = yaml.safe_load("\n".join(line[1:] for line in lines if line.startswith("#")))
    for row in csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"):
        prefix, _, slug = row["subject_id"].partition(":")
        nothing = row["object_id"] == _NO_TERM
        yield (
            _OUR_OWN[prefix] + slug,
            Match(
                vocabulary=str(header["mapping_set_title"]).rpartition(" to ")[2],
                relation="" if nothing else row["predicate_id"].partition(":")[2],
                label=row["object_label"],
                identifier="" if nothing else row["object_id"],
                confidence=Decimal(row["confidence"]),
                comment=row["comment"],
            ),
        )
