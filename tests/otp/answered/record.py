"""Asks a real Erlang: `python -m tests.otp.answered.record [AREA...]` writes the answers of the sessions anew.

With `--check` it only says what an `erl` answers in another way today, and ends with status 1 if there is any.
"""

from __future__ import annotations

import difflib
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.otp.answered.sessions import AREAS, PROGRAM, Session, sessions

RUN = """\
    ok = io:setopts([{encoding, unicode}]),
    {ok, Device} = file:open("answers", [write, {encoding, utf8}]),
    {ok, Tokens} = file:open("calls", [read, {encoding, utf8}]),
    Each = fun Each() ->
        case io:parse_erl_exprs(Tokens, '') of
            {ok, Exprs, _} ->
                {value, {M, F, A}, _} = erl_eval:exprs(Exprs, []),
                {Sign, Told} = answered:told(M, F, A),
                io:format(Device, "~ts ~0tp~n", [Sign, Told]),
                Each();
            {eof, _} -> ok
        end
    end,
    Each(),
    ok = file:close(Device),
    halt().
"""


def answered(session: Session, folder: str) -> Session:
    """The session as an `erl` answers it."""
    (Path(folder) / "calls").write_text("".join(f"{each}.\n" for each in session.terms()), encoding="utf-8")
    command = ["erl", "-noshell", "-sname", "recorder", "-pa", folder, "-eval", RUN]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=60)
    answers = (Path(folder) / "answers").read_text(encoding="utf-8").split("\n")[:-1]
    return session._replace(answers=answers)


def recorded(area: Path) -> str:
    """The file of an area, answered."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["erlc", "-o", folder, str(PROGRAM)], check=True)
        return "\n".join(answered(each, folder).text() for each in sessions(area))


def main(*words: str) -> bool:
    """Whether all that is said is as it was."""
    changed = False
    for area in AREAS:
        if words and not {"--check", area.stem} & set(words):
            continue
        before, now = area.read_text(encoding="utf-8"), recorded(area)
        if "--check" in words:
            lines = list(difflib.unified_diff(before.split("\n"), now.split("\n"), area.name, "erl", n=1, lineterm=""))
            print("\n".join(lines) or f"{area.stem}: answered as recorded")
            changed = changed or bool(lines)
        else:
            area.write_text(now, encoding="utf-8")
    return not changed


if __name__ == "__main__":
    sys.exit(not main(*sys.argv[1:]))
