"""What a module says of itself: its name, records, functions, exports and imports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from erlsim import terms
from erlsim.erl.reading.annotations import Node
from erlsim.terms import Term

FunctionName = tuple[Any, int]


class CannotCompile(Exception):
    """The source cannot be compiled; the text says where and why, as erlc would."""


class Declarations:
    """The attributes and functions of a module, from its forms."""

    def __init__(self, forms: list[Node]) -> None:
        """Sort the forms; raises `CannotCompile` if there is no `-module`."""
        self.records: dict[Term, list[tuple[Term, Node]]] = {}
        self.functions: dict[FunctionName, Node] = {}
        self.files: dict[FunctionName, str] = {}
        self.imports: dict[FunctionName, Term] = {}
        self.exports: dict[FunctionName, None] = {}
        self.attributes: list[tuple[Term, Term]] = []
        self.hidden_bifs: set[FunctionName] = set()
        self.name: Any = None
        self.path = ""
        for form in forms:
            if form[0] == "function":
                self.functions[form[2], form[3]] = form
            elif form[0] == "attribute":
                self._attribute(form[2], form[3])
        if self.name is None:
            raise CannotCompile(f"{self.path}:1:1: undefined module")

    @property
    def file(self) -> str:
        """The file's name without its folder."""
        return self.path.rpartition("/")[2]

    def _attribute(self, name: Any, value: Any) -> None:
        match name:
            case "file":
                self.path = self.path or "".join(map(chr, value[0]))
            case "module":
                self.name = value[0] if type(value) is tuple else value
            case "record":
                self.records[value[0]] = list(map(_field, value[1]))
            case "import":
                self.imports.update((each, value[0]) for each in value[1])
            case "export":
                self.exports.update(dict.fromkeys(value))
            case "compile":
                self._compile_options(value)
            case "type" | "opaque" | "spec" | "callback" | "export_type" | "optional_callbacks":
                pass
            case _:
                self.attributes.append((name, value if type(value) is list else [value]))

    def _compile_options(self, value: Any) -> None:
        for option in value if type(value) is list else [value]:
            match option:
                case ("no_auto_import", [*names]):
                    self.hidden_bifs.update(names)
                case ("inline" | "nowarn_unused_function" | "nowarn_deprecated_function", _):
                    pass
                case "export_all":
                    self.exports_all = True

    exports_all = False

    def exported(self) -> list[FunctionName]:
        """The functions that others may call, in the order of the source."""
        if self.exports_all:
            return list(self.functions)
        return [name for name in self.functions if name in self.exports]

    def fields(self, record: Term) -> list[Term]:
        """The names of a record's fields."""
        if record not in self.records:
            raise CannotCompile(terms.format("record ~tw undefined", [record]))
        return [name for name, _ in self.records[record]]


def _field(node: Node) -> tuple[Term, Node]:
    """The name of a field and its default."""
    if node[0] == "typed_record_field":
        node = node[1]
    default = node[3] if len(node) == 4 else ("atom", node[1], "undefined")
    return node[2][2], default


def nodes(node: Any) -> Iterator[Node]:
    """All nodes of an expression, those in funs, too."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if type(each) is list:
            waiting += reversed(each)
        elif type(each) is tuple and each:
            if type(each[0]) is str and len(each) > 1:
                yield each
            waiting += [part for part in reversed(each) if type(part) is tuple or type(part) is list]
