"""Records what a real Erlang makes of the programs here: `python -m tests.erl.record` (needs `erl` on the PATH).

`data/results.terms` has what the functions of `running/` come to, a tuple for each, by `running/runner.erl`.
`data/lint.jsonl` gets what erl_lint says of each of its sources: the errors by place, then the warnings.
`data/forms.terms` has the forms of each of `programs/`, a tuple a line; `data/wrong.jsonl` gets the lines that erlc
prints of each of its sources (erl_lint aside, which looks at what can be read).
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"
FORMS = HERE / "data" / "forms.terms"
WRONG = HERE / "data" / "wrong.jsonl"
LINT = HERE / "data" / "lint.jsonl"
RUNNING = HERE / "running"
RESULTS = HERE / "data" / "results.terms"
MODULES = (
    "values",
    "failing",
    "explaining",
    "binaries",
    "library",
    "containers",
    "shared",
    "assertions",
    "sorting",
    "specifications",
    "features",
    "files",
    "behaviours",
    "limiting",
    "debugging",
    "handling",
    "serving",
    "showing",
    "stepping",
    "wrongly",
)
HELPERS = ("runner", "shown", "bare", "old_format", "new_format")

RECORDER = """\
#!/usr/bin/env escript
%% -*- coding: utf-8 -*-
main(["forms" | Files]) ->
    ok = io:setopts([{encoding, unicode}]),
    [io:format("~0tp.~n", [{filename:basename(F), forms(F)}]) || F <- Files];
main(["wrong" | Files]) ->
    ok = io:setopts([{encoding, unicode}]),
    [io:format("~ts~n", [lists:join("\\t", [told(E) || E <- forms(F), element(1, E) =:= error])]) || F <- Files];
main(["lint" | Files]) ->
    ok = io:setopts([{encoding, unicode}]),
    [io:format("~ts~n", [lists:join("\\t", linted(F))]) || F <- Files].

linted(File) ->
    {Es, Ws} = case erl_lint:module(forms(File), File, []) of
                   {ok, W} -> {[], W};
                   {error, E, W} -> {E, W}
               end,
    [told({error, E}) || {_, Each} <- Es, E <- lists:keysort(1, Each)] ++
        ["Warning " ++ told({error, W}) || {_, Each} <- Ws, W <- lists:keysort(1, Each)].

forms(File) ->
    {ok, Forms} = epp:parse_file(File, [{location, {1, 1}}]),
    Forms.

told({error, {{Line, Column}, Module, Description}}) ->
    io_lib:format("~w:~w: ~ts", [Line, Column, Module:format_error(Description)]).
"""


def ask(what, files, folder):
    """What the recorder prints about some files in a folder, line by line."""
    with tempfile.TemporaryDirectory() as directory:
        script = Path(directory) / "recorder.escript"
        script.write_text(RECORDER, encoding="utf-8")
        command = ["escript", str(script), what, *files]
        run = subprocess.run(command, cwd=folder, capture_output=True, check=True, encoding="utf-8")
    return run.stdout.split("\n")[:-1]


def record_forms():
    """Write `forms.terms`."""
    names = sorted(path.name for path in PROGRAMS.glob("*.erl"))
    FORMS.write_text("\n".join(ask("forms", names, PROGRAMS)) + "\n", encoding="utf-8")


def record_told(what, file):
    """Write the answers into a file of sources."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as directory:
        names = [f"{what}{number}.erl" for number in range(len(rows))]
        for name, row in zip(names, rows, strict=True):
            (Path(directory) / name).write_text(row["source"], encoding="utf-8")
        answers = ask(what, names, directory)
    lines = []
    for row, answer in zip(rows, answers, strict=True):
        told = answer.split("\t") if answer else []
        lines.append(json.dumps({"source": row["source"], "told": told}, ensure_ascii=False))
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def record_results():
    """Write `results.terms`."""
    with tempfile.TemporaryDirectory() as directory:
        for name in (*MODULES, *HELPERS):
            enabled = ["-enable-feature", "maybe_expr"] if name == "features" else []
            command = ["erlc", "+nowarn_export_all", *enabled, "-o", directory, f"{name}.erl"]
            subprocess.run(command, cwd=RUNNING, check=True, stdout=subprocess.DEVNULL)
        run = f"runner:print([{', '.join(MODULES)}]), halt()."
        command = ["erl", "-enable-feature", "maybe_expr", "+S", "1", "-noshell", "-pa", directory, "-eval", run]
        # Reports would come between the results.
        command += ["-kernel", "logger", "[{handler, default, undefined}]"]
        nothing = subprocess.DEVNULL
        answer = subprocess.run(command, cwd=RUNNING, check=True, capture_output=True, stdin=nothing, encoding="utf-8")
    RESULTS.write_text(answer.stdout, encoding="utf-8")


if __name__ == "__main__":
    record_forms()
    record_told("wrong", WRONG)
    record_told("lint", LINT)
    record_results()
