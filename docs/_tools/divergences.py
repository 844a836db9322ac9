"""Collects the comments `# DIVERGES(otp): ...` into docs/explanation/divergences.md.

`python docs/_tools/divergences.py` writes the page, `--check` only says whether it is up to date. What
stands outside of the two marks in the page is written by hand and kept.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "explanation" / "divergences.md"
PACKAGES = ("erlsim", "director", "gen_tracker")
BEGIN, END = "<!-- collected from the sources: begin -->", "<!-- collected from the sources: end -->"
MARK = re.compile(r"DIVERGES\(otp\):\s*(.*)")
NEW_PAGE = f"""# Where erlsim differs from OTP

The sources mark each departure from OTP 25 where it is made. This is all of them, module by module.

{BEGIN}
{END}
"""


def collect(text: str) -> list[str]:
    """The departures that a source file marks, in comments or docstrings, each as one line."""
    found: list[str] = []
    lines = text.splitlines()
    for number, line in enumerate(lines):
        mark = MARK.search(line)
        if mark is None:
            continue
        before = line[: mark.start()]
        words = [mark[1]]
        for following in lines[number + 1 :]:
            rest = _continuation(before, following)
            if rest is None:
                break
            words.append(rest)
        found.append(" ".join(" ".join(words).removesuffix('"""').split()))
    return found


def _continuation(before: str, line: str) -> str | None:
    """What `line` adds to a mark that stands behind `before`; `None` if the mark's paragraph is over."""
    text = line.strip()
    if MARK.search(line) or not text:
        return None
    if "#" in before:
        alone = before.strip() == "#"
        return text.removeprefix("#") if alone and text.startswith("#") else None
    return None if text.startswith('"""') or (before.rstrip().endswith('"""') and text == '"""') else text


def _sentence(text: str) -> str:
    """`text` with a capital, unless it begins with a name."""
    return text if not text.split(" ", 1)[0].rstrip(",;:").isalpha() else text[0].upper() + text[1:]


def collected(root: Path = ROOT) -> str:
    """The generated part of the page."""
    parts: list[str] = []
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            departures = collect(path.read_text(encoding="utf-8"))
            if departures:
                module = (
                    path.relative_to(root).as_posix().removesuffix(".py").removesuffix("/__init__").replace("/", ".")
                )
                parts.append(f"## `{module}`\n\n" + "\n".join(f"- {_sentence(each)}" for each in departures))
    return "\n\n".join(parts)


def page(before: str, root: Path = ROOT) -> str:
    """The whole page, given what it is now."""
    text = before if BEGIN in before and END in before else NEW_PAGE
    head, _, rest = text.partition(BEGIN)
    tail = rest.partition(END)[2]
    return f"{head}{BEGIN}\n\n{collected(root)}\n\n{END}{tail}"


def main() -> int:
    """Write the page, or check it."""
    before = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    after = page(before)
    if before == after:
        return 0
    if "--check" in sys.argv[1:]:
        print(f"{PAGE.relative_to(ROOT)} is out of date: run python docs/_tools/divergences.py", file=sys.stderr)
        return 1
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
