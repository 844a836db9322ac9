"""A module as a whole: its functions, who calls them, its records and its behaviours."""

from __future__ import annotations

from typing import Any

from erlsim.erl.linting.findings import Findings, Place
from erlsim.erl.linting.scopes import Scope
from erlsim.erl.linting.variables import Variables
from erlsim.erl.reading.annotations import Node
from erlsim.otp.erl_internal import AUTO_IMPORTED, OLD_TESTS
from erlsim.terms import Term

FunctionName = tuple[Any, int]

_CALLBACKS: dict[Any, tuple[FunctionName, ...]] = {
    "gen_server": (("init", 1), ("handle_call", 3), ("handle_cast", 2)),
    "gen_statem": (("init", 1), ("callback_mode", 0)),
    "gen_event": (("init", 1), ("handle_event", 2), ("handle_call", 2)),
    "supervisor": (("init", 1),),
    "supervisor_bridge": (("init", 1), ("terminate", 2)),
    "application": (("start", 2), ("stop", 1)),
}


def lint(forms: list[Node], file: str) -> Findings:
    """What erl_lint says of a module's forms, the file's name before it."""
    return _Module(forms, file).findings


class _Module:
    def __init__(self, forms: list[Node], file: str) -> None:
        self.findings = Findings(file)
        self.functions: dict[FunctionName, Node] = {}
        self.files: dict[FunctionName, str] = {}
        self.exports: dict[FunctionName, Place] = {}
        self.imports: dict[FunctionName, Term] = {}
        self.records: dict[Term, list[Term]] = {}
        self.behaviours: list[tuple[Place, Term]] = []
        self.hidden: set[FunctionName] = set()
        self.quiet: set[FunctionName] = set()
        self.on_load: list[FunctionName] = []
        self.exports_all: Place | None = None
        self.options: list[Term] = []
        self.calls: dict[FunctionName, list[FunctionName]] = {}
        self.current: FunctionName = ("", 0)
        self.defaults: dict[Term, list[Node]] = {}
        for form in forms:
            self._form(form)
        self._functions()
        self._tell()

    # ---- forms

    def _form(self, form: Node) -> None:
        match form:
            case ("attribute", _, "file", (name, _)):
                self.findings.file = "".join(map(chr, name))
            case ("attribute", place, name, value):
                self._attribute(place, name, value)
            case ("function", place, name, arity, _):
                if (name, arity) in self.functions:
                    self.findings.error(place, "function ~tw/~w already defined", name, arity)
                else:
                    if (name, arity) in self.imports:
                        self.findings.error(place, "defining imported function ~tw/~w", name, arity)
                    self.functions[name, arity] = form
                    self.files[name, arity] = self.findings.file

    def _attribute(self, place: Place, name: Any, value: Any) -> None:
        match name:
            case "export":
                self._export(place, value)
            case "import":
                self.imports.update((each, value[0]) for each in value[1])
            case "record":
                self._record(place, value)
            case "behaviour" | "behavior":
                self.behaviours.append((place, value))
            case "on_load":
                self.on_load.append(value)
            case "compile":
                for option in value if type(value) is list else [value]:
                    self._option(place, option)

    def _export(self, place: Place, names: list[FunctionName]) -> None:
        for each in names:
            if each in self.exports:
                self.findings.warning(place, "function ~tw/~w already exported", *each)
            self.exports.setdefault(each, place)

    def _option(self, place: Place, option: Any) -> None:
        match option:
            case "export_all":
                self.exports_all = place
            case ("no_auto_import", [*names]):
                self.hidden.update(names)
            case ("nowarn_unused_function", [*names]):
                self.quiet.update(names)
            case ("nowarn_unused_function", (_, _)):
                self.quiet.add(option[1])
            case str():
                self.options.append(option)

    def _record(self, place: Place, value: Any) -> None:
        name, fields = value
        if name in self.records:
            self.findings.error(place, "record ~tw already defined", name)
            return
        names: list[Term] = []
        for each in fields:
            node = each[1] if each[0] == "typed_record_field" else each
            if node[2][2] in names:
                self.findings.error(node[2][1], "field ~tw already defined in record ~tw", node[2][2], name)
            names.append(node[2][2])
            self.defaults.setdefault(name, []).extend(node[3:])
        self.records[name] = names

    # ---- functions

    def _functions(self) -> None:
        variables = Variables(self.findings, self._look, "nowarn_unused_vars" not in self.options)
        for record, defaults in self.defaults.items():
            # What a record's defaults call is called by whoever makes such a record.
            self.current = _maker(record)
            self.calls[self.current] = []
            for default in defaults:
                variables.expression(default, {})
        for name, form in self.functions.items():
            self.findings.file = self.files[name]
            self.current = name
            self.calls[name] = []
            variables.function(form[4])

    def _look(self, node: Any, scope: Scope) -> None:
        """A call, a fun of a name, or a record."""
        match node:
            case ("call", _, ("atom", place, name), args):
                self._call(place, (name, len(args)))
            case ("fun", place, ("function", name, arity)) if type(arity) is int:
                self._call(place, (name, arity))
            case ("record", _, name, list(fields)):
                self.calls[self.current].append(_maker(name))
                self._fields(node[1], name, fields)
            case ("record", _, _, name, fields):
                self._fields(node[1], name, fields)
            case ("record_index", place, name, field) | ("record_field", place, _, name, field):
                self._field(place, name, field)

    def _call(self, place: Place, name: FunctionName) -> None:
        if name in self.imports or name[0] in ("record_info", "module_info"):
            return
        if name in self.functions:
            self.calls[self.current].append(name)
        elif (name not in AUTO_IMPORTED or name in self.hidden) and name not in OLD_TESTS:
            self.findings.error(place, "function ~tw/~w undefined", *name)

    def _fields(self, place: Place, name: Term, fields: Any) -> None:
        if name not in self.records:
            self.findings.error(place, "record ~tw undefined", name)
            return
        for _, _, field, _ in fields:
            if field[0] == "atom" and field[2] not in self.records[name]:
                self.findings.error(field[1], "field ~tw undefined in record ~tw", field[2], name)

    def _field(self, place: Place, name: Term, field: Any) -> None:
        if name not in self.records:
            self.findings.error(place, "record ~tw undefined", name)
        elif field[2] not in self.records[name]:
            self.findings.error(field[1], "field ~tw undefined in record ~tw", field[2], name)

    # ---- the whole

    def _tell(self) -> None:
        for name, place in self.exports.items():
            if name not in self.functions and name[0] != "module_info":
                self.findings.error(place, "function ~tw/~w undefined", *name)
        if self.exports_all is not None:
            if "nowarn_export_all" not in self.options:
                text = "export_all flag enabled - all functions will be exported"
                self.findings.warning(self.exports_all, text)
        elif "nowarn_unused_function" not in self.options:
            self._tell_unused()
        for place, behaviour in self.behaviours:
            for name, arity in _CALLBACKS.get(behaviour, ()):
                if not self._is_exported((name, arity)):
                    text = "undefined callback function ~tw/~w (behaviour '~w')"
                    self.findings.warning(place, text, name, arity, behaviour)

    def _is_exported(self, name: FunctionName) -> bool:
        return name in self.functions and (self.exports_all is not None or name in self.exports)

    def _tell_unused(self) -> None:
        waiting = [name for name in [*self.exports, *self.on_load] if name in self.functions]
        reached = dict.fromkeys(waiting)
        while waiting:
            for name in self.calls.get(waiting.pop(), ()):
                if name not in reached:
                    reached[name] = None
                    waiting.append(name)
        for name, form in self.functions.items():
            if name not in reached and name not in self.quiet:
                self.findings.file = self.files[name]
                self.findings.warning(form[1], "function ~tw/~w is unused", *name)


def _maker(record: Term) -> FunctionName:
    """Stands for what makes a record, among those who call functions."""
    return ("record", record), -1
