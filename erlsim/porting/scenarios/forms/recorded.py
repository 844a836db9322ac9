"""Recordings as scenarios: `{"name", "steps", "observed"}`, with what each step showed when it was recorded.

A step is `{"op", "bind", "module", "function", "args"}` with `op` `call` or `now` (a call), `calls` or `nows` (its
value is a list whose order does not count), or `{"op"}` of `flush` and `reports`, or `{"op": "sleep", "ms"}`. Arguments
are terms as in `tagged`, with `{"self": true}` and `{"v": name, "path": [n, ...]}`: an element of an earlier step's
value, `undefined` if it has none. `observed` has an entry for each step but `sleep`: `{"ok": value}`,
`{"exit": reason}`, `{"error": reason}`, `{"throw": term}`, `{"flush": [...]}`, `{"reports": [...]}`.

What was recorded of a call is what the step is expected to show, pids, references, funs and stacks aside. What is
printed (`texts`, `io`) is left out: its layout is not the program's. `python`, `elixir` and `applications` may stand
beside the steps, as in `tree`.
"""

from __future__ import annotations

from typing import Any

from erlsim import terms
from erlsim.errors import ErlsimError
from erlsim.porting.scenarios import steps as ops
from erlsim.porting.scenarios import tagged
from erlsim.porting.scenarios.scenario import Scenario
from erlsim.porting.scenarios.steps import SELF, Call, Expected, Step, Var
from erlsim.terms import Term

Tree = Any
Path = tuple[int, ...]
_CALLS = {"call": False, "now": False, "calls": True, "nows": True}
_LOOKS = {"flush": ops.FLUSH, "reports": ops.REPORTS}
_LEFT_OUT = ("texts", "io")
# Tags of what is another one in each run.
_OWN = ("pid", "ref", "fun", "other", "python", "improper")


def from_recording(tree: Tree, scenario: Scenario) -> Scenario:
    """`scenario` with the steps of a recording; `ErlsimError` for what is none."""
    try:
        _Reader(tree).add_to(scenario)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as exc:
        raise ErlsimError(f"not a recording: {type(exc).__name__} {exc} in {str(tree)[:200]}") from None
    return scenario


class _Reader:
    """One recording; `bound` has the number of the step that has last given a name its value."""

    def __init__(self, tree: Tree) -> None:
        self.name = tree["name"]
        self.steps: list[Tree] = tree["steps"]
        left = list(tree["observed"])
        self.observed = [{} if step["op"] in tagged.SILENT else left.pop(0) for step in self.steps]
        self.bound: dict[str, int] = {}
        self.used: dict[int, dict[Path, Var]] = {}

    def add_to(self, scenario: Scenario) -> None:
        # Whose values are used shows only behind them: the arguments are read first.
        read = [self._arguments(number, step) for number, step in enumerate(self.steps)]
        for number, (step, args) in enumerate(zip(self.steps, read, strict=True)):
            made = self._step(number, step, args)
            if made is not None:
                scenario.add(made)

    def _arguments(self, number: int, step: Tree) -> tuple[Term, ...]:
        args = tuple(tagged.decode(each, {"v": self._value, "self": lambda _: SELF}) for each in step.get("args", ()))
        if step.get("bind", "_") != "_":
            self.bound[step["bind"]] = number
        return args

    def _value(self, node: Tree) -> Term:
        """An earlier step's value: a name for it, which that step's pattern gives to it."""
        path = tuple(node.get("path", ()))
        number = self.bound[node["v"]]
        at = self.observed[number].get("ok", {"a": "undefined"})
        for place in path:
            parts = at["t"] if isinstance(at, dict) and "t" in at else at
            if not isinstance(parts, list) or type(place) is not int or not 1 <= place <= len(parts):
                return "undefined"
            at = parts[place - 1]
        if "ok" not in self.observed[number]:
            return "undefined"
        name = "_".join(map(str, (node["v"].capitalize(), number + 1, *path)))
        return self.used.setdefault(number, {}).setdefault(path, Var(name))

    def _step(self, number: int, step: Tree, args: tuple[Term, ...]) -> Step | None:
        op = step["op"]
        if op in _CALLS:
            ((kind, value),) = self.observed[number].items()
            pattern = _pattern(value, (), self.used.get(number, {}))
            call = Call(step["module"], step["function"], args)
            return Step(ops.CALL, (call,), expected=Expected(kind, pattern), is_sorted=_CALLS[op])
        if op == "sleep":
            return Step(ops.SLEEP, ms=step["ms"])
        if op in _LOOKS:
            # Messages of different processes may come in another order: only the runs are compared.
            return Step(_LOOKS[op])
        if op in _LEFT_OUT:
            return None
        raise ErlsimError(
            f"{self.name}: no run of a port has the step {op!r}; it belongs to the recorder's own modules"
        )


def _pattern(tree: Tree, path: Path, names: dict[Path, Var]) -> Term:
    """What a step is to show: what it showed, with names where later steps need its parts."""
    if path in names:
        return names[path]
    if tree == tagged.STACK or (isinstance(tree, dict) and next(iter(tree)) in _OWN):
        return ...
    if isinstance(tree, list):
        return [_pattern(each, (*path, place), names) for place, each in enumerate(tree, 1)]
    if isinstance(tree, dict) and "t" in tree:
        return tuple(_pattern(each, (*path, place), names) for place, each in enumerate(tree["t"], 1))
    if isinstance(tree, dict) and "m" in tree:
        # A key that is a pid is another one in each run.
        return terms.make_map(
            (tagged.decode(key), _pattern(each, (), {})) for key, each in tree["m"] if _is_lasting(key)
        )
    return tagged.decode(tree)


def _is_lasting(tree: Tree) -> bool:
    """Whether there is nothing in a term that is another one in each run."""
    if isinstance(tree, list):
        return all(map(_is_lasting, tree))
    return not isinstance(tree, dict) or (next(iter(tree)) not in _OWN and all(map(_is_lasting, tree.values())))
