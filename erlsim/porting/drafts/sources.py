"""The Python sources of a program: which modules there are, with their functions, constants, types and records.

A class under `@erlsim.module` is a module, and so are a file's own functions; those of a file whose name one of its
classes has as its atom belong to that class's module. Nothing is imported: only the text is read.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from erlsim.porting.drafts import calls

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(eq=False)
class File:
    """A source file: its text, and what its names stand for."""

    path: str
    dotted: str
    text: str
    tree: ast.Module
    imports: dict[str, str] = field(default_factory=dict)
    constants: dict[str, ast.expr] = field(default_factory=dict)
    aliases: dict[str, ast.expr] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    functions: dict[str, FunctionNode] = field(default_factory=dict)
    records: dict[str, ast.ClassDef] = field(default_factory=dict)
    # Classes that say what is in a map: `TypedDict`.
    maps: dict[str, ast.ClassDef] = field(default_factory=dict)
    comments: dict[int, list[str]] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """The path as seen from where the program lies."""
        name = "/".join(self.dotted.split("."))
        return f"{name}/__init__.py" if self.path.endswith("__init__.py") else f"{name}.py"

    @property
    def lines(self) -> list[str]:
        """The text's lines."""
        return self.text.splitlines()


@dataclass(eq=False)
class Unit:
    """What becomes one module: its atom, the file, and the functions in their order."""

    name: str
    file: File
    document: str
    functions: dict[str, FunctionNode] = field(default_factory=dict)
    constants: dict[str, ast.expr] = field(default_factory=dict)
    behaviour: str = ""
    bases: list[str] = field(default_factory=list)
    class_name: str = ""

    @property
    def place(self) -> str:
        """Where Python has it: `package.module:Class`."""
        return self.file.dotted + (f":{self.class_name}" if self.class_name else "")

    def arities(self, function: str) -> range:
        """With how many arguments a function can be called."""
        arguments = self.functions[function].args
        most = len(arguments.posonlyargs) + len(arguments.args)
        return range(most - len(arguments.defaults), most + 1)

    def has(self, function: str, arity: int) -> bool:
        """Whether there is such a function."""
        return function in self.functions and arity in self.arities(function)


@dataclass(eq=False)
class Program:
    """All sources that are ported together."""

    files: list[File]
    units: dict[str, Unit]
    # Dotted names of classes and files, and the module that each becomes.
    known: dict[str, Unit]

    def unit(self, dotted: str) -> Unit | None:
        """The module behind a dotted name of Python's."""
        return self.known.get(dotted)

    def function(self, dotted: str) -> tuple[Unit, str] | None:
        """The module and the name of a function by its dotted name."""
        base, _, name = dotted.rpartition(".")
        unit = self.known.get(base)
        if unit is not None and name in unit.functions:
            return unit, name
        return None


def read(paths: Sequence[Path]) -> Program:
    """The program in some files and packages."""
    files = [_file(path, dotted) for path, dotted in _found(paths)]
    program = Program(files, {}, {})
    for file in files:
        _declare(file, program)
    for unit in program.units.values():
        unit.behaviour = _behaviour(unit, program)
    return program


def _found(paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    for path in paths:
        if path.is_dir():
            root = _package_root(path.resolve())
            for each in sorted(path.rglob("*.py")):
                parts = each.resolve().relative_to(root).with_suffix("").parts
                if "__main__" not in parts:
                    yield each, ".".join(part for part in parts if part != "__init__")
        else:
            root = _package_root(path.resolve().parent)
            parts = path.resolve().relative_to(root).with_suffix("").parts
            yield path, ".".join(part for part in parts if part != "__init__")


def root_of(path: Path) -> Path:
    """The folder from which a file or a package is imported."""
    return _package_root(path.resolve() if path.is_dir() else path.resolve().parent)


def _package_root(folder: Path) -> Path:
    while (folder / "__init__.py").exists():
        folder = folder.parent
    return folder


def _file(path: Path, dotted: str) -> File:
    text = path.read_text(encoding="utf-8")
    file = File(str(path), dotted, text, ast.parse(text, str(path)))
    for node in file.tree.body:
        _top_level(file, node)
    file.comments = dict(_comments(text))
    for name in _changed(file.tree):
        file.constants.pop(name, None)
    return file


_CHANGING = frozenset(
    "append extend insert remove pop clear update add discard setdefault popitem sort reverse".split()
)


def _changed(tree: ast.Module) -> set[str]:
    """Names at the top of a file that are no constants: bound again, declared global somewhere, or changed in place."""
    found: set[str] = set()
    bound: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Global(names=names):
                found.update(names)
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attribute)) if attribute in _CHANGING:
                found.add(name)
    for statement in tree.body:
        if isinstance(statement, FunctionNode | ast.ClassDef):
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                (found if node.id in bound else bound).add(node.id)
    return found


def _top_level(file: File, node: ast.stmt) -> None:
    match node:
        case ast.Import():
            for alias in node.names:
                file.imports[alias.asname or alias.name.partition(".")[0]] = (alias.asname and alias.name) or (
                    alias.name.partition(".")[0]
                )
        case ast.ImportFrom():
            base = node.module or ""
            if node.level:
                above = file.dotted.split(".")[: -node.level or None]
                base = ".".join([*above, *([base] if base else [])])
            for alias in node.names:
                file.imports[alias.asname or alias.name] = f"{base}.{alias.name}"
        case ast.ClassDef():
            if _given_name(node):
                file.classes[node.name] = node
            elif any(re.match(r"(dataclasses\.)?dataclass\b", ast.unparse(each)) for each in node.decorator_list):
                file.records[node.name] = node
            elif [ast.unparse(each).rpartition(".")[2] for each in node.bases] == ["TypedDict"]:
                file.maps[node.name] = node
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            file.functions[node.name] = node
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            _assigned(file, name, value)
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)) if len(names) == len(values):
            for target, value in zip(names, values, strict=True):
                if isinstance(target, ast.Name):
                    _assigned(file, target.id, value)
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value, annotation=hint):
            if isinstance(hint, ast.Name | ast.Attribute) and ast.unparse(hint).endswith("TypeAlias"):
                file.aliases[name] = value
            else:
                _assigned(file, name, value)


