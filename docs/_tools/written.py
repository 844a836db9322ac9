"""What the tools that write pages share: to write a page, or to say that it is out of date."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]


def between(page: str, marks: tuple[str, str], new: str) -> str:
    """`page` with `new` between its two marks; what stands outside of them is kept."""
    begin, end = marks
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n{new}\n{end}{after}"


def keep(tool: str, pages: dict[Path, Callable[[str], str]], arguments: list[str] | None = None) -> int:
    """Write each page as it ought to be, given what it is; with `--check` only name those that are out of date.

    Returns the exit status: 1 if a page is out of date.
    """
    status = 0
    for path, renewed in pages.items():
        page = path.read_text(encoding="utf-8") if path.exists() else ""
        new = renewed(page)
        if new == page:
            continue
        if "--check" in (sys.argv[1:] if arguments is None else arguments):
            print(f"{path.relative_to(ROOT)} is out of date: run python -m docs._tools.{tool}", file=sys.stderr)
            status = 1
        else:
            path.write_text(new, encoding="utf-8")
    return status
