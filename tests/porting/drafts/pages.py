"""The files of ports that pages show: behind the name of a file, the block is that file."""

from __future__ import annotations

import re
from pathlib import Path

from tests.porting.drafts.programs import ROOT, SOURCES, ported

HOW_TO = ROOT / "docs" / "how-to"
PAGES = {HOW_TO / "port-to-erlang.md": ("parking", "erlang")}
BLOCK = re.compile(r"(`(?P<path>[\w./]+)`:\n\n```(?P<language>\w+)\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
PYTHON = re.compile(r"(is this in Python:\n\n```python\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)


def page(path: Path) -> str:
    """A page as it should be."""
    name, to = PAGES[path]
    files = ported(name, to).files
    text = BLOCK.sub(lambda found: found[1] + files[found["path"]], path.read_text(encoding="utf-8"))
    source = (ROOT / SOURCES[name][0]).read_text(encoding="utf-8")
    return PYTHON.sub(lambda found: found[1] + source, text)


def shown(path: Path) -> set[str]:
    """The files that a page shows."""
    return {found["path"] for found in BLOCK.finditer(path.read_text(encoding="utf-8"))}
