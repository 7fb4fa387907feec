"""Checking a record before it is published: findings in the words of the rules, at the cell or line."""

from __future__ import annotations

from taxonomy.context import Context
from taxonomy.validation.checkers import Checkers
from taxonomy.validation.engine import check, examine
from taxonomy.validation.findings import Checked, Finding, Report
from taxonomy.validation.rules import LEVELS, Rule, rules

__all__ = ["LEVELS", "Checked", "Checkers", "Context", "Finding", "Report", "Rule", "check", "examine", "rules"]
