"""One blueprint for each noun of the desk."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from taxonomy.site.desk import restricted
from taxonomy.site.desk.blueprints import (
    account,
    elsewhere,
    forms,
    health,
    helping,
    people,
    proposals,
    publishing,
    records,
    requests,
    signing,
    submissions,
    tasks,
    urgent,
)

ALL: Final[tuple[Blueprint, ...]] = tuple(
    module.bp
    for module in (
        signing,
        tasks,
        records,
        forms,
        submissions,
        urgent,
        requests,
        restricted,
        proposals,
        publishing,
        people,
        account,
        helping,
        health,
        elsewhere,
    )
)
