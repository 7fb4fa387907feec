"""The documentation says what the product does, and no more."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

from taxonomy.settings import Settings

CHECKOUT = Path(__file__).resolve().parent.parent
DOCS = CHECKOUT / "docs"


def test_every_setting_that_is_read_is_documented_and_no_other() -> None:
    read = set(re.findall(r'"(SVSSV_[A-Z_]+)"', (CHECKOUT / "src/taxonomy/settings.py").read_text()))
    documented = set(re.findall(r"\| `(SVSSV_[A-Z_]+)`", (DOCS / "operate.md").read_text()))
    assert documented == read
    assert len(read) >= len(fields(Settings))


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[>=<;\[ ]", requirement)[0] for requirement in project["dependencies"]}
    reasons = (DOCS / "dependencies.md").read_text().lower()
    assert {name for name in names if name not in reasons} == set()


def test_the_map_of_the_house_has_every_module() -> None:
    package = CHECKOUT / "src" / "taxonomy"
    modules = {path.stem for path in package.glob("*.py")} | {
        path.parent.name for path in package.glob("*/__init__.py")
    }
    rows = [line for line in (DOCS / "architecture.md").read_text().splitlines() if re.match(r"\| [1-7]? ?\|", line)]
    shown = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[2])}
    assert shown == modules - {"__init__", "__main__"}


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{page.name}: {target}"
        for page in [*DOCS.glob("*.md"), CHECKOUT / "README.md", CHECKOUT / "CONTRIBUTING.md"]
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
        if not any((page.parent / (target + suffix)).exists() for suffix in ("", ".md"))
    ]
    assert broken == []


def test_lock_files_name_no_host() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "web/package-lock.json"):
        assert not re.search(r"https?://", re.sub(r'"(url|funding)": "[^"]*"', "", (CHECKOUT / name).read_text())), name


def test_the_documentation_builds_without_a_warning(tmp_path: Path) -> None:
    sphinx = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--quiet", str(DOCS), str(tmp_path)]
    done = subprocess.run(sphinx, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for page, words in {
        "shell.html": "svssv release build",
        "questions.html": "money-by-funder",
        "rules.html": "Shape-",
        "ontology.html": "a service that is paid for by a contract.",
    }.items():
        assert words in (tmp_path / page).read_text(), page
