"""One blueprint for each noun of the desk."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from taxonomy.site.desk.blueprints import forms, health, helping, records, signing, tasks

ALL: Final[tuple[Blueprint, ...]] = tuple(module.bp for module in (signing, tasks, helping, health, records, forms))
