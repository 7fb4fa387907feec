"""The notebooks in the documentation run, and show what they show there."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "docs" / "notebooks").glob("*.ipynb"))
CHANGING = [r"sha256:[0-9a-f]{64}", r"release \d+", r"\d{1,2} [A-Z][a-z]+ 20\d\d", r"\(20\d\d\)"]
FIGURES = {"funding": "£3,547,368", "routes": "refused", "classification": "Missing Link is a voluntary organisation"}


def shown(notebook: Any) -> list[str]:
    """What each cell of code shows, as text, without what differs from release to release and from day to day."""
    texts = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            text = output.get("text") or output.get("data", {}).get("text/html") or output["data"]["text/plain"]
            for pattern in CHANGING:
                text = re.sub(pattern, "…", text)
            texts.append(text)
    return texts


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def test_there_are_three_notebooks_and_each_is_small_and_was_run(path: Path) -> None:
    assert [each.stem for each in NOTEBOOKS] == ["classification", "funding", "routes"]
    assert path.stat().st_size < 60_000
    notebook = nbformat.read(path, as_version=4)
    assert FIGURES[path.stem] in "".join(shown(notebook))
    assert all(cell["execution_count"] for cell in notebook.cells if cell.cell_type == "code")


@pytest.mark.filterwarnings("ignore::DeprecationWarning:jupyter_client", "ignore::RuntimeWarning:zmq")
def test_a_notebook_shows_the_same_when_it_is_run_again(path: Path, home: Path) -> None:
    saved, fresh = (nbformat.read(path, as_version=4) for _ in range(2))
    NotebookClient(fresh, timeout=120, kernel_name="python3").execute(env={**os.environ, "SVSSV_HOME": str(home)})
    assert shown(fresh) == shown(saved), "run them again with: make notebooks"
