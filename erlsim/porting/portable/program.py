"""The functions of a program, across its files: where they stand, what they take, what they give.

Types come from hints; where there are none, from the calls inside the program: a parameter is what all calls give, the
value what all `return`s give. That takes some rounds, for each round knows more than the one before.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from erlsim.porting.portable import shapes
from erlsim.porting.portable.hints import shape_of_hint, shape_of_result
from erlsim.porting.portable.known import CALLBACKS, DRIVING
from erlsim.porting.portable.shapes import ANY, Maybe, Shape
from erlsim.porting.portable.sources import Source

Def = ast.FunctionDef | ast.AsyncFunctionDef


# Who has called, and how an event came: what `gen_server` and `gen_statem` make of it.
CALLER = shapes.a_tuple((shapes.PID, ANY))
EVENT = Shape(frozenset(("atom", "tuple")), None, (shapes.ATOM, ANY))


@dataclass(eq=False)
class Function:
    """A function at the top of a file or of a class."""

    source: Source
    node: Def
    owner: str | None
    is_callback: bool
    is_of_machine: bool = False
    given: dict[str, Maybe] = field(default_factory=dict)
    gives: Maybe = None

    @property
    def parameters(self) -> list[ast.arg]:
        """Its parameters, by position."""
        return [*self.node.args.posonlyargs, *self.node.args.args]

    @property
    def is_method(self) -> bool:
        """Whether its first parameter is an instance."""
        names = [each.arg for each in self.parameters]
        return self.owner is not None and names[:1] == ["self"]

    def parameter(self, arg: ast.arg) -> Maybe:
        """What is known of a parameter."""
        if arg.annotation is not None:
            hinted = shape_of_hint(arg.annotation, self.source.aliases)
            if shapes.is_any(hinted) and self.is_callback:
                return self._of_behaviour(arg)
            return shapes.joined(hinted, shapes.NONE) if arg.arg in self._may_be_none else hinted
        if self.is_callback:
            return self._of_behaviour(arg)
        return self.given.get(arg.arg)

    def _of_behaviour(self, arg: ast.arg) -> Shape:
        """What a behaviour gives: the caller of a call is OTP's own, and so is the type of an event."""
        place = self.parameters.index(arg) if arg in self.parameters else -1
        if self.node.name == "handle_call" and len(self.parameters) == 3 and place == 1:
            return CALLER
        if self.is_of_machine and len(self.parameters) in (3, 4) and place == 0:
            return EVENT
        return ANY

    @cached_property
    def _may_be_none(self) -> frozenset[str]:
        """The parameters whose default is None."""
        args = self.node.args
        pairs = list(zip(reversed(self.parameters), reversed(args.defaults), strict=False))
        pairs += [(arg, value) for arg, value in zip(args.kwonlyargs, args.kw_defaults, strict=True) if value]
        return frozenset(arg.arg for arg, value in pairs if isinstance(value, ast.Constant) and value.value is None)

    def result(self) -> Maybe:
        """What is known of its value."""
        if self.node.returns is not None:
            return shape_of_result(self.node.returns, self.source.aliases)
        return self.gives

    def takes(self, name: str, shape: Maybe) -> None:
        """A call gives `shape` to a parameter."""
        self.given[name] = shape if name not in self.given else shapes.joined(self.given[name], shape)


@dataclass
class Program:
    """All files that are looked at together."""

    sources: list[Source]
    functions: list[Function] = field(default_factory=list)
    by_name: dict[str, Function] = field(default_factory=dict)
    modules: set[str] = field(default_factory=set)
    classes: dict[str, str] = field(default_factory=dict)
    packages: set[str] = field(default_factory=set)

    def function(self, source: Source, node: ast.expr, owner: str | None = None) -> Function | None:
        """The function that an expression names, if it is one of the program's."""
        match node:
            case ast.Name(id=name):
                path = source.imports.get(name, name)
                return self.by_name.get(f"{source.name}:{path}") or self.by_name.get(path.rpartition(".")[2])
            case ast.Attribute(value=ast.Name(id=base), attr=attr):
                last = source.imports.get(base, base).rpartition(".")[2]
                return self.by_name.get(f"{last}.{attr}")
        return None

    def constant(self, source: Source, name: str) -> ast.expr | None:
        """What a name at the top of a file stands for."""
        for node in source.tree.body:
            match node:
                case ast.Assign(targets=[ast.Name(id=found)], value=value) if found == name:
                    return value
                case ast.AnnAssign(target=ast.Name(id=found), value=ast.expr() as value) if found == name:
                    return value
        return None


