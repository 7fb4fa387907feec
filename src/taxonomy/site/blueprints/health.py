"""For machines that watch: alive, and ready."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from taxonomy.site import reading

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
