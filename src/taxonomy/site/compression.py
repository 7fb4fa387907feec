"""Smaller answers for those who ask for them: gzip, and nothing for those who do not."""

from __future__ import annotations

import gzip
from typing import Final

from flask import Flask, Response, request

_LEAST: Final = 1024  # bytes; below that, packing costs more than it saves
_LEVEL: Final = 6
_TYPES: Final = ("text/", "application/json", "application/ld+json", "application/xml", "image/svg+xml")
_KINDS: Final = ("+json", "+xml", "/n-triples", "/n-quads", "/trig")


def init_app(app: Flask) -> None:
    """Pack every answer of text that is large enough, where the caller takes gzip."""
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    if response.direct_passthrough or not _is_text(response.mimetype):
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"] or response.content_encoding or not response.is_sequence:
        return response
    body = response.get_data()
    if len(body) >= _LEAST:
        response.set_data(gzip.compress(body, _LEVEL, mtime=0))
        response.content_encoding = "gzip"
        tag, weak = response.get_etag()
        if tag and not weak:
            response.set_etag(tag, weak=True)  # the same answer in other bytes
    return response


def _is_text(media_type: str | None) -> bool:
    return media_type is not None and (media_type.startswith(_TYPES) or media_type.endswith(_KINDS))
