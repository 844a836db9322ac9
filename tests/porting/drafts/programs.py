"""The programs that are ported in tests: what they are made of, and where the reviewed ports of them lie."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from erlsim.porting.drafts import Draft, draft
from erlsim.porting.scenarios import Scenario, load

ROOT = Path(__file__).parents[3]
GOLDEN = Path(__file__).parent / "golden"
EXAMPLES, PROGRAMS = "docs/examples", "tests/porting/programs"

SOURCES = {
    "counter": [f"{EXAMPLES}/counter.py"],
    "five_minutes": [f"{EXAMPLES}/five_minutes.py"],
    "parking": [f"{EXAMPLES}/parking.py"],
    "pictures": [f"{EXAMPLES}/pictures.py"],
    "turnstile": [f"{EXAMPLES}/project/turnstile"],
    "connections": [f"{EXAMPLES}/port/{name}.py" for name in ("conn", "conn_sup", "pool", "pool_sup")],
    **{
        name: [f"{PROGRAMS}/{name}.py"]
        for name in """alarms audit cache door feeds gather lamp ledger limiter planned pool pubsub restarts
        streams""".split()
    },
}
# Directors that are OTP's own supervisors in the port.
PLAIN = ("feeds",)
SOURCES |= {f"{name}_plain": SOURCES[name] for name in PLAIN}
LANGUAGES = ("erlang", "elixir")


def ported(name: str, to: Any = "erlang") -> Draft:
    """The port of a program."""
    is_plain = name.endswith("_plain")
    return draft([ROOT / path for path in SOURCES[name]], to=to, name=name, without_director=is_plain)


def scenarios(name: str) -> list[Scenario]:
    """The scenarios of a program."""
    if name == "connections":
        return load(ROOT / EXAMPLES / "port" / "pool.scenario")
    return load(ROOT / PROGRAMS / f"{name.removesuffix('_plain')}.scenario")


def golden(name: str, to: str) -> dict[str, str]:
    """The reviewed port of a program: its files."""
    folder = GOLDEN / name / to
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
