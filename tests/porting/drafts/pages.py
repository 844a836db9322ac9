"""The files of ports that pages show: behind the name of a file, the block is that file."""

from __future__ import annotations

import re
from pathlib import Path

from erlsim.porting.drafts.checking import tests
from tests.porting.drafts.programs import LANGUAGES, PROGRAMS, ROOT, SOURCES, ported, scenarios

HOW_TO = ROOT / "docs" / "how-to"
PAGES = {HOW_TO / f"port-to-{to}.md": ("parking", to) for to in LANGUAGES}
BLOCK = re.compile(r"(`(?P<path>[\w./]+)`:\n\n```(?P<language>\w+)\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
SCENARIO = re.compile(r"(on the prototype and on the port.\n\n```erlang\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)
PYTHON = re.compile(r"(is this in Python:\n\n```python\n).*?(?=^```$)", re.DOTALL | re.MULTILINE)


def page(path: Path) -> str:
    """A page as it should be."""
    name, to = PAGES[path]
    files = files_of(path)
    text = BLOCK.sub(lambda found: found[1] + files[found["path"]], path.read_text(encoding="utf-8"))
    source = (ROOT / SOURCES[name][0]).read_text(encoding="utf-8")
    scenario = (ROOT / PROGRAMS / f"{name}.scenario").read_text(encoding="utf-8")
    text = SCENARIO.sub(lambda found: found[1] + scenario, text)
    return PYTHON.sub(lambda found: found[1] + source, text)


def files_of(path: Path) -> dict[str, str]:
    """All files that `erlsim port --scenario` writes for a page: the project's, and its tests."""
    draft = ported(*PAGES[path])
    return {**draft.files, **tests(draft, scenarios(PAGES[path][0]))}


def shown(path: Path) -> set[str]:
    """The files that a page shows."""
    return {found["path"] for found in BLOCK.finditer(path.read_text(encoding="utf-8"))}
