"""`make oracle`: asks a real Erlang again.

Scenarios are recorded anew by `tests/golden/erl/scn.erl` under an `erl` on the PATH and compared with
what erlsim answers now and with the recordings. Real time plays a part in real recordings, so a
scenario that differs is recorded again, a few times, before it counts as different.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from erlsim import terms
from erlsim.porting.scenarios import comparing, tagged
from tests.golden import areas as scenarios
from tests.golden import world

ERL = Path(__file__).with_name("erl")
AREAS = (
    *("process", "gen_server", "supervisor", "ets", "format", "gen_event", "gen_statem"),
    *("programs", "machines", "terms", "tables"),
)
ATTEMPTS = 4

Tree = Any
Scenario = dict[str, Any]


class Oracle:
    """A real Erlang, with the recorder compiled into a directory of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        compile_recorder(directory)

    def record(self, wanted: list[Scenario]) -> list[list[Tree]]:
        """What a real Erlang answers to each of some scenarios."""
        source, result = self.directory / "scenarios.term", self.directory / "observed.jsonl"
        source.write_text("%% coding: utf-8\n" + "".join(map(line, wanted)), encoding="utf-8")
        run = f'scn:main(["{source}", "{result}"]).'
        command = ["erl", "+S", "1", "-noshell", "-pa", str(self.directory), "-eval", run]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL, timeout=1800)
        with result.open(encoding="utf-8") as answers:
            return [json.loads(line)["observed"] for line in answers]


def compile_recorder(directory: Path) -> None:
    """Compile the recorder and its modules into a directory."""
    sources = sorted(map(str, ERL.glob("*.erl")))
    subprocess.run(["erlc", "-o", str(directory), *sources], check=True)


def line(scenario: Scenario) -> str:
    """A scenario as the recorder reads it: a term and a full stop, on a line of its own."""
    return terms.format("~tw.~n", [(scenario["name"], [step(each) for each in scenario["steps"]])])


def step(tree: Tree) -> terms.Term:
    """A step in the recorder's own words."""
    match tree["op"]:
        case "call" | "calls" | "now" | "nows" as op:
            args = [term(each) for each in tree["args"]]
            return (op, tree["bind"], tree["module"], tree["function"], args)
        case "spawn":
            return ("spawn", tree["bind"], tree["program"])
        case "sleep" | "until" as op:
            return (op, tree["ms"])
        case "format":
            return ("format", terms.chars(tree["directive"]), term(tree["term"]))
        case op:
            return (op,)


def term(tree: Tree) -> terms.Term:
    """An argument as the recorder's file holds it, with its own marks for what is known only later."""
    match tree:
        case list():
            return [term(each) for each in tree]
        case {"v": name, **rest}:
            return ("$v", name, [term(each) for each in rest.get("path", [])])
        case {"self": _}:
            return ("$self",)
        case {"plan": name}:
            return ("$fun", name)
        case {"a": atom}:
            return {"true": True, "false": False}.get(atom, atom)
        case {"b": binary}:
            return binary.encode("latin-1")
        case {"f": number}:
            return float(number)
        case {"t": elements}:
            return tuple(term(each) for each in elements)
        case {"m": rows}:
            return terms.make_map((term(name), term(value)) for name, value in rows)
        case {"bits": [data, size]}:
            return terms.bits(data.encode("latin-1"), size)
        case {"imp": [items, tail]}:
            return terms.cons([term(each) for each in items], term(tail))
    return tree


def agrees(scenario: Scenario, observed: list[Tree], ours: list[Tree]) -> bool:
    """Whether erlsim and this recording are the same to a caller."""
    return comparing.first_difference(observed, ours, unordered(scenario)) is None


def unordered(scenario: Scenario) -> list[bool]:
    """Of each observation, whether it is a listing whose order does not count."""
    return [each["op"] in ("calls", "nows") for each in scenario["steps"] if each["op"] not in tagged.SILENT]


def check(oracle: Oracle, area: str) -> tuple[int, int, list[str]]:
    """How many scenarios of an area agree with a real Erlang, of how many, and what is to be said of the others."""
    wanted = scenarios.scenarios(scenarios.DATA, area)
    left = {one["name"]: one for one in wanted}
    answers = {one["name"]: world.run(one).observed for one in wanted}
    notes = []
    for attempt in range(ATTEMPTS):
        again = list(left.values())
        for scenario, observed in zip(again, oracle.record(again), strict=True):
            if agrees(scenario, observed, answers[scenario["name"]]):
                del left[scenario["name"]]
                if not agrees(scenario, scenario["observed"], observed):
                    notes.append(f"{scenario['name']}: the recording differs; erlsim and this Erlang agree")
        if not left:
            break
        _tell(f"{area}: {len(left)} of {len(wanted)} differ at attempt {attempt + 1}")
    notes += [f"{name}: differs" for name in left]
    return len(wanted) - len(left), len(wanted), notes


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--area", "only", multiple=True, type=click.Choice(AREAS), help="Ask about this area only.")
def main(only: tuple[str, ...]) -> None:
    """Record the scenarios with a real `erl` again, and compare erlsim with it."""
    if shutil.which("erl") is None or shutil.which("erlc") is None:
        raise click.ClickException("there is no `erl` and `erlc` on the PATH to ask (Debian: erlang-base, erlang-dev)")
    different = False
    with tempfile.TemporaryDirectory() as directory:
        oracle = Oracle(Path(directory))
        for area in only or AREAS:
            passed, total, notes = check(oracle, area)
            click.echo(f"{area} {passed}/{total}")
            for note in notes:
                click.echo(f"  {note}")
            different = different or passed < total
    sys.exit(different)


if __name__ == "__main__":
    main()
