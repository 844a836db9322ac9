"""`python -m tests.porting.scenarios.oracle`: the example's port on a real Erlang, beside its prototype.

Prints a line for each scenario and ends with status 1 if one differs. With `--record` what the real Erlang showed is
written down, for the tests, which need none.
"""

from __future__ import annotations

import json
import sys
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


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--record", is_flag=True, help="Write down what the real Erlang showed.")
def main(record: bool) -> None:
    """Run the example's scenarios on its port with a real `erl`, and compare."""
    rows: dict[str, list[Any]] = {}
    different = False
    for scenario in scenarios():
        report = check_port(scenario, port=SOURCES, beam=True)
        if report.skipped:
            raise click.ClickException(f"{report.skipped['erl']} to ask (Debian: erlang-base, erlang-dev)")
        click.echo(str(report))
        different = different or not report.equal
        rows[scenario.name] = [[each.step, each.tree, each.ms, each.is_met] for each in report.runs["erl"].seen]
    if record:
        RECORDED.parent.mkdir(exist_ok=True)
        lines = [f" {json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items()]
        RECORDED.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    sys.exit(different)


if __name__ == "__main__":
    main()
