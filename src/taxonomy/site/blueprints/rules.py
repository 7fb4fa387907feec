"""The rules that a record is checked against, in the words that a report uses."""

from __future__ import annotations

from flask import Blueprint, render_template

from taxonomy import validation

bp = Blueprint("rules", __name__, url_prefix="/rules")


@bp.get("")
def index() -> str:
    """Every rule, gravest first: what is wrong, why it matters, what to do, with examples."""
    every = validation.rules().values()
    by_level = {words: [rule for rule in every if rule.level == level] for level, words in validation.LEVELS.items()}
    return render_template("rules/index.html", by_level=by_level)
