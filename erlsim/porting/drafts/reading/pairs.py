"""What is in a map: its pairs, keys and values, where it does not matter in which order they come.

Python goes through a map in the order in which it was filled, Erlang in one of its own. Both come to the same where
the pairs are sorted, where a map is made of them whose keys stay, and where they are only asked or added up; and only
if nothing else is done on the way.
"""

from __future__ import annotations

import ast

from erlsim.porting.drafts import kinds
from erlsim.porting.drafts.calls import GUARDS
from erlsim.porting.drafts.forms import (
    Apply,
    Call,
    Clause,
    Form,
    Fun,
    FunOf,
    Op,
    Receive,
    Try,
    within,
)
from erlsim.porting.drafts.kinds import ANY, Kind, list_of, tuple_of
from erlsim.porting.drafts.reading.calling import Calling, conjunction
from erlsim.porting.drafts.reading.scope import Env
from erlsim.porting.drafts.sources import Unit

_VIEWS = {"items": "to_list", "keys": "keys", "values": "values"}
# Functions of Python's that do nothing but answer.
_ASKING = frozenset("abs all any dict int isinstance len list max min range sum get items keys values".split())


class Pairs(Calling):
    """Pairs, keys and values of maps."""

    def view(self, node: ast.expr, env: Env) -> tuple[Form, Kind] | None:
        """`m.items()`, `m.keys()` or `m.values()` of a map as a list in no order, or `list` of that; else `None`."""
        match node:
            case ast.Call(func=ast.Name(id="list"), args=[inner], keywords=[]):
                return self.view(inner, env)
            case ast.Call(func=ast.Attribute(value=of, attr=attribute), args=[], keywords=[]) if attribute in _VIEWS:
                form, kind = self.expression(of, env)
                if kind.name != "map":
                    return None
                key = kinds.ATOM if kind.is_closed else ANY
                value = kinds.value_at(kind, None)
                item = {"items": tuple_of(key, value), "keys": key, "values": value}[attribute]
                return Call("maps", _VIEWS[attribute], (form,)), list_of(item)
        return None

    def unordered(self, node: ast.expr, env: Env) -> tuple[Form, Kind]:
        """What is gone through in any order."""
        return self.view(node, env) or self.items(node, env)

    def only_asks(self, node: ast.AST, *forms: Form) -> None:
        """Refuse what does more than to ask: in another order it would be done in another order."""
        for form in within(forms):
            if isinstance(form, Apply | Receive | Try) or (isinstance(form, Op) and form.name == "!"):
                raise self.refuse(node, "does something for each pair of a map, whose order is another in Erlang")
            match form:
                case Call(module="maps" | "lists"):
                    continue
                case Call(module="erlang", name=name) if name in GUARDS or name in ("min", "max"):
                    continue
                case Call(module=module, name=name) | FunOf(module=module, name=name):
                    unit = self.here.program.units.get(module)
                    if unit is None or not self._asks(unit, name, set()):
                        raise self.refuse(
                            node,
                            f"{module}:{name} may do something, and the order of a map's pairs is another in Erlang",
                        )

    def _asks(self, unit: Unit, name: str, seen: set[tuple[str, str]]) -> bool:
        """Whether a function of the program does nothing but answer."""
        node = unit.functions.get(name)
        if (unit.name, name) in seen:
            return True
        if not isinstance(node, ast.FunctionDef):
            return False
        seen.add((unit.name, name))
        return all(self._asks_by(each, unit, seen) for each in ast.walk(node) if isinstance(each, ast.Call))

    def _asks_by(self, call: ast.Call, unit: Unit, seen: set[tuple[str, str]]) -> bool:
        last = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        found = self.here.program.function(self.dotted(call.func, {}))
        if found is None:
            return last in _ASKING or last in unit.file.records
        return self._asks(*found, seen)

    def kept_pairs(
        self, node: ast.AST, key: ast.expr, value: ast.expr, generators: list[ast.comprehension], env: Env
    ) -> tuple[Form, Kind] | None:
        """`{k: f(v) for k, v in m.items() if ...}`: each value at its key. `None` if it goes through no map's pairs."""
        match generators:
            case [ast.comprehension(target=ast.Tuple(elts=[target, of_value]), iter=source, ifs=tests)]:
                found = self.view(source, env)
            case _:
                return None
        if found is None or not isinstance(found[0], Call) or found[0].name != "to_list":
            return None
        if not isinstance(target, ast.Name) or not isinstance(key, ast.Name) or key.id != target.id:
            raise self.refuse(node, "two pairs may get one key, and which stays is their order's: a map's is another")
        (of,) = found[0].args
        kind = found[1].items[0].items[1]
        made = of
        if tests:
            inside = dict(env)
            parameters = self._parameters(target, of_value, kind, inside)
            test = conjunction([self.condition(each, inside) for each in tests])
            assert test is not None
            self.only_asks(node, test)
            made = Call("maps", "filter", (Fun((Clause(parameters, None, (test,)),)), made))
        if isinstance(value, ast.Name) and isinstance(of_value, ast.Name) and value.id == of_value.id:
            return made, kinds.map_of(kind)
        inside = dict(env)
        parameters = self._parameters(target, of_value, kind, inside)
        form, kind = self.expression(value, inside)
        self.only_asks(node, form)
        return Call("maps", "map", (Fun((Clause(parameters, None, (form,)),)), made)), kinds.map_of(kind)

    def _parameters(self, key: ast.expr, value: ast.expr, kind: Kind, env: Env) -> tuple[Form, Form]:
        return self.target(key, ANY, env), self.target(value, kind, env)
