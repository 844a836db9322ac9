"""The programs that are ported in tests: what they are made of, and where the reviewed ports of them lie."""

from __future__ import annotations

from pathlib import Path

from erlsim.porting.drafts import Draft, draft

ROOT = Path(__file__).parents[3]
GOLDEN = Path(__file__).parent / "golden"
EXAMPLES, PROGRAMS = "docs/examples", "tests/porting/programs"

SOURCES = {
    "counter": f"{EXAMPLES}/counter.py",
    "five_minutes": f"{EXAMPLES}/five_minutes.py",
    "turnstile": f"{EXAMPLES}/project/turnstile",
    "parking": f"{EXAMPLES}/parking.py",
    "pool": f"{PROGRAMS}/pool.py",
}


def ported(name: str, to: str = "erlang") -> Draft:
    """The port of a program."""
    return draft([ROOT / SOURCES[name]], to=to, name=name)  # type: ignore[arg-type]


def golden(name: str, to: str) -> dict[str, str]:
    """The reviewed port of a program: its files."""
    folder = GOLDEN / name / to
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
