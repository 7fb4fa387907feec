"""A stranger's query on a page: asked only where its reader cannot reach the network."""

from __future__ import annotations

from flask import current_app

from taxonomy.errors import StoreError
from taxonomy.knowledge import KnowledgeGraph
from taxonomy.questions.results import Answer, Graph
from taxonomy.site import reading


def sparql(kg: KnowledgeGraph, query: str, *, labels: bool = True, graphs: str = "text/turtle") -> Answer | Graph:
    """The answer to a query that anybody may have written, from a release that was opened for strangers.

    Raises:
        QueryError: the query is wrong, or refused.
        LimitError: it asked for more than its share.
        StoreError: free queries are switched off here, or the store could not be read.
    """
    if not (reading.isolated() or current_app.config["SETTINGS"].allow_unisolated):
        raise StoreError("This machine cannot cut query workers off from the network, so free queries stay off.")
    return kg.sparql(query, labels=labels, graphs=graphs)
