"""What an expression gives, as far as names, hints and calls tell."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from erlsim.porting.portable import shapes
from erlsim.porting.portable.known import BUILTINS, GIVING_TERMS, OURS, RESULTS
from erlsim.porting.portable.program import Function, Program
from erlsim.porting.portable.shapes import ANY, INT, NUMBER, Maybe, Shape, a_tuple
from erlsim.porting.portable.sources import Source


@dataclass
class Scope:
    """The names of a function, with what is known of each at one place of it; `outer`: those of the one around it."""

    program: Program
    source: Source
    function: Function
    names: dict[str, Maybe] = field(default_factory=dict)
    outer: Scope | None = None

    def inner(self) -> Scope:
        """The scope of a function that is made here."""
        return Scope(self.program, self.source, self.function, {}, self)

    def branch(self) -> Scope:
        """The same scope for one of several ways to go on."""
        return Scope(self.program, self.source, self.function, dict(self.names), self.outer)

    def merge(self, ways: list[Scope]) -> None:
        """Go on where these ways meet."""
        if not ways:
            return
        names = dict.fromkeys(name for way in ways for name in way.names)
        self.names = {name: shapes.all_joined(way.names[name] for way in ways if name in way.names) for name in names}

    def home(self, name: str) -> Scope | None:
        """The scope that has a name; `None` if it is none of a function's."""
        at: Scope | None = self
        while at is not None and name not in at.names:
            at = at.outer
        return at

    def known(self, name: str) -> Maybe:
        """What is known of a name."""
        home = self.home(name)
        return None if home is None else home.names[name]

    def api(self, node: ast.expr) -> tuple[str, str] | None:
        """`(module, function)` if an expression names a function of erlsim, director or gen_tracker."""
        path = self.source.dotted(node)
        if path is None or path.partition(".")[0] not in OURS:
            return None
        module, _, name = path.rpartition(".")
        return module.rpartition(".")[2], name

    def shape(self, node: ast.expr) -> Maybe:
        """What an expression gives."""
        found = _BY_TYPE.get(type(node))
        return None if found is None else found(self, node)


def _constant(scope: Scope, node: ast.Constant) -> Maybe:
    match node.value:
        case None:
            return shapes.NONE
        case bool():
            return shapes.BOOL
        case str():
            return shapes.ATOM
        case int():
            return INT
        case float():
            return shapes.FLOAT
        case bytes():
            return shapes.BINARY
    return None


def _name(scope: Scope, node: ast.Name) -> Maybe:
    if scope.home(node.id) is not None:
        return scope.known(node.id)
    if node.id in scope.program.classes:
        return shapes.MODULE
    function = scope.program.function(scope.source, node)
    if function is not None:
        return shapes.FUN
    constant = scope.program.constant(scope.source, node.id)
    if isinstance(constant, ast.Constant | ast.Tuple | ast.List | ast.Dict | ast.Set):
        return scope.shape(constant)
    return None


def _tuple(scope: Scope, node: ast.Tuple) -> Maybe:
    if any(isinstance(each, ast.Starred) for each in node.elts):
        return shapes.TUPLE
    return shapes.a_tuple(map(scope.shape, node.elts))


def _list(scope: Scope, node: ast.List) -> Maybe:
    items: list[Maybe] = []
    for each in node.elts:
        items.append(shapes.held(scope.shape(each.value)) if isinstance(each, ast.Starred) else scope.shape(each))
    return Shape(shapes.LIST.kinds, shapes.all_joined(items), None, not items)


def _dict(scope: Scope, node: ast.Dict) -> Maybe:
    return Shape(shapes.MAP.kinds, shapes.all_joined(map(scope.shape, node.values)), None, not node.values)


def bind_comprehension(scope: Scope, generators: list[ast.comprehension]) -> Scope:
    """The scope inside of a comprehension."""
    inside = scope.branch()
    for each in generators:
        bind(inside, each.target, shapes.held(inside.shape(each.iter)))
    return inside


def bind(scope: Scope, target: ast.expr, shape: Maybe) -> None:
    """A name, or several, get a value."""
    match target:
        case ast.Name(id=name):
            scope.names[name] = shape
        case ast.Starred(value=value):
            bind(scope, value, Shape(shapes.LIST.kinds, shape))
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            has_star = any(isinstance(each, ast.Starred) for each in parts)
            for index, part in enumerate(parts):
                size = None if has_star else len(parts)
                inner = shapes.held(shape) if has_star else shapes.element(shape, index, size)
                bind(scope, part, inner)