def program_of(sources: list[Source]) -> Program:
    """The functions and classes of some files."""
    program = Program(sources)
    for source in sources:
        is_module = _declares_itself(source)
        for node in source.tree.body:
            if isinstance(node, Def):
                _add(program, Function(source, node, None, is_module and node.name in CALLBACKS))
            elif isinstance(node, ast.ClassDef):
                _add_class(program, source, node)
    return program


def _add_class(program: Program, source: Source, node: ast.ClassDef) -> None:
    kind = kind_of_class(source, node)
    program.classes[node.name] = kind
    if kind == "module":
        program.modules.add(node.name)
    functions = [each for each in node.body if isinstance(each, Def)]
    is_machine = any(each.name == "callback_mode" for each in functions)
    for each in functions:
        _add(program, Function(source, each, node.name, kind == "module", is_machine))


def _add(program: Program, function: Function) -> None:
    program.functions.append(function)
    name = function.node.name
    if function.owner is not None:
        program.by_name[f"{function.owner}.{name}"] = function
    else:
        program.by_name[f"{function.source.name}:{name}"] = function
        program.by_name.setdefault(name, function)


def kind_of_class(source: Source, node: ast.ClassDef) -> str:
    """What a class is for: `module`, `exception`, `enum`, `tuple`, `type` (for type checkers), or `object`."""
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if (source.dotted(called) or "").endswith("erlsim.module"):
            return "module"
    bases = [ast.unparse(base).rpartition(".")[2] for base in node.bases]
    if any(base.endswith(("Exception", "Error", "Warning")) for base in bases):
        return "exception"
    if any(base.endswith(("Enum", "Flag")) for base in bases):
        return "enum"
    if "NamedTuple" in bases:
        return "tuple"
    if any(base in ("Protocol", "TypedDict") for base in bases):
        return "type"
    functions = [each for each in node.body if isinstance(each, Def)]
    is_namespace = bool(functions) and not node.bases and not node.decorator_list
    if is_namespace and any(each.name in CALLBACKS for each in functions) and not any(map(_has_self, functions)):
        return "module"
    return "object"


def _has_self(node: Def) -> bool:
    return [each.arg for each in node.args.args[:1]] == ["self"]


def _declares_itself(source: Source) -> bool:
    """Whether the file is a module by `erlsim.module(...)(sys.modules[__name__])`, or has callbacks at its top."""
    for node in source.tree.body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and "sys.modules" in ast.unparse(node):
            return True
    names = {node.name for node in source.tree.body if isinstance(node, Def)}
    return "init" in names and not names.isdisjoint(("handle_call", "handle_cast", "handle_info", "callback_mode"))


def drives(source: Source, node: ast.AST) -> bool:
    """Whether a function drives a simulation from outside: nothing of it is ported."""
    for each in ast.walk(node):
        if isinstance(each, ast.Name | ast.Attribute):
            path = source.dotted(each) or ""
            if path in DRIVING or path.startswith(("erlsim.testing", "pytest.")):
                return True
        if isinstance(each, ast.Name) and each.id == "sim":
            return True
    args = getattr(node, "args", None)
    return isinstance(args, ast.arguments) and any(each.arg == "sim" for each in args.args)


def ported(program: Program) -> Iterator[Function]:
    """The functions that would be ported: all but those that drive a simulation."""
    for function in program.functions:
        if not drives(function.source, function.node) and not function.node.name.startswith("test_"):
            yield function
