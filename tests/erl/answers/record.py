"""Asks a real Erlang: `python -m tests.erl.answers.record [AREA...]` writes `data/answers/AREA.txt` anew.

The calls are those of `calls`, made with a seed, so that only the answers can change. Needs `escript` on the PATH.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from erlsim import terms
from tests.erl.answers.calls import AREAS
from tests.erl.answers.ours import DATA

RECORDER = """\
#!/usr/bin/env escript
%% -*- coding: utf-8 -*-
%%! +S 1
-mode(compile).
main([File]) ->
    ok = io:setopts([{encoding, unicode}]),
    {ok, Device} = file:open(File, [read, {encoding, utf8}]),
    each(Device).

each(Device) ->
    case io:read(Device, '') of
        {ok, {M, F, A}} ->
            io:format("~ts~n", [answer(M, F, A)]),
            each(Device);
        eof -> ok
    end.

answer(M, F, A) ->
    try apply(M, F, A) of
        Value -> io_lib:format("= ~0tp", [masked(Value)])
    catch
        Class:Reason -> io_lib:format("! ~w ~0tp", [Class, masked(Reason)])
    end.

masked({re_pattern, A, B, C, _}) -> {re_pattern, A, B, C, code};
masked(T) when is_tuple(T) -> list_to_tuple(masked(tuple_to_list(T)));
masked([H | T]) -> [masked(H) | masked(T)];
masked(T) -> T.
"""


def ask(calls):
    """What a real Erlang answers to calls `{Module, Function, Args}`, line by line."""
    with tempfile.TemporaryDirectory() as directory:
        script, file = Path(directory) / "recorder.escript", Path(directory) / "calls"
        script.write_text(RECORDER, encoding="utf-8")
        file.write_text("".join(f"{call}.\n" for call in calls), encoding="utf-8")
        run = subprocess.run(["escript", str(script), str(file)], capture_output=True, encoding="utf-8")
    answers = run.stdout.split("\n")[:-1]
    assert len(answers) == len(calls), (run.stderr[-2000:], calls[len(answers)])
    return answers


def written(call):
    """A call as text."""
    return terms.format("~0tp", [call])


def record(area):
    """Write the answers of an area."""
    calls = list(dict.fromkeys(map(written, AREAS[area]())))
    DATA.mkdir(exist_ok=True)
    lines = [f"{call}\t{answer}\n" for call, answer in zip(calls, ask(calls), strict=True)]
    (DATA / f"{area}.txt").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:] or AREAS:
        record(name)
