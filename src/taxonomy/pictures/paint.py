"""The colours of pictures; nothing is told by one alone."""

from __future__ import annotations

from typing import Final

INK: Final = "#0b0c0c"
QUIET: Final = "#484949"
RULE: Final = "#8a8f91"
PAPER: Final = "#ffffff"
PANEL: Final = "#f4f5f5"
OPEN: Final = "#106165"
OPEN_PALE: Final = "#e1eded"
REFUSED: Final = "#982828"
