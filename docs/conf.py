"""How Sphinx builds the documentation: Markdown by MyST, the reference from the docstrings."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import erlsim  # noqa: E402 - from this checkout

project = "erlsim"
author = "The erlsim developers"
project_copyright = f"2026, {author}"
version = release = erlsim.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.intersphinx", "sphinx.ext.viewcode"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "_tools", "lite", "examples/project/README.md", "examples/rebar3/README.md"]
myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

# In docstrings `single backticks` are code, as everywhere else.
default_role = "code"

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "show-inheritance": True}
intersphinx_mapping = {}

html_theme = "furo" if importlib.util.find_spec("furo") else "classic"
html_title = "erlsim"
html_static_path = ["_static"]
html_css_files = ["erlsim.css"]
