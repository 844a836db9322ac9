"""Expressions: terms, comprehensions, funs, text, and the parts of terms."""

from __future__ import annotations

import ast
import re

from erlsim.porting.drafts import calls, kinds
from erlsim.porting.drafts.forms import (
    Apply,
    Atom,
    Call,
    Clause,
    Comprehension,
    Const,
    Field,
    Form,
    Fun,
    FunOf,
    Generator,
    If,
    Joined,
    List,
    Map,
    ModuleName,
    Number,
    Op,
    Tuple,
    Unary,
    Var,
)
from erlsim.porting.drafts.kinds import ANY, MAP, NEVER, Kind, item_of, join, list_of, map_of, tuple_of
from erlsim.porting.drafts.reading import flow
from erlsim.porting.drafts.reading.pairs import Pairs
from erlsim.porting.drafts.reading.patterns import kind_of_literal, literal
from erlsim.porting.drafts.reading.scope import Env

_CAUGHT = ("kind", "reason", "stack")


class Expressions(Pairs):
    """What has a value."""

    def expression(self, node: ast.expr, env: Env) -> tuple[Form, Kind]:
        """The form of an expression and its kind."""
        match node:
            case ast.Constant(value=value):
                return self._constant(node, value)
            case ast.Name():
                return self._name(node, env)
            case ast.Await(value=inner):
                return self.awaited(inner, env)
            case ast.Tuple(elts=items):
                return self._tuple(node, items, env)
            case ast.List():
                return self._list(node, env)
            case ast.Dict():
                return self._dict(node, env)
            case ast.Call():
                return self.call(node, env)
            case ast.Attribute():
                return self._attribute(node, env)
            case ast.Subscript():
                return self._subscript(node, env)
            case ast.BinOp(left=ast.Constant(value=str() | bytes()), op=ast.Mod()):
                return self._percent(node, env)
            case ast.BinOp():
                return self.binary(node, env)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._minus(node, operand, env)
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                return self.condition(node, env), kinds.BOOLEAN
            case ast.IfExp(test=test, body=body, orelse=orelse):
                condition = self.condition(test, env)
                one, of_one = self.expression(body, env)
                other, of_other = self.expression(orelse, env)
                return If(((condition, (one,)),), (other,)), join(of_one, of_other)
            case ast.ListComp(elt=item, generators=generators):
                return self.comprehension(item, generators, env)
            case ast.DictComp(key=key, value=value, generators=generators):
                return self._dict_comprehension(key, value, generators, env)
            case ast.Lambda():
                return self._lambda(node, env)
            case ast.JoinedStr(values=values):
                return self._f_string(node, values, env)
        raise self.refuse(node, "Erlang has no such expression")

    def _constant(self, node: ast.Constant, value: object) -> tuple[Form, Kind]:
        if value is None:
            raise self.refuse(node, 'None is no term: Erlang has the atom "undefined"')
        found = literal(value)
        if found is None:
            raise self.refuse(node, "no term")
        return found, kind_of_literal(value)

    def _name(self, node: ast.Name, env: Env) -> tuple[Form, Kind]:
        if node.id in env:
            binding = env[node.id]
            return binding.form, binding.kind
        if node.id in self.here.unit.constants or node.id in self.here.file.constants:
            return self._const(node.id)
        return self._value_of_program(node, env)

    def _const(self, name: str) -> tuple[Form, Kind]:
        value = self.here.unit.constants.get(name) or self.here.file.constants[name]
        return Const(name), self.expression(value, {})[1]

    def constant(self, name: str) -> Form:
        """What a constant stands for."""
        return self.expression(self.here.unit.constants.get(name) or self.here.file.constants[name], {})[0]

    def _value_of_program(self, node: ast.expr, env: Env) -> tuple[Form, Kind]:
        """A module or a function of the program, as a value."""
        name = self.dotted(node, env)
        unit = self.here.program.unit(name)
        if unit is not None:
            return ModuleName(unit.name), kinds.ATOM
        function = self.here.program.function(name)
        if function is not None:
            return self.fun_of(node, *function)
        if name in calls.MODULES:
            return Atom(calls.MODULES[name]), kinds.ATOM
        constant = self._foreign_constant(name)
        if constant is not None:
            return constant
        raise self.refuse(node, "bound neither here nor as a constant: a port cannot know it")

    def _foreign_constant(self, name: str) -> tuple[Form, Kind] | None:
        """A constant of another file: its value."""
        for file in self.here.program.files:
            base, _, last = name.rpartition(".")
            if base == file.dotted and last in file.constants:
                return self.expression(file.constants[last], {})
        return None

    def fun_of(self, node: ast.AST, unit: object, name: str) -> tuple[Form, Kind]:
        """`fun module:name/arity`."""
        from erlsim.porting.drafts.sources import Unit

        assert isinstance(unit, Unit)
        arities = unit.arities(name)
        if len(arities) > 1:
            raise self.refuse(node, "a function of several arities as a value: write a lambda")
        arity = arities[-1]
        facts = self.here.facts
        (facts.used if unit is self.here.unit else facts.exported).add((unit.name, name, arity))
        returned = facts.seen(facts.returned.get((unit.name, name), NEVER))
        for place in range(arity):
            facts.note(unit.name, name, place, kinds.INTEGER if self.in_plan and place == 1 else ANY)
        facts.called.add((unit.name, name))
        return FunOf(unit.name, name, arity), Kind("fun", (returned,))

    def _tuple(self, node: ast.Tuple, items: list[ast.expr], env: Env) -> tuple[Form, Kind]:
        if any(isinstance(each, ast.Starred) for each in items):
            raise self.refuse(node, "a tuple of a size that is not known")
        child = self.old_childspec(items, env)
        if child is not None:
            return child
        found, of_items = self.forms(items, env)
        return Tuple(tuple(found)), tuple_of(*of_items)

    def _list(self, node: ast.List, env: Env) -> tuple[Form, Kind]:
        tail: Form | None = None
        kind = NEVER
        items: list[Form] = []
        rest: list[Form] = []
        for each in node.elts:
            if isinstance(each, ast.Starred):
                form, of_form = self.expression(each.value, env)
                if of_form.name not in ("list", "never"):
                    raise self.refuse(each, "nothing tells that this is a list")
                kind = join(kind, item_of(of_form))
                rest = [*rest, *([List(tuple(items))] if items else []), form]
                items = []
                continue
            form, of_form = self.expression(each, env)
            kind = join(kind, of_form)
            items.append(form)
        if not rest:
            return List(tuple(items)), list_of(kind)
        if items:
            rest.append(List(tuple(items)))
        tail = rest.pop()
        while rest:
            front = rest.pop()
            tail = List(front.items, tail) if isinstance(front, List) and front.tail is None else Op("++", front, tail)
        return tail, list_of(kind)

    def _dict(self, node: ast.Dict, env: Env) -> tuple[Form, Kind]:
        if self.is_childspec(node):
            return self.childspec(node, env)
        base: Form | None = None
        of_base = kinds.map_with({})
        fields: dict[str, Kind] = {}
        other = NEVER
        pairs: list[tuple[Form, Form]] = []
        for number, (key, value) in enumerate(zip(node.keys, node.values, strict=True)):
            form, of_form = self.expression(value, env)
            if key is None:
                if number or of_form.name not in ("map", "never"):
                    raise self.refuse(node, "nothing tells that what is unpacked is a map, or it stands behind keys")
                base, of_base = form, of_form
                continue
            at = self.expression(key, env)[0]
            if isinstance(at, Atom):
                fields[at.name] = of_form
            else:
                other = join(other, of_form)
            pairs.append((at, form))
        if of_base == NEVER:
            return Map(tuple(pairs), base), NEVER
        return Map(tuple(pairs), base), kinds.changed(of_base, {k: join(v, other) for k, v in fields.items()}, other)

    def _attribute(self, node: ast.Attribute, env: Env) -> tuple[Form, Kind]:
        if isinstance(node.value, ast.Name) and node.value.id in env:
            return self._field(node, env)
        name = self.dotted(node, env)
        base, _, last = name.rpartition(".")
        unit = self.here.program.unit(base)
        if unit is not None and last in unit.constants:
            if unit is self.here.unit:
                return self._const(last)
            return self.expression(unit.constants[last], {})
        if name:
            return self._value_of_program(node, env)
        return self._field(node, env)

    def _field(self, node: ast.Attribute, env: Env) -> tuple[Form, Kind]:
        form, kind = self.expression(node.value, env)
        if kind.name == "caught" and node.attr in _CAUGHT and isinstance(form, Tuple):
            return form.items[_CAUGHT.index(node.attr)], ANY
        if kind.name == "record" and node.attr in self.fields_of(kind.label):
            return Field(kind.label, form, node.attr), self.kind_of_hint(
                self.fields_of(kind.label)[node.attr].annotation
            )
        raise self.refuse(node, "an attribute of what is no record")

    def fields_of(self, record: str) -> dict[str, ast.AnnAssign]:
        """The fields of a dataclass."""
        body = self.here.file.records[record].body
        return {
            each.target.id: each
            for each in body
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
        }

    def _subscript(self, node: ast.Subscript, env: Env) -> tuple[Form, Kind]:
        if isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "dict":
            form, kind = self.dict_of(node.value, env)
        else:
            form, kind = self.expression(node.value, env)
        if kind == NEVER:
            return form, NEVER
        if kind.name == "map":
            key, _ = self.expression(node.slice, env)
            name = key.name if isinstance(key, Atom) else None
            if self.in_guard and name not in kind.sure:
                raise self.refuse(node, "a guard that looks for a key which is not there fails in silence")
            called = Call("erlang", "map_get", (key, form)) if self.in_guard else Call("maps", "get", (key, form))
            return called, self.here.facts.seen(kinds.value_at(kind, name))
        place = node.slice.value if isinstance(node.slice, ast.Constant) else None
        if kind.name == "tuple" and isinstance(place, int) and 0 <= place < len(kind.items):
            return Call("erlang", "element", (Number(place + 1), form)), kind.items[place]
        if kind.name in ("some_tuple", "list") and not self.is_filled(node.value):
            self.never_fails(node, "there may be no such element")
        if kind.name == "some_tuple" and isinstance(place, int) and place >= 0:
            return Call("erlang", "element", (Number(place + 1), form)), ANY
        if kind.name == "list" and ast.unparse(node.slice) == "-1":
            return Call("lists", "last", (form,)), item_of(kind)
        if kind.name == "list" and isinstance(node.slice, ast.Slice):
            return self._sliced(node, node.slice, form, kind)
        if kind.name == "list" and isinstance(place, int) and place >= 0:
            if place == 0:
                return Call("erlang", "hd", (form,)), item_of(kind)
            return Call("lists", "nth", (Number(place + 1), form)), item_of(kind)
        raise self.refuse(node, "nothing tells whether this is a tuple, a list or a map")

    def _sliced(self, node: ast.Subscript, part: ast.Slice, form: Form, kind: Kind) -> tuple[Form, Kind]:
        """Some of a list: the first ones, all but the last, all but the first where there is one."""
        match part:
            case ast.Slice(lower=ast.Constant(value=1), upper=None, step=None):
                if not self.is_filled(node.value):
                    raise self.refuse(node, "tl/1 fails for an empty list: take it apart by `match`")
                return Call("erlang", "tl", (form,)), kind
            case ast.Slice(lower=None, upper=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)), step=None):
                if self.is_filled(node.value):
                    return Call("lists", "droplast", (form,)), kind
                if not isinstance(form, Var | Field):
                    raise self.refuse(node, "would be evaluated twice: give the list a name")
                size = Op("-", Call("erlang", "length", (form,)), Number(1))
                return Call("lists", "sublist", (form, Call("erlang", "max", (Number(0), size)))), kind
            case ast.Slice(lower=None, upper=ast.expr() as upper, step=None) if self.is_natural(upper):
                return Call("lists", "sublist", (form, self.expression(upper, {})[0])), kind
        raise self.refuse(node, "only [:n] with an n that is not negative for certain, and [:-1], are Erlang's")

    def is_filled(self, node: ast.expr) -> bool:
        """Whether a guard has said that a list has an element."""
        return ast.unparse(node) in self.filled

    filled: frozenset[str] = frozenset()

    def dict_of(self, node: ast.Call, env: Env) -> tuple[Form, Kind]:
        """`dict(pairs)`, of a list of pairs."""
        if len(node.args) != 1 or node.keywords:
            raise self.refuse(node, "only dict(pairs) is a function of Erlang's: maps:from_list")
        form, kind = self.expression(node.args[0], env)
        if kind.name == "map":
            return form, kind
        if kind.name not in ("list", "never"):
            raise self.refuse(node, "nothing tells that this is a list of pairs")
        pair = item_of(kind)
        return Call("maps", "from_list", (form,)), map_of(pair.items[1]) if len(pair.items) == 2 else MAP

    def _minus(self, node: ast.expr, operand: ast.expr, env: Env) -> tuple[Form, Kind]:
        form, kind = self.expression(operand, env)
        if isinstance(form, Number):
            return Number(-form.value), kind
        if not kind.is_number and kind != NEVER:
            raise self.refuse(node, "nothing tells that this is a number")
        return Unary("-", form), kind

    def comprehension(self, item: ast.expr, generators: list[ast.comprehension], env: Env) -> tuple[Form, Kind]:
        """A list comprehension over lists."""
        inside = dict(env)
        qualifiers: list[Form] = []
        targets = frozenset(flow.assigned([each.target for each in generators]))
        for each in generators:
            if each.is_async:
                raise self.refuse(each.target, "an asynchronous generator")
            source, kind = self.items(each.iter, inside)
            pattern = self.target(each.target, item_of(kind), inside)
            self.total(each.target, item_of(kind))
            qualifiers.append(Generator(pattern, source))
            for test in each.ifs:
                outside, self.in_filter = self.in_filter, True
                try:
                    qualifiers.append(self.condition(test, inside))
                finally:
                    self.in_filter = outside
                self.refined(test, inside)
        settled, self.unsettled = self.unsettled, self.unsettled | targets
        try:
            form, kind = self.expression(item, inside)
        finally:
            self.unsettled = settled
        if len(qualifiers) == 1 and isinstance(qualifiers[0], Generator) and form is qualifiers[0].pattern:
            return qualifiers[0].source, list_of(kind)
        return Comprehension(form, tuple(qualifiers)), list_of(kind)

    def total(self, target: ast.expr, kind: Kind) -> None:
        """Refuse a pattern that items may not match: Erlang's generators pass over those in silence."""
        if isinstance(target, ast.Tuple) and kind != NEVER:
            if kind.name != "tuple" or len(kind.items) != len(target.elts):
                raise self.refuse(
                    target, "nothing tells that all items have this shape, and Erlang passes over those that have not"
                )
            for each, inner in zip(target.elts, kind.items, strict=True):
                self.total(each, inner)

    def items(self, node: ast.expr, env: Env) -> tuple[Form, Kind]:
        """What a loop goes through: a list, a range, or a tuple whose items are written there."""
        match node:
            case ast.Tuple(elts=elements):
                found, of_items = self.forms(elements, env)
                kind = NEVER
                for each in of_items:
                    kind = join(kind, each)
                return List(tuple(found)), list_of(kind)
            case ast.Call(func=ast.Name(id="range"), args=arguments, keywords=[]):
                return self._range(node, arguments, env), list_of(kinds.INTEGER)
        if self.view(node, env) is not None:
            raise self.refuse(node, "the order of a map's pairs is another in Erlang: terms.sort settles it")
        form, kind = self.expression(node, env)
        if kind.name == "list" or (kind == NEVER and not self.here.facts.is_last):
            return form, kind if kind.name == "list" else list_of(NEVER)
        what = "a tuple" if kind.name in ("tuple", "some_tuple") else "nothing tells that this is a list, it"
        raise self.refuse(node, f"{what} has no generator in Erlang")

    def _range(self, node: ast.AST, arguments: list[ast.expr], env: Env) -> Form:
        found, of_found = self.forms(arguments, env)
        if not all(kind.name in ("integer", "never") for kind in of_found):
            raise self.refuse(node, "nothing tells that these are integers")
        match found:
            case [end]:
                return Call("lists", "seq", (Number(0), _less(end)))
            case [start, end]:
                return Call("lists", "seq", (start, _less(end)))
        raise self.refuse(node, "a range with a step")

    def _dict_comprehension(
        self, key: ast.expr, value: ast.expr, generators: list[ast.comprehension], env: Env
    ) -> tuple[Form, Kind]:
        kept = self.kept_pairs(key, key, value, generators, env)
        if kept is not None:
            return kept
        pair = ast.copy_location(ast.Tuple([key, value], ast.Load()), key)
        form, kind = self.comprehension(pair, generators, env)
        return Call("maps", "from_list", (form,)), map_of(item_of(kind).items[1])

    # The names that may be bound again: by the function, or by the comprehension that is read.
    unsettled: frozenset[str] = frozenset()

    def closed_over(self, node: ast.AST) -> None:
        """Refuse a function inside that sees a name which is bound again: Python's sees the last value."""
        names = sorted(flow.needed([node]) & self.unsettled)
        if names:
            raise self.refuse(node, f"sees {names[0]}, which is bound again: a fun would keep the value of now")

    def _lambda(self, node: ast.Lambda, env: Env) -> tuple[Form, Kind]:
        arguments = node.args
        if arguments.vararg or arguments.kwarg or arguments.kwonlyargs or arguments.defaults:
            raise self.refuse(node, "a fun has so many arguments as it has")
        self.closed_over(node)
        inside = dict(env)
        parameters = tuple(self.bind(each.arg, ANY, inside) for each in arguments.args)
        body, kind = self.passed_on(node.body, inside)
        if isinstance(body, Apply) and not parameters and not body.args:
            return body.fun, Kind("fun", (kind,))
        return Fun((Clause(parameters, None, (body,)),)), Kind("fun", (kind,))

    def _f_string(self, node: ast.AST, values: list[ast.expr], env: Env) -> tuple[Form, Kind]:
        pieces = tuple(self._piece(node, each, env) for each in values)
        return Joined("atom", pieces), kinds.ATOM

    def _piece(self, node: ast.AST, value: ast.expr, env: Env) -> object:
        match value:
            case ast.Constant(value=str(text)):
                return text
            case ast.FormattedValue(value=inner, conversion=-1, format_spec=None):
                form, kind = self.expression(inner, env)
                if kind.name in ("integer", "atom"):
                    return (kind.name, form)
                if kind == NEVER and not self.here.facts.is_last:
                    return ("atom", form)
        raise self.refuse(node, "only integers and atoms of known kind become a part of an atom")

    def _percent(self, node: ast.BinOp, env: Env) -> tuple[Form, Kind]:
        """`b"tv%d" % n`."""
        assert isinstance(node.left, ast.Constant)
        template = node.left.value
        if not isinstance(template, bytes):
            raise self.refuse(node, "text made by %: write it as an f-string")
        values = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        pieces: list[object] = []
        rest = list(values)
        for part in re.split(rb"(%[a-z])", template):
            if part == b"%d" and rest:
                form, kind = self.expression(rest.pop(0), env)
                if kind.name not in ("integer", "never"):
                    raise self.refuse(node, "nothing tells that this is an integer")
                pieces.append(("integer", form))
            elif part.startswith(b"%"):
                raise self.refuse(node, "only %d is translated")
            elif part:
                pieces.append(part.decode("latin-1"))
        return Joined("binary", tuple(pieces)), kinds.BINARY


def _less(end: Form) -> Form:
    """One less."""
    if isinstance(end, Number):
        return Number(end.value - 1)
    if isinstance(end, Op) and end.name == "+" and isinstance(end.right, Number):
        return end.left if end.right.value == 1 else Op("+", end.left, Number(end.right.value - 1))
    return Op("-", end, Number(1))
