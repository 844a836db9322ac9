"""One scenario on a real Erlang: it is written out, taken by the driver there, and what it showed is read."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from erlsim.porting.scenarios import steps as ops
from erlsim.porting.scenarios import tagged
from erlsim.porting.scenarios.beam import etf
from erlsim.porting.scenarios.beam.targets import PATIENCE_S, Target, compiled_elixir, compiled_erlang, tool
from erlsim.porting.scenarios.driver import SETTLE_MS, Seen
from erlsim.porting.scenarios.forms import in_erlang
from erlsim.porting.scenarios.runs import Run
from erlsim.porting.scenarios.scenario import Scenario
from erlsim.porting.scenarios.steps import Call, Module, Ms, Self, Step, Var, rebuilt
from erlsim.terms import Term

# What GenServer.call waits when nothing else is said, in ms: it says so, gen_server does not.
DEFAULT_TIMEOUT = 5000


def run_on_beam(scenario: Scenario, port: str | Path | Sequence[str | Path], scale: float = 1.0) -> Run:
    """Run a scenario on Erlang source with a real `erl`; `NoBeam` if there is none.

    `scale` makes sleeps and `ms(...)` longer or shorter than in virtual time.
    """
    with compiled_erlang(port) as target:
        return run(target, scenario, scale)


def run_on_elixir(
    scenario: Scenario, project: str | Path, scale: float = 1.0, libraries: Sequence[str | Path] = ()
) -> Run:
    """Run a scenario on a mix project, whose modules are called what the scenario's `elixir` says.

    `libraries` are sources in Erlang that the project needs and does not fetch.
    """
    with compiled_elixir(project, libraries) as target:
        return run(target, scenario, scale)


def run(target: Target, scenario: Scenario, scale: float = 1.0) -> Run:
    """Run a scenario on a fresh node of its own."""
    atoms = dict(scenario.elixir) if target.world == "elixir" else {}
    result = Run(target.world, scenario, atoms=atoms, is_real=True, scale=scale)
    with tempfile.TemporaryDirectory() as made:
        source, out = Path(made) / "scenario.term", Path(made) / "observed"
        source.write_text("%% coding: utf-8\n" + written(scenario, target, scale), encoding="utf-8")
        paths = [option for path in target.paths for option in ("-pa", str(path))]
        command = [tool("erl"), "+S", "1", "-noshell", *paths, "-s", "erlsim_scenario", "main"]
        try:
            done = subprocess.run(
                [*command, "-extra", str(source), str(out)],
                capture_output=True,
                encoding="utf-8",
                timeout=PATIENCE_S,
                check=False,
            )
            if done.returncode:
                result.failure = (done.stderr or done.stdout).strip() or f"erl ended with status {done.returncode}"
        except subprocess.TimeoutExpired:
            result.failure = f"not done after {PATIENCE_S} s"
        result.system, result.seen = _observed(out.read_bytes() if out.exists() else b"")
        if target.world == "elixir":
            result.seen = [replace(each, tree=in_erlangs_words(each.tree)) for each in result.seen]
    return result


def _observed(data: bytes) -> tuple[str, list[Seen]]:
    """What the driver wrote: the system that it runs on, then what each step showed."""
    encoder = tagged.Encoder()
    system, found = "", []
    for packet in _packets(data):
        head, *rest = etf.decode(packet)
        if head == "system":
            system = rest[0].decode()
        else:
            kind, value, ms, is_met = rest
            found.append(Seen(head, {kind: encoder.encode(value)}, ms, is_met))
    return system, found


def in_erlangs_words(tree: Any) -> Any:
    """An observation as Erlang has it: where Elixir's GenServer says that a call of its own failed, gen_server's."""
    if isinstance(tree, list):
        return [in_erlangs_words(each) for each in tree]
    match tree:
        case {"t": [{"a": "Elixir.GenServer"}, {"a": "call"}, [server, request, timeout]]}:
            args = [server, request] if timeout == DEFAULT_TIMEOUT else [server, request, timeout]
            return {"t": [{"a": "gen_server"}, {"a": "call"}, in_erlangs_words(args)]}
        case dict():
            return {tag: in_erlangs_words(each) for tag, each in tree.items()}
    return tree


def _packets(data: bytes) -> Iterator[bytes]:
    while len(data) >= 4:
        size = int.from_bytes(data[:4], "big")
        yield data[4 : 4 + size]
        data = data[4 + size :]


# ---- a scenario as the driver reads it


def written(scenario: Scenario, target: Target, scale: float) -> str:
    """The term that the driver reads."""
    names = scenario.elixir if target.world == "elixir" else {}
    whole = {
        "steps": [_step(each, names, scale) for each in scenario.steps],
        "settle": max(SETTLE_MS, round(SETTLE_MS * scale)),
        "applications": list(scenario.applications),
        "started": list(target.started),
    }
    return in_erlang(whole) + ".\n"


def _step(step: Step, names: Mapping[str, str], scale: float) -> Term:
    def scaled(ms: int) -> int:
        return round(ms * scale)

    def leaf(part: Any) -> Term:
        if part is ... or part == Var("_"):
            return ("$any",)
        match part:
            case Var(name=name):
                return ("$var", name)
            case Ms(ms=ms):
                return scaled(ms)
            case Module(name=name):
                return names.get(name, name)
            case Self():
                return ("$self",)
        return part

    def call(each: Call) -> Term:
        return (names.get(each.module, each.module), each.function, list(rebuilt(each.args, leaf)))

    if step.op == ops.SLEEP:
        return ("sleep", scaled(step.ms))
    calls = list(map(call, step.calls))
    what: dict[str, Term] = {
        ops.CALL: ("sorted" if step.is_sorted else "call", calls[0] if calls else None),
        ops.CLIENT: ("client", calls),
        ops.RACE: ("race", calls, scaled(step.ms)),
        ops.RECEIVE: ("receive", scaled(step.ms)),
        ops.FLUSH: "flush",
        ops.REPORTS: "reports",
        ops.TREE: ("tree", rebuilt(step.subject, leaf)),
    }
    expected: Term = "none"
    if step.expected is not None:
        kind = ops.KINDS[step.op] if step.expected.kind == "ok" else step.expected.kind
        expected = (kind, rebuilt(step.expected.pattern, leaf))
    return (what[step.op], expected)
