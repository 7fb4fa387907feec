"""The JSON-LD context of a record, at the address by which files name it."""

from __future__ import annotations

import json

from flask import Blueprint, Response

from taxonomy.intake import contexts
from taxonomy.site.negotiation import JSONLD

bp = Blueprint("contexts", __name__, url_prefix="/context")


@bp.get("")
def record() -> Response:
    """Short names for all that a record may hold."""
    content = {"@context": contexts.bundled()[contexts.RECORD]}
    return Response(json.dumps(content, indent=1, ensure_ascii=False), mimetype=JSONLD.media_type)
