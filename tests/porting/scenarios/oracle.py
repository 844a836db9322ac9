"""`python -m tests.porting.scenarios.oracle`: the example's ports on a real Erlang, beside their prototype.

Prints a line for each scenario and each way to test, and ends with status 1 if something is wrong. What is not
installed is said. With `--record` what the real Erlang showed is written down, for the tests, which need none.
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

from erlsim.porting.scenarios import Run, Scenario, Seen, check_port, load

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "port"
SOURCES = EXAMPLE / "erlang" / "src"
RECORDED = Path(__file__).with_name("data") / "pool.json"


def scenarios() -> list[Scenario]:
    """The example's scenarios."""
    return load(EXAMPLE / "pool.scenario")


def recorded(scenario: Scenario) -> Run:
    """What a real Erlang showed in a scenario of the example."""
    rows = json.loads(RECORDED.read_text(encoding="utf-8"))[scenario.name]
    return Run("erl", scenario, [Seen(*row) for row in rows], is_real=True)


def ways(made: Path) -> dict[str, list[list[str]]]:
    """The commands that test the ports with the exported tests, none of which may say anything that is wrong."""
    erlang = made / "erlang"
    sources = [str(each) for each in sorted(erlang.glob("*/*.erl"))]
    tests = "case eunit:test(pool_scenario_tests) of ok -> halt(0); _ -> halt(1) end."
    return {
        "erlc": [["erlc", "+warn_all", "-Werror", "-o", str(erlang), *sources]],
        "eunit": [["erl", "-noshell", "-pa", str(erlang), "-eval", tests]],
        "ct_run": [
            ["ct_run", "-noshell", "-pa", str(erlang), "-dir", str(erlang / "test"), "-suite", "pool_SUITE"]
            + ["-logdir", str(made)]
        ],
        "mix": [["mix", "format", "--check-formatted"], ["mix", "test", "--warnings-as-errors"]],
    }


def check_exports() -> bool:
    """Whether the exported tests are without warnings and pass."""
    good = True
    with tempfile.TemporaryDirectory() as directory:
        made = Path(directory)
        for name in ("erlang", "elixir"):
            shutil.copytree(EXAMPLE / name, made / name)
        for way, commands in ways(made).items():
            if shutil.which(commands[0][0]) is None:
                click.echo(f"{way}: not installed")
                continue
            for command in commands:
                home = made / ("elixir" if way == "mix" else "erlang")
                done = subprocess.run(command, cwd=home, capture_output=True, encoding="utf-8", check=False)
                good = good and done.returncode == 0
                click.echo(f"{way}: {'passes' if done.returncode == 0 else done.stdout + done.stderr}")
    return good


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--record", is_flag=True, help="Write down what the real Erlang showed.")
def main(record: bool) -> None:
    """Run the example's scenarios on its ports with a real `erl`, and compare; run the exported tests."""
    rows: dict[str, list[Any]] = {}
    different = False
    for scenario in scenarios():
        report = check_port(scenario, port=SOURCES, beam=True, elixir=EXAMPLE / "elixir")
        if "erl" in report.skipped:
            raise click.ClickException(f"{report.skipped['erl']} to ask (Debian: erlang-base, erlang-dev)")
        click.echo(str(report))
        different = different or not report.equal
        rows[scenario.name] = [[each.step, each.tree, each.ms, each.is_met] for each in report.runs["erl"].seen]
    if record:
        RECORDED.parent.mkdir(exist_ok=True)
        lines = [f" {json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items()]
        RECORDED.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    sys.exit(different or not check_exports())


if __name__ == "__main__":
    main()
