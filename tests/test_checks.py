"""Results of checks: read whole, or refused by the name of what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from taxonomy import assets, checks
from taxonomy.errors import CurationError


def kept() -> dict[str, str]:
    folder = assets.folder("data") / "checks"
    return {name: (folder / name).read_text(encoding="utf-8") for name in (checks.PAGES, checks.MANUAL)}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_page_with_a_fault_is_told(tmp_path: Path) -> None:
    files = kept()
    told = yaml.safe_load(files[checks.PAGES])
    told["pages"][0]["faults"] = ["color-contrast"]
    run = checks.load(write(tmp_path, files | {checks.PAGES: yaml.safe_dump(told)})).run
    assert [page.faults for page in run.faulty] == [("color-contrast",)]


@pytest.mark.parametrize("spoilt", ["day: [", "[]", "day: 2026-11-30", ""])
def test_a_file_that_breaks_its_form_is_named(tmp_path: Path, spoilt: str) -> None:
    with pytest.raises(CurationError, match=r"pages\.yaml|does not hold results"):
        checks.load(write(tmp_path, kept() | {checks.PAGES: spoilt}))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CurationError, match=r"pages\.yaml"):
        checks.load(tmp_path)
