"""Calls: of the program's own functions, of OTP's through erlsim's modules, and the few of Python's that Erlang has."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Callable

from erlsim.porting.drafts import calls, kinds
from erlsim.porting.drafts.forms import (
    Alias,
    Apply,
    Atom,
    Call,
    Chars,
    Clause,
    Const,
    Form,
    Fun,
    FunOf,
    Joined,
    List,
    Map,
    ModuleName,
    Op,
    Receive,
    Record,
    Tuple,
    Var,
    Wild,
)
from erlsim.porting.drafts.kinds import ANY, NEVER, Kind, item_of, join, list_of
from erlsim.porting.drafts.reading.operators import Operators
from erlsim.porting.drafts.reading.scope import Env
from erlsim.porting.drafts.refusals import Refused
from erlsim.porting.drafts.sources import Unit

_LENGTHS = {
    "list": "length",
    "tuple": "tuple_size",
    "some_tuple": "tuple_size",
    "map": "map_size",
    "binary": "byte_size",
}
_FIELDS = ("dataclasses.field",)
_OWN_TIME = ("monotonic_time", "system_time")


class Calling(Operators):
    """Calls."""

    def awaited(self, node: ast.expr, env: Env) -> tuple[Form, Kind]:
        """What is awaited: `await` itself vanishes."""
        if isinstance(node, ast.Call):
            name = self.dotted(node.func, env)
            if name in ("erlsim.erlang.receive", "erlsim.receive"):
                return self.receive(node, env)
        return self.passed_on(node, env)

    # The call that is awaited where it stands, or passed on for others to await.
    awaited_call: ast.expr | None = None

    def passed_on(self, node: ast.expr, env: Env) -> tuple[Form, Kind]:
        """An expression that may be a call of what waits."""
        before, self.awaited_call = self.awaited_call, node
        try:
            return self.expression(node, env)
        finally:
            self.awaited_call = before

    def _waits(self, name: str) -> bool:
        """Whether a function waits, by its dotted name."""
        function = self.here.program.function(name)
        if function is not None:
            unit, called = function
            return isinstance(unit.functions[called], ast.AsyncFunctionDef)
        base, _, last = name.rpartition(".")
        return base in calls.MODULES and inspect.iscoroutinefunction(getattr(importlib.import_module(base), last, None))

    def call(self, node: ast.Call, env: Env) -> tuple[Form, Kind]:
        """A call."""
        if any(isinstance(each, ast.Starred) for each in node.args):
            raise self.refuse(node, "a call with a number of arguments that is not known")
        if isinstance(node.func, ast.Name) and node.func.id in env:
            fun = env[node.func.id]
            self._no_keywords(node)
            arguments, _ = self.forms(node.args, env)
            returned = fun.kind.items[0] if fun.kind.name == "fun" and fun.kind.items else ANY
            return Apply(fun.form, tuple(arguments)), returned
        name = self.dotted(node.func, env)
        if self.awaited_call is not node and self._waits(name):
            raise self.refuse(node, "waits, and is not awaited here: in Erlang it would be done at once")
        function = self.here.program.function(name)
        if function is not None:
            return self._of_program(node, *function, env)
        base, _, last = name.rpartition(".")
        if base in calls.MODULES:
            return self._of_otp(node, calls.MODULES[base], last, env)
        special = self._special(name)
        if special is not None:
            return special(node, env)
        return self._of_python(node, env)

    def _no_keywords(self, node: ast.Call) -> None:
        if node.keywords:
            raise self.refuse(node, "Erlang's arguments have no names: give them in their order")

    def _special(self, name: str) -> Callable[[ast.Call, Env], tuple[Form, Kind]] | None:
        found = {
            "erlsim.terms.eq": self._equal,
            "erlsim.terms.exact_eq": self._equal,
            "erlsim.terms.sort": self._sorted,
            "erlsim.terms.chars": self._chars,
            "erlsim.match": self._matched,
            "dataclasses.replace": self._replaced,
        }
        return found.get(name)

    # -- the program's own

    def _of_program(self, node: ast.Call, unit: Unit, name: str, env: Env) -> tuple[Form, Kind]:
        self._no_keywords(node)
        arguments, of_arguments = self.forms(node.args, env)
        if len(arguments) not in unit.arities(name):
            raise self.refuse(node, f"{unit.name}:{name} does not take {len(arguments)} arguments")
        self.note_call(unit, name, of_arguments)
        if unit is self.here.unit:
            self.here.facts.used.add((unit.name, name, len(arguments)))
        else:
            self.here.facts.exported.add((unit.name, name, len(arguments)))
        facts = self.here.facts
        return Call(unit.name, name, tuple(arguments)), facts.seen(facts.returned.get((unit.name, name), NEVER))

    def note_call(self, unit: Unit, name: str, of_arguments: list[Kind]) -> None:
        """A function of the program is called with such arguments."""
        self.here.facts.called.add((unit.name, name))
        for place, kind in enumerate(of_arguments):
            self.here.facts.note(unit.name, name, place, kind)

    # -- OTP's

    def _of_otp(self, node: ast.Call, module: str, name: str, env: Env) -> tuple[Form, Kind]:
        self._no_keywords(node)
        if module == "erlang" and name.startswith("spawn") and node.args:
            return self._spawned(node, name, env)
        if (module, name) in calls.STARTERS:
            return self._started(node, module, name, env)
        arguments, of_arguments = self.forms(node.args, env)
        name = calls.RENAMED.get(name, name)
        arities = calls.EXPORTS[module].get(name, ())
        for each in calls.DEFAULTS.get((module, name, len(arguments)), ()):
            arguments.append(Atom(each))
            of_arguments.append(kinds.ATOM)
        if len(arguments) not in arities:
            raise self.refuse(node, f"OTP has no {module}:{name}/{len(arguments)}")
        if module == "erlang" and name in _OWN_TIME and not arguments:
            arguments = [Atom("millisecond")]
        if module == "io" and name in ("format", "fwrite"):
            arguments = self._format(node, arguments)
        if (module, name) == ("erlang", "send") and len(arguments) == 2:
            self.here.facts.note_message("info", arguments[1], of_arguments[1])
            return Op("!", arguments[0], arguments[1]), of_arguments[1]
        self._note_sent(module, name, arguments, of_arguments)
        self._modules_among(module, name, arguments, of_arguments)
        return Call(module, name, tuple(arguments)), self._result(module, name, arguments, of_arguments)

    def _note_sent(self, module: str, name: str, arguments: list[Form], of_arguments: list[Kind]) -> None:
        """Note what is sent, and what is put into tables."""
        found = calls.SENDERS.get((module, name))
        if found is not None:
            how, place = found
            self.here.facts.note_message(how, arguments[place], of_arguments[place])
        if module == "ets" and name in calls.FILLING and len(arguments) > 1:
            kind = of_arguments[1]
            self.here.facts.note_rows(self._table(arguments[0]), item_of(kind) if kind.name == "list" else kind)
        elif module == "ets" and name in calls.REPLACING:
            self.here.facts.note_rows(self._table(arguments[0]), kinds.SOME_TUPLE)

    def _table(self, form: Form) -> str:
        """The name of a table; empty if it is not written there."""
        if isinstance(form, Const):
            form = self.constant(form.name)
        return form.name if isinstance(form, Atom) else ""

    def constant(self, name: str) -> Form:
        """What a constant stands for."""
        raise NotImplementedError

    def _result(self, module: str, name: str, arguments: list[Form], of_arguments: list[Kind]) -> Kind:
        if (module, name) == ("erlang", "exit"):
            return NEVER if len(of_arguments) == 1 else kinds.BOOLEAN
        if (module, name) == ("lists", "sort") and of_arguments[-1].name == "list":
            return of_arguments[-1]
        if (module, name) == ("ets", "update_counter") and of_arguments[2].is_number:
            return kinds.INTEGER
        if (module, name) in calls.ROWS:
            return list_of(self.here.facts.rows(self._table(arguments[0])))
        return kinds.RETURNED.get(f"{module}:{name}", ANY)

    def _format(self, node: ast.Call, arguments: list[Form]) -> list[Form]:
        """The format of io:format: an atom is allowed there, but nobody writes one."""
        place = 0 if len(arguments) < 3 else 1
        if isinstance(arguments[place], Atom):
            arguments[place] = Chars(arguments[place].name)  # type: ignore[attr-defined]
        return arguments

    def _modules_among(self, module: str, name: str, arguments: list[Form], of_arguments: list[Kind]) -> None:
        """Modules where OTP wants one: alone, as a handler with an id, or before a function and its arguments."""
        place = calls.NAMED.get((module, name))
        if place is not None and place < len(arguments):
            arguments[place] = self._module_or_handler(arguments[place])
        place = calls.APPLIED.get((module, name))
        if place is not None and len(arguments) >= place + 3:
            self.note_mfa(arguments[place : place + 3], of_arguments[place + 2])
            arguments[place] = self.module_name(arguments[place])

    def _module_or_handler(self, form: Form) -> Form:
        if isinstance(form, Tuple) and len(form.items) == 2:
            return Tuple((self.module_name(form.items[0]), form.items[1]))
        return self.module_name(form)

    def note_mfa(self, parts: list[Form], kind: Kind) -> None:
        """Note a function that is called by its name, if these three name one of the program."""
        match parts:
            case [Atom(name=module) | ModuleName(name=module), Atom(name=name), List(items=items, tail=None)]:
                unit = self.here.program.units.get(module)
                if unit is not None and unit.has(name, len(items)):
                    self.here.facts.exported.add((module, name, len(items)))
                    self.note_call(unit, name, [item_of(kind)] * len(items))

    def module_name(self, form: Form) -> Form:
        """A form where Erlang wants a module: the name of one of the program's, if it is that."""
        if isinstance(form, Atom) and form.name in self.here.program.units:
            return ModuleName(form.name)
        return form

    def _spawned(self, node: ast.Call, name: str, env: Env) -> tuple[Form, Kind]:
        """`spawn(fun)`, `spawn(fun, args)` (which Erlang does not have), `spawn(module, name, args)`."""
        kind = kinds.RETURNED.get(f"erlang:{name}", ANY)
        options = [node.args[-1]] if name == "spawn_opt" else []
        given = node.args[:-1] if options else node.args
        last, _ = self.forms(options, env)
        if len(given) == 3:
            arguments, of_arguments = self.forms(given, env)
            self.note_mfa(arguments, of_arguments[2])
            return Call("erlang", name, (self.module_name(arguments[0]), *arguments[1:], *last)), kind
        fun, _ = self.expression(given[0], env)
        if len(given) == 1:
            return Call("erlang", name, (fun, *last)), kind
        passed = given[1]
        if not isinstance(passed, ast.List) or not isinstance(fun, FunOf) or len(passed.elts) != fun.arity:
            raise self.refuse(node, "a fun with arguments: write a lambda that calls it")
        unit = self.here.program.units[fun.module]
        forms, of_forms = self.forms(passed.elts, env)
        self.note_call(unit, fun.name, of_forms)
        self.here.facts.exported.add((fun.module, fun.name, fun.arity))
        return Call("erlang", name, (ModuleName(fun.module), Atom(fun.name), List(tuple(forms)), *last)), kind

    def _started(self, node: ast.Call, module: str, name: str, env: Env) -> tuple[Form, Kind]:
        """`Module:start_link([Name,] Callbacks, Argument, ...)`: the callbacks' `init` gets the argument."""
        arguments, of_arguments = self.forms(node.args, env)
        if len(arguments) not in calls.EXPORTS[module].get(name, ()):
            raise self.refuse(node, f"OTP has no {module}:{name}/{len(arguments)}")
        place = len(arguments) + calls.STARTERS[module, name]
        handler = arguments[place]
        if isinstance(handler, Tuple) and handler.items:
            arguments[place] = Tuple((self.module_name(handler.items[0]), *handler.items[1:]))
            handler = handler.items[0]
        else:
            arguments[place] = self.module_name(handler)
        callback = self.module_name(handler)
        if isinstance(callback, ModuleName):
            unit = self.here.program.units[callback.name]
            if unit.has("init", 1):
                self.note_call(unit, "init", [of_arguments[place + 1]])
        return Call(module, name, tuple(arguments)), ANY

    # -- child specifications

    # Whether the plan of a child is read: its functions are given a reason and a number of restarts.
    in_plan = False

    def is_childspec(self, node: ast.Dict) -> bool:
        """Whether a map is the specification of a child."""
        keys = {each.value for each in node.keys if isinstance(each, ast.Constant)}
        return {"id", "start"} <= keys and len(keys) == len(node.keys)

    def childspec(self, node: ast.Dict, env: Env) -> tuple[Form, Kind]:
        """A child specification: where it names modules they are modules."""
        pairs: list[tuple[Form, Form]] = []
        for key, value in zip(node.keys, node.values, strict=True):
            assert isinstance(key, ast.Constant)
            self.in_plan = key.value == "plan"
            try:
                form, kind = self.expression(value, env)
            finally:
                self.in_plan = False
            if key.value == "start":
                form = self.start_of(form, kind)
            elif key.value == "modules":
                form = self.modules_of(form)
            pairs.append((Atom(str(key.value)), form))
        return Map(tuple(pairs)), kinds.MAP

    def start_of(self, form: Form, kind: Kind) -> Form:
        """`{Module, Function, Args}` of a child."""
        if not isinstance(form, Tuple) or not 2 <= len(form.items) <= 3:
            return form
        module, *rest = form.items
        name = self.module_name(module)
        arguments = rest[1] if len(rest) == 2 else List(())
        of_arguments = kind.items[2] if len(rest) == 2 and len(kind.items) == 3 else list_of(NEVER)
        self.note_mfa([name, rest[0], arguments], of_arguments)
        if isinstance(module, Atom | ModuleName) and isinstance(rest[0], Atom) and isinstance(arguments, List):
            self._note_started_by(module.name, rest[0].name, arguments, of_arguments)
        return Tuple((name, *self._modules_in(module, rest)))

    def _note_started_by(self, module: str, name: str, arguments: List, kind: Kind) -> None:
        """A child that is `gen_server:start_link(Callbacks, Argument, ...)` itself: its `init` gets the argument."""
        place = calls.STARTERS.get((module, name))
        if place is None or len(arguments.items) < -place:
            return
        callback = self.module_name(arguments.items[place])
        if isinstance(callback, ModuleName):
            self.note_call(self.here.program.units[callback.name], "init", [item_of(kind)])

    def _modules_in(self, module: Form, rest: list[Form]) -> list[Form]:
        if not (
            isinstance(module, Atom) and len(rest) == 2 and isinstance(rest[0], Atom) and isinstance(rest[1], List)
        ):
            return rest
        place = calls.STARTERS.get((module.name, rest[0].name))
        items = list(rest[1].items)
        if place is not None and len(items) >= -place:
            items[place] = self.module_name(items[place])
        return [rest[0], List(tuple(items), rest[1].tail)]

    def modules_of(self, form: Form) -> Form:
        """The modules of a child."""
        if isinstance(form, List):
            return List(tuple(map(self.module_name, form.items)), form.tail)
        return form

    def old_childspec(self, items: list[ast.expr], env: Env) -> tuple[Form, Kind] | None:
        """`{Id, {M, F, Args}, Restart, ...}`: a child specification as a tuple; `None` if it is none."""
        match items:
            case [_, ast.Tuple(elts=[_, ast.Constant(value=str()), ast.List()]), ast.Constant(value=restart), *_]:
                if restart not in ("permanent", "transient", "temporary") or len(items) not in (3, 6):
                    return None
                forms, of_forms = self.forms(items, env)
                forms[1] = self.start_of(forms[1], of_forms[1])
                if len(forms) == 6:
                    forms[5] = self.modules_of(forms[5])
                return Tuple(tuple(forms)), kinds.tuple_of(*of_forms)
        return None

    # -- Python's, and erlsim's helpers

    def _of_python(self, node: ast.Call, env: Env) -> tuple[Form, Kind]:
        match node:
            case ast.Call(func=ast.Name(id="len"), args=[of], keywords=[]):
                form, kind = self.expression(of, env)
                if kind.name in _LENGTHS:
                    return Call("erlang", _LENGTHS[kind.name], (form,)), kinds.INTEGER
                if kind == NEVER and not self.here.facts.is_last:
                    return form, kinds.INTEGER
                raise self.refuse(node, "nothing tells whether this is a list, a tuple, a map or a binary")
            case ast.Call(func=ast.Name(id="dict")):
                return self.dict_of(node, env)
            case ast.Call(func=ast.Name(id="int"), args=[of], keywords=[]):
                form, kind = self.expression(of, env)
                if kind.name not in ("integer", "never"):
                    raise self.refuse(node, "what int makes of a term, Erlang has no function for")
                return form, kinds.INTEGER
            case ast.Call(func=ast.Name(id="list"), args=[of], keywords=[]):
                return self.items(of, env)
            case ast.Call(func=ast.Name(id="sum"), args=[of], keywords=[]):
                return self._sum(of, env)
            case ast.Call(func=ast.Name(id="min" | "max" as name), args=[_, _], keywords=[]):
                forms, of_forms = self.forms(node.args, env)
                if not all(kind.is_number or kind == NEVER for kind in of_forms):
                    raise self.refuse(node, "nothing tells that both are numbers")
                return Call("erlang", name, tuple(forms)), join(*of_forms)
            case ast.Call(func=ast.Name(id="abs"), args=[of], keywords=[]):
                form, kind = self.expression(of, env)
                if kind.is_number or kind == NEVER:
                    return Call("erlang", "abs", (form,)), kind
            case ast.Call(func=ast.Name(id="any" | "all" as name), args=[ast.GeneratorExp() as inner], keywords=[]):
                return self._any_or_all(name, inner, env)
            case ast.Call(func=ast.Name(id="isinstance")):
                return self.condition(node, env), kinds.BOOLEAN
            case ast.Call(func=ast.Name(id="print")):
                return self._printed(node, env), kinds.ATOM
            case ast.Call(func=ast.Attribute(value=of, attr="get"), args=[_, _], keywords=[]):
                form, kind = self.expression(of, env)
                if kind.name == "map":
                    forms, of_forms = self.forms(node.args, env)
                    at = kinds.value_at(kind, forms[0].name if isinstance(forms[0], Atom) else None)
                    return Call("maps", "get", (forms[0], form, forms[1])), join(at, of_forms[1])
                if kind == NEVER and not self.here.facts.is_last:
                    return form, NEVER
            case ast.Call(func=ast.Name(id=name)) if name in self.here.file.records:
                return self._record(node, name, env)
            case ast.Call(func=ast.Name(id=name), args=[]) if name in self.here.file.maps:
                keys: list[ast.expr | None] = [ast.Constant(each.arg) if each.arg else None for each in node.keywords]
                made = ast.Dict(keys, [each.value for each in node.keywords])
                return self.expression(ast.fix_missing_locations(ast.copy_location(made, node)), env)
            case ast.Call(
                func=ast.Attribute(attr="append" | "extend" | "pop" | "update" | "remove" | "insert" | "add")
            ):
                raise self.refuse(node, "changes a term in place: Erlang has none that change")
        name = self.dotted(node.func, env)
        if name.startswith("erlsim."):
            raise self.refuse(node, f"{name} has no counterpart in OTP")
        raise self.refuse(node, "a function that is neither OTP's nor the program's")

    def _sum(self, node: ast.expr, env: Env) -> tuple[Form, Kind]:
        if isinstance(node, ast.GeneratorExp):
            form, kind = self.comprehension(node.elt, node.generators, env)
        else:
            form, kind = self.unordered(node, env)
        item = item_of(kind)
        if self.view(node, env) is not None and item not in (kinds.INTEGER, NEVER):
            raise self.refuse(node, "a sum of floats depends on their order, which is another in Erlang's maps")
        if not item.is_number and item != NEVER:
            raise self.refuse(node, "nothing tells that these are numbers")
        return Call("lists", "sum", (form,)), item

    def _any_or_all(self, name: str, inner: ast.GeneratorExp, env: Env) -> tuple[Form, Kind]:
        if len(inner.generators) != 1 or inner.generators[0].ifs:
            raise self.refuse(inner, f"only {name}(test for each in items) is translated")
        generator = inner.generators[0]
        source, kind = self.unordered(generator.iter, env)
        inside = dict(env)
        self.total(generator.target, item_of(kind))
        pattern = self.target(generator.target, item_of(kind), inside)
        test = self.condition(inner.elt, inside)
        if self.view(generator.iter, env) is not None:
            self.only_asks(inner, test)
        return Call("lists", name, (Fun((Clause((pattern,), None, (test,)),)), source)), kinds.BOOLEAN

    def _printed(self, node: ast.Call, env: Env) -> Form:
        """`print` of one text: what Python makes of atoms and integers is known."""
        if len(node.args) != 1 or node.keywords:
            raise self.refuse(node, "only one text is printed as Erlang would: use erlsim.io.format")
        if self._is_formatted(node.args[0], env):
            return self._print_formatted(node.args[0], env)
        form, kind = self.expression(node.args[0], env)
        if isinstance(form, Joined) and form.of == "atom":
            parts = form.pieces
        elif kind.name in ("atom", "integer"):
            parts = ((kind.name, form),) if not isinstance(form, Atom) else (form.name,)
        else:
            raise self.refuse(node, "Erlang prints terms in another way: use erlsim.io.format")
        text = "".join(
            part.replace("~", "~~") if isinstance(part, str) else ("~b" if part[0] == "integer" else "~ts")
            for part in parts
        )
        values = tuple(part[1] for part in parts if not isinstance(part, str))
        return Call("io", "format", (Chars(text + "~n"), List(values)))

    def _is_formatted(self, node: ast.expr, env: Env) -> bool:
        return isinstance(node, ast.Call) and self.dotted(node.func, env) == "erlsim.terms.format"

    def _print_formatted(self, node: ast.expr, env: Env) -> Form:
        """`print(terms.format(format, values))`."""
        match node:
            case ast.Call(args=[ast.Constant(value=str(text)), ast.List() as values]):
                return Call("io", "format", (Chars(text + "~n"), self.expression(values, env)[0]))
        raise self.refuse(node, "only a format that is written there, with a list of values")

    def _record(self, node: ast.Call, name: str, env: Env) -> tuple[Form, Kind]:
        fields = list(self.fields_of(name))
        given = dict(zip(fields, node.args, strict=False))
        given.update({each.arg: each.value for each in node.keywords if each.arg})
        if not set(given) <= set(fields):
            raise self.refuse(node, f"{name} has no such fields")
        for key in fields:
            if key not in given and self.default_of(name, key) is None:
                raise self.refuse(node, f"{key} is not given, and its default is none that a record can have")
        pairs = tuple((key, self.expression(value, env)[0]) for key, value in given.items())
        return Record(name, pairs), Kind("record", (), name)

    def _replaced(self, node: ast.Call, env: Env) -> tuple[Form, Kind]:
        form, kind = self.expression(node.args[0], env)
        if kind.name != "record":
            raise self.refuse(node, "nothing tells which record this is")
        pairs = tuple((str(each.arg), self.expression(each.value, env)[0]) for each in node.keywords)
        return Record(kind.label, pairs, form), kind

    def fields_of(self, record: str) -> dict[str, ast.AnnAssign]:
        """The fields of a dataclass."""
        raise NotImplementedError

    def default_of(self, record: str, field: str) -> Form | None:
        """The default of a field; `None` if there is none, or none that is known."""
        node = self.fields_of(record)[field].value
        match node:
            case ast.Call(keywords=[ast.keyword(arg="default_factory", value=ast.Name(id="list" | "dict" as made))]):
                return List(()) if made == "list" else Map(())
            case ast.Call(keywords=[ast.keyword(arg="default", value=value)]) if self.dotted(node.func, {}) in _FIELDS:
                node = value
        try:
            return None if node is None else self.expression(node, {})[0]
        except Refused:
            return None

    def dict_of(self, node: ast.Call, env: Env) -> tuple[Form, Kind]:
        """`dict(pairs)`."""
        raise NotImplementedError

    def items(self, node: ast.expr, env: Env) -> tuple[Form, Kind]:
        """What a loop goes through."""
        raise NotImplementedError

    def unordered(self, node: ast.expr, env: Env) -> tuple[Form, Kind]:
        """What is gone through in any order."""
        raise NotImplementedError

    def view(self, node: ast.expr, env: Env) -> tuple[Form, Kind] | None:
        """The pairs, keys or values of a map."""
        raise NotImplementedError

    def only_asks(self, node: ast.AST, *forms: Form) -> None:
        """Refuse what does more than to ask."""
        raise NotImplementedError

    def comprehension(self, item: ast.expr, generators: list[ast.comprehension], env: Env) -> tuple[Form, Kind]:
        """A list comprehension."""
        raise NotImplementedError

    def total(self, target: ast.expr, kind: Kind) -> None:
        """Refuse a pattern that items may not match."""
        raise NotImplementedError

    def _equal(self, node: ast.Call, env: Env) -> tuple[Form, Kind]:
        (left, right), _ = self.forms(node.args, env)
        exact = ast.unparse(node.func).endswith("exact_eq")
        return Op("===" if exact else "==", left, right), kinds.BOOLEAN

    def _sorted(self, node: ast.Call, env: Env) -> tuple[Form, Kind]:
        self._no_keywords(node)
        form, kind = self.unordered(node.args[0], env)
        return Call("lists", "sort", (form,)), kind

    def _chars(self, node: ast.Call, env: Env) -> tuple[Form, Kind]:
        match node.args:
            case [ast.Constant(value=str(text))]:
                return Chars(text), list_of(kinds.INTEGER)
        raise self.refuse(node, "only a text that is written there is a string")

    def _matched(self, node: ast.Call, env: Env) -> tuple[Form, Kind]:
        """`erlsim.match` in the middle of an expression: a case with one clause, as the failure is another's name."""
        raise self.refuse(node, "a match inside an expression: give its value a name first")

    # -- receive

    def receive(self, node: ast.Call, env: Env) -> tuple[Form, Kind]:
        """A receive whose value is the message."""
        if any(each.arg != "after" for each in node.keywords):
            raise self.refuse(node, "receive has no such option")
        if node.keywords:
            raise self.refuse(node, "a time that may run out: write the cases by `match`")
        if not node.args:
            var = Var("message")
            return Receive((Clause((var,), None, (var,)),)), ANY
        kind = NEVER
        clauses = []
        for each in node.args:
            guards: list[Form] = []
            pattern, of_pattern = self.opened(each, env, guards, Wild)
            kind = join(kind, of_pattern)
            message = pattern if isinstance(pattern, Var) else Var("message")
            whole = pattern if message is pattern else Alias(pattern, message)
            clauses.append(Clause((whole,), conjunction(guards), (message,)))
        return Receive(tuple(clauses)), kind


def conjunction(tests: list[Form]) -> Form | None:
    """All of them."""
    found: Form | None = None
    for each in tests:
        found = each if found is None else Op("andalso", found, each)
    return found
