"""Runs the notebooks of the documentation and keeps what they show: ``make notebooks``."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))


def main() -> None:
    """Run each in a kernel of its own, without the times that would make every run a change."""
    for path in NOTEBOOKS:
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            cell.metadata.pop("execution", None)
        NotebookClient(notebook, kernel_name="python3", record_timing=False).execute()
        nbformat.write(notebook, path)


if __name__ == "__main__":
    main()
