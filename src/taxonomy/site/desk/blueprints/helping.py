"""How the desk works, for whoever has signed in."""

from __future__ import annotations

from flask import Blueprint, render_template

bp = Blueprint("helping", __name__, url_prefix="/steward/help")


@bp.get("")
def show() -> str:
    """What each role does here, and in which order."""
    return render_template("desk/help.html")