def _comprehension(scope: Scope, node: Any) -> Maybe:
    inside = bind_comprehension(scope, node.generators)
    if isinstance(node, ast.DictComp):
        return Shape(shapes.MAP.kinds, inside.shape(node.value))
    kinds = {ast.ListComp: "list", ast.SetComp: "set", ast.GeneratorExp: "generator"}
    return shapes.of(kinds[type(node)], item=inside.shape(node.elt))


def _binary(scope: Scope, node: ast.BinOp) -> Maybe:
    left, right = scope.shape(node.left), scope.shape(node.right)
    if isinstance(node.op, ast.Mod | ast.Add) and left is not None and left.only("atom", "text"):
        return shapes.TEXT
    if left is None or right is None:
        return None
    if isinstance(node.op, ast.Mod | ast.Add | ast.Mult):
        # A known atom cannot take part in arithmetic: this makes text.
        if left.only("atom", "text") or (isinstance(node.op, ast.Add) and right.only("atom", "text")):
            return shapes.TEXT
        if left.only("binary"):
            return shapes.BINARY
        for side in (left, right):
            if side.only("list") or side.only("tuple"):
                return shapes.joined(left, right) if left.kinds == right.kinds else Shape(side.kinds, side.item)
    if isinstance(node.op, ast.BitOr | ast.BitAnd) and (left.may_be("set", "map") or right.may_be("set", "map")):
        return None
    if isinstance(node.op, ast.Div):
        return shapes.FLOAT
    return INT if left.only("int") and right.only("int") else NUMBER


def _unary(scope: Scope, node: ast.UnaryOp) -> Maybe:
    if isinstance(node.op, ast.Not):
        return shapes.BOOL
    operand = scope.shape(node.operand)
    return operand if operand is None or operand.only("int", "float") else NUMBER


def _bool_op(scope: Scope, node: ast.BoolOp) -> Maybe:
    return shapes.all_joined(map(scope.shape, node.values))


def _if(scope: Scope, node: ast.IfExp) -> Maybe:
    return shapes.joined(scope.shape(node.body), scope.shape(node.orelse))


def _await(scope: Scope, node: ast.Await) -> Maybe:
    if isinstance(node.value, ast.Call):
        return _result(scope, node.value)
    return None


def _call(scope: Scope, node: ast.Call) -> Maybe:
    function = scope.program.function(scope.source, node.func)
    if function is not None and isinstance(function.node, ast.AsyncFunctionDef):
        return shapes.COROUTINE
    return _result(scope, node)


def _result(scope: Scope, node: ast.Call) -> Maybe:
    """What a call gives, awaited or not."""
    function = scope.program.function(scope.source, node.func)
    if function is not None:
        return function.result()
    api = scope.api(node.func)
    if api is not None:
        if api == ("terms", "matchable") and node.args:
            return scope.shape(node.args[0])
        if api == ("erlsim", "match") and node.args:
            parts = _open_parts(scope, node.args[0])
            return a_tuple(parts) if len(parts) > 1 else parts[0] if parts else _of_pattern(scope, node.args[0])
        if api == ("erlang", "receive"):
            return _received(scope, node)
        found = shapes.BOOL if api[1].startswith("is_") else RESULTS.get(api)
        return found if found is not None else ANY if api[0] in GIVING_TERMS else None
    match node.func:
        case ast.Name(id=name) if scope.home(name) is None:
            return _of_builtin(scope, name, node)
        case ast.Attribute(value=value, attr=attr):
            return _of_method(scope, scope.shape(value), attr)
    return None


_PATTERN_CLASSES = {
    "int": INT,
    "float": shapes.FLOAT,
    "bool": shapes.BOOL,
    "str": shapes.ATOM,
    "bytes": shapes.BINARY,
    "list": shapes.LIST,
    "tuple": shapes.TUPLE,
    "dict": shapes.MAP,
    "Pid": shapes.PID,
    "Ref": shapes.REF,
}


def _of_pattern(scope: Scope, pattern: ast.expr) -> Maybe:
    """What fits a pattern of `receive` or `erlsim.match`, which means what it says: a tuple takes no list."""
    match pattern:
        case ast.Tuple(elts=parts):
            return a_tuple(_of_pattern(scope, each) for each in parts)
        case ast.List(elts=parts):
            return Shape(shapes.LIST.kinds, shapes.all_joined(_of_pattern(scope, each) for each in parts))
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in _PATTERN_CLASSES:
            return _PATTERN_CLASSES[name]
        case ast.Constant(value=value) if value is not ...:
            return scope.shape(pattern)
        case ast.Name():
            found = scope.shape(pattern)
            return ANY if found is None or found.may_be("fun", "module") else found
    return ANY


