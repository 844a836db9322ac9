"""Scenarios as JSON, for programs that make or read them.

`{"name", "python", "elixir", "applications", "steps": [{"op", "calls": [[module, function, [argument, ...]], ...],
"ms", "subject", "sorted", "expect": {"ok": pattern}, "label"}]}`; terms as in `tagged`, with `{"v": name}`,
`{"any": true}`, `{"self": true}`, `{"module": name}` and `{"ms": n}`.
"""

from __future__ import annotations

from typing import Any

from erlsim import terms
from erlsim.errors import ErlsimError
from erlsim.porting.scenarios import tagged
from erlsim.porting.scenarios.forms.recorded import from_recording
from erlsim.porting.scenarios.scenario import Scenario
from erlsim.porting.scenarios.steps import SELF, Call, Expected, Module, Ms, Self, Step, Var
from erlsim.terms import Term

Tree = Any

_SPECIAL = {
    "v": lambda node: Var(node["v"]),
    "any": lambda _: ...,
    "self": lambda _: SELF,
    "ms": lambda node: Ms(node["ms"]),
    "module": lambda node: Module(node["module"]),
    "fun": lambda node: terms.ExportedFun(*node["fun"]),
}


def to_json(scenario: Scenario) -> Tree:
    """What `from_json` makes the scenario of again."""
    places = {
        key: {name: place for name, place in given.items() if isinstance(place, str)}
        for key, given in (("python", scenario.python), ("elixir", scenario.elixir))
    }
    return {
        "name": scenario.name,
        **{key: given for key, given in places.items() if given},
        **({"applications": list(map(_written, scenario.applications))} if scenario.applications else {}),
        "steps": list(map(_step_tree, scenario.steps)),
    }


def _step_tree(step: Step) -> Tree:
    found: dict[str, Tree] = {"op": step.op}
    if step.calls:
        found["calls"] = [[call.module, call.function, [_written(each) for each in call.args]] for call in step.calls]
    if step.ms:
        found["ms"] = step.ms
    if step.subject is not None:
        found["subject"] = _written(step.subject)
    if step.is_sorted:
        found["sorted"] = True
    if step.expected is not None:
        found["expect"] = {step.expected.kind: _written(step.expected.pattern)}
    if step.label:
        found["label"] = step.label
    return found


def _written(term: Term) -> Tree:
    return _Writer().encode(term)


class _Writer(tagged.Encoder):
    """Terms that are to be read again, with their names."""

    def encode(self, term: Term) -> Tree:
        if term is ...:
            return {"any": True}
        match term:
            case Var(name=name):
                return {"v": name}
            case Ms(ms=ms):
                return {"ms": ms}
            case Module(name=name):
                return {"module": name}
            case Self():
                return {"self": True}
            case bytes():
                return {"b": term.decode("latin-1")}
            case list():
                return [self.encode(each) for each in term]
            case terms.Improper():
                return {"imp": [[self.encode(each) for each in term.items], self.encode(term.tail)]}
            case terms.Bits(data=data, size=size):
                return {"bits": [data.decode("latin-1"), size]}
            case dict() | terms.TermMap():
                return {"m": [[self.encode(name), self.encode(value)] for name, value in term.items()]}
            case terms.ExportedFun(module=module, name=name, arity=arity):
                return {"fun": [module, name, arity]}
            case terms.Pid() | terms.Ref():
                raise ErlsimError(f"a scenario has names, not pids and references of one run: {term!r}")
        return super().encode(term)


def from_json(tree: Tree) -> Scenario:
    """The scenario of a JSON value, which may be a recording (`recorded`); `ErlsimError` for what is none."""
    try:
        scenario = Scenario(
            tree["name"],
            python=dict(tree.get("python", {})),
            elixir=dict(tree.get("elixir", {})),
            applications=[_read(each) for each in tree.get("applications", [])],
        )
        if "observed" in tree:
            return from_recording(tree, scenario)
        for each in tree["steps"]:
            scenario.add(_step(each))
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise ErlsimError(f"not a scenario: {type(exc).__name__} {exc} in {str(tree)[:200]}") from None
    return scenario


def _step(tree: Tree) -> Step:
    expected = [Expected(kind, _read(pattern)) for kind, pattern in tree.get("expect", {}).items()]
    return Step(
        tree["op"],
        tuple(Call(module, function, tuple(map(_read, args))) for module, function, args in tree.get("calls", [])),
        ms=tree.get("ms", 0),
        subject=_read(tree["subject"]) if "subject" in tree else None,
        expected=expected[0] if expected else None,
        is_sorted=tree.get("sorted", False),
        label=tree.get("label", ""),
    )


def _read(tree: Tree) -> Term:
    return tagged.decode(tree, _SPECIAL)