def _assigned(file: File, name: str, value: ast.expr) -> None:
    if re.fullmatch(r"[A-Z][A-Z0-9_]*", name):
        file.constants[name] = value
    elif re.match(r"[A-Z]", name):
        file.aliases[name] = value


def _comments(text: str) -> Iterator[tuple[int, list[str]]]:
    """Comments that have their lines for themselves, by the line behind them."""
    block: list[str] = []
    last = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT or not token.line.lstrip().startswith("#"):
            continue
        number, words = token.start[0], token.string.lstrip("#").strip()
        block = [*block, words] if number == last + 1 else [words]
        last = number
        yield number + 1, block


def _given_name(node: ast.ClassDef) -> str | None:
    """The atom under which a class is declared as a module."""
    for decorator in node.decorator_list:
        match decorator:
            case ast.Attribute(attr="module") | ast.Name(id="module"):
                return snake(node.name)
            case ast.Call(
                func=ast.Attribute(attr="module") | ast.Name(id="module"),
                keywords=[ast.keyword(arg="name", value=ast.Constant(value=str(name)))],
            ):
                return name
    return None


def snake(camel: str) -> str:
    """`RestForOne` as `rest_for_one`, as `erlsim.module` does it."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", camel).lower()


def _declare(file: File, program: Program) -> None:
    for node in file.classes.values():
        name = _given_name(node) or snake(node.name)
        functions = {each.name: each for each in node.body if isinstance(each, FunctionNode)}
        constants = {
            each.targets[0].id: each.value
            for each in node.body
            if isinstance(each, ast.Assign)
            and isinstance(each.targets[0], ast.Name)
            and re.fullmatch(r"[A-Z][A-Z0-9_]*", each.targets[0].id)
        }
        bases = [ast.unparse(each) for each in node.bases]
        unit = Unit(name, file, ast.get_docstring(node) or "", functions, constants, bases=bases, class_name=node.name)
        program.units[name] = program.known[f"{file.dotted}.{node.name}"] = unit
    if file.functions:
        _declare_file(file, program)
    for alias, target in file.imports.items():
        if target in program.known:
            program.known.setdefault(f"{file.dotted}.{alias}", program.known[target])


def _declare_file(file: File, program: Program) -> None:
    """The file's own functions: a module of their own, or a part of the class's whose atom is the file's name."""
    name = file.dotted.rpartition(".")[2]
    mine = program.units.get(name)
    document = ast.get_docstring(file.tree) or ""
    if mine is not None and mine.file is file and not set(mine.functions) & set(file.functions):
        mine.functions.update(file.functions)
        mine.document = "\n\n".join(filter(None, [document, mine.document]))
        program.known[file.dotted] = mine
        return
    unit = Unit(name, file, document, dict(file.functions))
    program.units.setdefault(name, unit)
    program.known[file.dotted] = unit


_BEHAVIOURS = ("gen_server", "gen_statem", "supervisor", "director", "gen_event")


def _behaviour(unit: Unit, program: Program) -> str:
    """The behaviour of a module: how the program starts it says so, else its callbacks do."""
    for file in program.files:
        for node in ast.walk(file.tree):
            found = _started(node, unit, file, program)
            if found:
                return found
    if unit.has("callback_mode", 0):
        return "gen_statem"
    if unit.has("handle_event", 2) and unit.has("init", 1):
        return "gen_event"
    if unit.has("init", 1) and any(
        unit.has(*each) for each in (("handle_call", 3), ("handle_cast", 2), ("handle_info", 2))
    ):
        return "gen_server"
    if unit.has("start", 2) and unit.has("stop", 1):
        return "application"
    return ""


def _started(node: ast.AST, unit: Unit, file: File, program: Program) -> str:
    """The behaviour that a call starts, or a child that is `(gen_server, "start_link", arguments)`."""
    match node:
        case ast.Call(func=func, args=arguments):
            base, _, name = dotted(func, file).rpartition(".")
            module = calls.MODULES.get(base, "")
        case ast.Tuple(elts=[ast.Constant(value=str(module)), ast.Constant(value=str(name)), ast.List(elts=arguments)]):
            pass
        case ast.Tuple(elts=[of, ast.Constant(value=str(name)), ast.List(elts=arguments)]):
            module = calls.MODULES.get(dotted(of, file), "")
        case _:
            return ""
    place = calls.STARTERS.get((module, name))
    if place is None or len(arguments) < -place:
        return ""
    argument = arguments[place]
    if isinstance(argument, ast.Constant):
        return module if argument.value == unit.name else ""
    if isinstance(argument, ast.Tuple) and argument.elts:  # a handler with an id of its own
        argument = argument.elts[0]
    found = program.unit(dotted(argument, file))
    return module if found is unit else ""


def dotted(node: ast.AST, file: File) -> str:
    """The dotted name that an expression is, by the file's imports; empty if it is none."""
    match node:
        case ast.Name(id=name):
            if name in file.imports:
                return file.imports[name]
            if name in file.classes or name in file.functions or name in file.records or name in file.maps:
                return f"{file.dotted}.{name}"
        case ast.Attribute(value=value, attr=attr):
            base = dotted(value, file)
            if base:
                return f"{base}.{attr}"
    return ""