def _open_parts(scope: Scope, pattern: ast.expr) -> list[Maybe]:
    """The parts that a pattern of `erlsim.match` leaves open."""
    match pattern:
        case ast.Constant(value=value):
            return [ANY] if value is ... else []
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return [found for each in parts for found in _open_parts(scope, each)]
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in _PATTERN_CLASSES:
            return [_PATTERN_CLASSES[name]]
    return []


def _received(scope: Scope, node: ast.Call) -> Maybe:
    """A message that fits one of the patterns, any message if there is none, or `TIMEOUT`."""
    found = shapes.all_joined(_of_pattern(scope, each) for each in node.args) if node.args else ANY
    if found is not None and any(each.arg == "after" for each in node.keywords):
        found = Shape(found.kinds | {"timeout"}, found.item, found.items)
    return found


def _of_builtin(scope: Scope, name: str, node: ast.Call) -> Maybe:
    kind = scope.program.classes.get(scope.source.imports.get(name, name).rpartition(".")[2])
    if kind is not None:
        return {"exception": shapes.EXCEPTION, "tuple": shapes.TUPLE, "object": shapes.OBJECT}.get(kind)
    given = [scope.shape(each.value) if isinstance(each, ast.Starred) else scope.shape(each) for each in node.args]
    first = shapes.held(given[0]) if given else None
    if name.endswith(("Error", "Exception")):
        return shapes.EXCEPTION
    match name:
        case "list" | "sorted":
            return Shape(shapes.LIST.kinds, first, None, not given)
        case "tuple":
            return shapes.TUPLE
        case "dict":
            return Shape(shapes.MAP.kinds, None, None, not given and not node.keywords)
        case "min" | "max":
            return first if len(given) == 1 else shapes.all_joined(given)
        case "reversed":
            return Shape(shapes.GENERATOR.kinds, first)
        case "enumerate":
            return Shape(shapes.GENERATOR.kinds, shapes.a_tuple((INT, first)))
        case "zip":
            return Shape(shapes.GENERATOR.kinds, shapes.a_tuple(map(shapes.held, given)))
        case "divmod":
            return shapes.a_tuple((NUMBER, NUMBER))
    return BUILTINS.get(name)


def _of_method(scope: Scope, owner: Maybe, name: str) -> Maybe:
    if owner is None:
        return None
    if owner.only("map"):
        match name:
            case "get" | "pop" | "setdefault":
                return owner.item
            case "items":
                return Shape(shapes.GENERATOR.kinds, shapes.a_tuple((None, owner.item)))
            case "keys" | "values":
                return Shape(shapes.GENERATOR.kinds, owner.item if name == "values" else None)
            case "copy":
                return owner
    if owner.only("list"):
        return {"copy": owner, "pop": owner.item, "index": INT, "count": INT}.get(name)
    if owner.only("atom", "text"):
        if name == "encode":
            return shapes.BINARY
        if name in ("startswith", "endswith") or name.startswith("is"):
            return shapes.BOOL
        return shapes.LIST if name in ("split", "rsplit", "splitlines") else shapes.TEXT
    return None


def _attribute(scope: Scope, node: ast.Attribute) -> Maybe:
    match node.value:
        case ast.Name(id=name) if name in scope.program.classes and scope.home(name) is None:
            kind = scope.program.classes[name]
            if kind == "enum":
                return shapes.ENUM
            return shapes.FUN if scope.program.function(scope.source, node) is not None else None
    owner = scope.shape(node.value)
    if owner is not None and owner.only("exception") and node.attr == "reason":
        return ANY
    return None


def _subscript(scope: Scope, node: ast.Subscript) -> Maybe:
    owner = scope.shape(node.value)
    if owner is None:
        return None
    if shapes.is_any(owner):
        return ANY
    if isinstance(node.slice, ast.Slice):
        return Shape(owner.kinds, owner.item)
    if owner.only("map"):
        return owner.item
    match node.slice:
        case ast.Constant(value=int() as index):
            return shapes.element(owner, index)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as index)):
            return shapes.element(owner, -index)
    return shapes.held(owner)


_BY_TYPE: dict[type, Callable[[Scope, Any], Maybe]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Tuple: _tuple,
    ast.List: _list,
    ast.Dict: _dict,
    ast.Set: lambda scope, node: shapes.SET,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.DictComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _bool_op,
    ast.Compare: lambda scope, node: shapes.BOOL,
    ast.IfExp: _if,
    ast.Await: _await,
    ast.Call: _call,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Lambda: lambda scope, node: shapes.FUN,
    ast.JoinedStr: lambda scope, node: shapes.TEXT,
    ast.NamedExpr: lambda scope, node: scope.shape(node.value),
    ast.Starred: lambda scope, node: scope.shape(node.value),
}
