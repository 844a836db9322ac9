"""One module that is compiled: its functions in order, what they call, and the code object of it all."""

from __future__ import annotations

import warnings
from types import CodeType
from typing import Any

from erlsim.erl.compiling.declarations import CannotCompile, Declarations, FunctionName
from erlsim.erl.compiling.emitter import Line, function_identifier, identifier, placed
from erlsim.erl.compiling.functions import NOTED, FunctionBody
from erlsim.erl.compiling.inferring.colours import ASYNC, Colours, Known
from erlsim.erl.compiling.inferring.integers import Integers
from erlsim.erl.compiling.inferring.tails import groups, recursions
from erlsim.erl.compiling.object_code import Mfa, ObjectCode
from erlsim.erl.compiling.patterns import opens
from erlsim.erl.reading.annotations import Node
from erlsim.erl.running.failures import Place, Places
from erlsim.terms import Term

# Functions of other modules that are BIFs on the BEAM.
_BIFS = frozenset(
    {("lists", name, 3) for name in ("keyfind", "keymember", "keysearch")}
    | {("lists", "member", 2), ("lists", "reverse", 2)}
    | {("maps", name, 1) for name in ("from_list", "keys", "values")}
    | {("maps", name, 2) for name in ("get", "find", "is_key", "merge", "remove", "take", "from_keys")}
    | {("maps", name, 3) for name in ("put", "update")}
)


