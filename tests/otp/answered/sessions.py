"""The sessions as data."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
PROGRAM = HERE / "answered.erl"
AREAS = sorted(HERE.glob("*.txt"))
_CALL = re.compile(r"('[^']*'|\w+):(\w+)\((.*)\)$")


class Session(NamedTuple):
    """The sentence that it holds, its calls and their answers."""

    title: str
    calls: list[str]
    answers: list[str]

    def text(self) -> str:
        """As it stands in its file."""
        pairs = zip(self.calls, self.answers, strict=True)
        return f"# {self.title}\n" + "".join(f"> {call}\n{answer}\n" for call, answer in pairs)

    def terms(self) -> list[str]:
        """Its calls as `{Module, Function, Args}`."""
        return [f"{{{m}, {f}, [{args}]}}" for m, f, args in (_CALL.fullmatch(call).groups() for call in self.calls)]


def sessions(area: Path) -> list[Session]:
    """Those of an area."""
    found = []
    for block in area.read_text(encoding="utf-8").strip("\n").split("\n\n"):
        title, *lines = block.split("\n")
        calls = [line[2:] for line in lines if line.startswith("> ")]
        answers = [line for line in lines if not line.startswith("> ")]
        found.append(Session(title.removeprefix("# "), calls, answers))
    return found
