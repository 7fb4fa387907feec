"""SVSSV: an open taxonomy and knowledge graph of specialist sexual violence services in England.

>>> import taxonomy
>>> "open" in taxonomy.__all__
True

Names load when they are first used: each query runs in a process of its own, and that process should start fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from taxonomy.errors import (
        CurationError,
        GoneError,
        InputError,
        LimitError,
        NotAllowedError,
        NotFoundError,
        QueryError,
        RefusedQueryError,
        StoreError,
        TaxonomyError,
    )
    from taxonomy.knowledge import KnowledgeGraph
    from taxonomy.questions.citation import Citation
    from taxonomy.questions.results import Answer, Graph, Row
    from taxonomy.validation import Finding, Report
    from taxonomy.validation import check as validate

    open = KnowledgeGraph.open  # noqa: A001 - the public name: taxonomy.open()

__all__ = [
    "Answer",
    "Citation",
    "CurationError",
    "Finding",
    "GoneError",
    "Graph",
    "InputError",
    "KnowledgeGraph",
    "LimitError",
    "NotAllowedError",
    "NotFoundError",
    "QueryError",
    "RefusedQueryError",
    "Report",
    "Row",
    "StoreError",
    "TaxonomyError",
    "open",
    "validate",
]

_HOMES: Final = {
    "Answer": "taxonomy.questions.results",
    "Citation": "taxonomy.questions.citation",
    "Finding": "taxonomy.validation",
    "Graph": "taxonomy.questions.results",
    "KnowledgeGraph": "taxonomy.knowledge",
    "Report": "taxonomy.validation",
    "Row": "taxonomy.questions.results",
}


def __getattr__(name: str) -> Any:
    if name == "open":
        return import_module("taxonomy.knowledge").KnowledgeGraph.open
    if name == "validate":
        return import_module("taxonomy.validation").check
    if name in __all__:
        return getattr(import_module(_HOMES.get(name, "taxonomy.errors")), name)
    raise AttributeError(f"module 'taxonomy' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