class Unit:
    """A module on its way to Python."""

    def __init__(self, forms: list[Node], known: Known, natives: Any, is_evaluated: bool = False) -> None:
        """Find the colours; `natives(module, function, arity)` is the library's function, or `None`.

        `known` and `natives` are asked once for each function. With `is_evaluated` the stacks of failures are those of
        `erl_eval`, which calls BIFs where compiled code has instructions.
        """
        self.is_evaluated = is_evaluated
        self.declarations = Declarations(forms)
        self._find_native = natives
        self._find_colour = known
        self._natives: dict[Mfa, bool] = {}
        self._elsewhere: dict[Mfa, Any] = {}
        self.colours = Colours(self.declarations, self._known)
        self.places = Places(str(self.declarations.name), self.declarations.file)
        self.remotes: dict[str, tuple[Any, Any, int]] = {}
        self.counter = 0
        self._opening: dict[FunctionName, list[int]] = {}
        self.groups = groups(self.declarations, self.colours)
        self.integers = Integers(self.declarations)
        self.recursions = recursions(self.declarations, self.colours)

    def _known(self, module: Any, name: Any, arity: int) -> Any:
        if module == "erlang" and name == "apply":
            return ASYNC
        asked = (module, name, arity)
        if asked not in self._elsewhere:
            self._elsewhere[asked] = self._find_colour(*asked)
        return self._elsewhere[asked]

    # ---- what the functions ask

    def where(self, node: Node) -> str:
        """The place of a node, as erlc prints it."""
        return f"{self.declarations.path}:{node[1][0]}:{node[1][1]}"

    def check_record(self, node: Node, record: Term) -> None:
        """There has to be such a record."""
        if record not in self.declarations.records:
            raise CannotCompile(f"{self.where(node)}: record {record} undefined")

    def field(self, node: Node, record: Term, name: Term) -> int:
        """The index of a field in the tuple of a record."""
        self.check_record(node, record)
        fields = self.declarations.fields(record)
        if name not in fields:
            raise CannotCompile(f"{self.where(node)}: field {name} undefined in record {record}")
        return fields.index(name) + 1

    def identifier(self, name: FunctionName) -> str:
        """The Python name of a function, but for its first letter."""
        return function_identifier(name)

    def remote(self, module: Any, name: Any, arity: int) -> str:
        """The Python name of another module's function."""
        found = f"r_{identifier(module)}__{identifier(name)}_{arity}"
        self.remotes[found] = (module, name, arity)
        return found

    def own_function(self, module: Any, name: Any, arity: int) -> FunctionName | None:
        """The function of this module that a call with a module's name may be made of directly.

        A loop that calls itself by the module's name goes on in the version that is loaded then, so a function that
        waits is looked up.
        """
        if module != self.declarations.name or (name, arity) not in self.declarations.functions:
            return None
        return None if self.colours.of[name, arity] == ASYNC else (name, arity)

    def may_be_tail(self, module: Any, name: Any, arity: int) -> bool:
        """Whether a call of another module's function may be left to the caller's caller."""
        return self.is_unknown(module, name, arity)

    def is_unknown(self, module: Any, name: Any, arity: int) -> bool:
        """Whether it shows only at run time what a function is."""
        asked = (module, name, arity)
        if asked not in self._natives:
            self._natives[asked] = self._find_native(*asked) is not None
        return not self._natives[asked]

    def leaves_its_caller(self, node: Node) -> bool:
        """Whether the frame of a caller is gone on the BEAM while a call at its end goes on: not for BIFs."""
        match node[2]:
            case ("atom", _, name):
                return (name, len(node[3])) in self.declarations.functions
            case ("remote", _, ("atom", _, module), ("atom", _, name)):
                return module != "erlang" and (module, name, len(node[3])) not in _BIFS
        return True

    def opening(self, name: FunctionName) -> list[int]:
        """The places of the lists that a function takes apart."""
        if name not in self._opening:
            _, _, _, arity, clauses = self.declarations.functions[name]
            self._opening[name] = [place for place in range(arity) if any(opens(each[2][place]) for each in clauses)]
        return self._opening[name]

    # ---- the code

    def lines(self) -> list[Line]:
        """The Python of all functions."""
        found: list[Line] = []
        for name, form in self.declarations.functions.items():
            if self.colours.is_poly(name):
                found += self._function(name, form, "p", False)
                found += self._function(name, form, "f", True)
            elif name in self.groups:
                found += self._function(name, form, "b", False)
                found += self._bouncing(name, form)
            else:
                found += self._function(name, form, "f", self.colours.is_async(name))
        return found

    def _function(self, name: FunctionName, form: Node, prefix: str, is_async: bool) -> list[Line]:
        body = FunctionBody(self, name, is_async)
        body.is_plain_version = prefix == "p"
        body.bounces = self.groups.get(name, frozenset()) if prefix == "b" else frozenset()
        return body.compile_function(form, prefix)

    def _bouncing(self, name: FunctionName, form: Node) -> list[Line]:
        """The door of a function that calls others at their ends and they it: it makes the calls."""
        number = self.places.number(Place(str(name[0]), name[1], is_tail=True))
        args = ", ".join(f"a{index}" for index in range(name[1]))
        line = form[1][0]
        texts = [
            (0, f"def f_{self.identifier(name)}({args}):"),
            (1, f"result = b_{self.identifier(name)}({args})"),
            (1, "while type(result) is tail: result = result.function(*result.args)"),
            (1, "return result"),
        ]
        return [(indent, text, line, number) for indent, text in texts]

    def object_code(self) -> ObjectCode:
        """The module, compiled."""
        return ObjectCode(
            name=self.declarations.name,
            path=self.declarations.path,
            code=self._code(),
            places=self.places,
            functions=list(self.declarations.functions),
            exports=self.declarations.exported(),
            attributes=self.declarations.attributes,
            colours=self.colours.of,
            has_deep_waits=bool(self.recursions),
            remotes=self.remotes,
            natives=self._natives,
            elsewhere=self._elsewhere,
        )

    def _code(self) -> CodeType:
        """The code object of the module: lines are those of the Erlang source, columns the numbers of places."""
        lines = self.lines()
        if not any(function[:2] == ("erlang", "fun_info") for function in self.remotes.values()):
            # DIVERGES(otp): who has made a fun is known only where its own module has a call of `erlang:fun_info`.
            lines = [line for line in lines if not line[1].endswith(NOTED)]
        source = "\n".join(" " * indent + text for indent, text, _, _ in lines) + "\n"
        with warnings.catch_warnings():
            # Of what Erlang's source compares, which may be two literals.
            warnings.simplefilter("ignore", SyntaxWarning)
            code = compile(source, self.declarations.path, "exec")
        return placed(code, lines) if lines else code
