"""One blueprint for each noun of the desk."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from taxonomy.site.desk.blueprints import (
    account,
    elsewhere,
    health,
    helping,
    people,
    publishing,
    signing,
    submissions,
    tasks,
)

ALL: Final[tuple[Blueprint, ...]] = tuple(
    module.bp for module in (signing, tasks, submissions, publishing, people, account, helping, health, elsewhere)
)
