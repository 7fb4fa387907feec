"""Uploads that are held in memory alone: what somebody sends to be checked touches no disk, not even on its way."""

from __future__ import annotations

import io
from typing import IO

from flask import Flask, Request


class InMemoryRequest(Request):
    """A request whose files stay in memory; how large they may be is bounded before they are read."""

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002  the base class names them
        content_type: str | None,  # noqa: ARG002  the base class names it
        filename: str | None = None,  # noqa: ARG002  the base class names it
        content_length: int | None = None,  # noqa: ARG002  the base class names it
    ) -> IO[bytes]:
        """Where a file is read into; the framework's own writes a large one to a temporary file."""
        return io.BytesIO()


class InMemory(Flask):
    """An application that writes no upload to disk."""

    request_class = InMemoryRequest
