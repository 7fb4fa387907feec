"""How the documentation is built: Markdown pages by hand, the Python reference from its docstrings."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "SVSSV"
author = "SVSSV maintainers"
copyright = "2026, SVSSV maintainers, CC BY 4.0"  # noqa: A001 - the name is Sphinx's
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "catalogues", "ontology_reference"]
html_theme = "alabaster"
html_theme_options = {"description": "Specialist sexual violence services: taxonomy and knowledge graph"}
autodoc_member_order = "bysource"
exclude_patterns = ["_build"]
myst_heading_anchors = 3
