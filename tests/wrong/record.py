"""`python -m tests.wrong.record`: asks an `erl` how it takes wrong arguments, and writes `answers.json`.

The file has every outcome once, and for each function the numbers of the outcomes of its cases, runs of the same
one in short: `[[outcome, how often], ...]`. What differs from one asking to the next is `null`: nothing to compare.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import tempfile
from pathlib import Path

from erlsim import terms
from erlsim.terms import Term
from tests.wrong import cases

ERL = Path(__file__).with_name("wrong.erl")
FILE = Path(__file__).with_name("answers.json")
TIMES = 3


def ask(functions: list[cases.Function], directory: Path) -> list[list[str]]:
    """What Erlang answers to every case of some functions; `unknown` for a function that it has not."""
    asked, answered = directory / "asked.term", directory / "answers.txt"
    lines = [
        terms.format(
            "~tw.~n", [(each.module, each.name, [list(map(_told, one)) for one in cases.combinations(each.arity)])]
        )
        for each in functions
    ]
    asked.write_text("%% coding: utf-8\n" + "".join(lines), encoding="utf-8")
    run = f'wrong:main(["{asked}", "{answered}"]).'
    command = ["erl", "+S", "1", "-noshell", "-pa", str(directory), "-eval", run]
    subprocess.run(command, check=True, timeout=3600)
    answers = iter(answered.read_text(encoding="utf-8").splitlines())
    return [list(itertools.islice(answers, len(cases.combinations(each.arity)))) for each in functions]


def _told(argument: Term) -> Term:
    return argument if argument in (cases.MUTE, cases.REF, cases.FUN) else ("is", argument)


def record(times: int = TIMES) -> dict[str, list[str | None]]:
    """By function: the outcome of each case, `None` where askings differ."""
    functions = cases.functions()
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(["erlc", "-o", directory, str(ERL)], check=True)
        askings = [ask(functions, Path(directory)) for _ in range(times)]
    found: dict[str, list[str | None]] = {}
    for function, *answers in zip(functions, *askings, strict=True):
        if answers[0][0] != "unknown":
            found[str(function)] = [_agreed(one) for one in zip(*answers, strict=True)]
    return found


def _agreed(outcomes: tuple[str, ...]) -> str | None:
    """The outcome if it is always the same and not a matter of who is faster."""
    return None if len(set(outcomes)) > 1 or outcomes[0] == "{returns,{error,timeout}}" else outcomes[0]


def write(found: dict[str, list[str | None]], file: Path = FILE) -> None:
    """Write the answers in short."""
    outcomes = sorted({each for answers in found.values() for each in answers if each is not None})
    numbers: dict[str | None, int | None] = {each: number for number, each in enumerate(outcomes)}
    rows = {
        name: [[numbers.get(outcome), len(list(run))] for outcome, run in itertools.groupby(answers)]
        for name, answers in found.items()
    }
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(runs, separators=(',', ':'))}" for name, runs in rows.items())
    listed = json.dumps(outcomes, indent=1)
    file.write_text(f'{{"outcomes": {listed},\n"functions": {{\n{lines}\n}}}}\n', encoding="utf-8")


def read(file: Path = FILE) -> dict[str, list[str | None]]:
    """The answers that were written."""
    kept = json.loads(file.read_text(encoding="utf-8"))
    return {
        name: [None if number is None else kept["outcomes"][number] for number, times in runs for _ in range(times)]
        for name, runs in kept["functions"].items()
    }


if __name__ == "__main__":
    write(record())
