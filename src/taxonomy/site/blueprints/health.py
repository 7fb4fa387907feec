"""For machines that watch: alive, ready, and how it goes."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from taxonomy.errors import TaxonomyError
from taxonomy.site import measuring, reading
from taxonomy.store.releases import Manifest

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return jsonify(alive=True)


@bp.get("/readyz")
def ready() -> Response:
    """A release is open; which one, how old, and whether strangers' queries are cut off from the network.

    Raises:
        StoreError: no release can be opened; the answer is 503.
    """
    release = reading.release()
    return jsonify(
        ready=True,
        release=release.name,
        built=release.built.isoformat(),
        triples=release.counts.get("triples"),
        isolated=reading.isolated(),
    )


@bp.get("/metrics")
def metrics() -> Response:
    """Counts of requests and limits, and the release in service; for who holds the token in the settings.

    Raises:
        NotFound: anybody else asks.
    """
    return measuring.told(_in_service)


def _in_service() -> Manifest | None:
    try:
        return reading.release()
    except TaxonomyError:
        return None
