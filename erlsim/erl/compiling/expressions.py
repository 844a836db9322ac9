"""Expressions to Python: what has a value in place, and what needs lines of its own."""

from __future__ import annotations

from typing import Any

from erlsim.erl.compiling import bits, operators
from erlsim.erl.compiling.calling import Calls
from erlsim.erl.compiling.declarations import CannotCompile
from erlsim.erl.compiling.emitter import SIMPLE, Env
from erlsim.erl.compiling.inferring.colours import variables
from erlsim.erl.compiling.patterns import Match, constant, is_record, literal, opens
from erlsim.erl.reading.annotations import Node
from erlsim.erl.running.failures import Place

# Records of so many fields, the name included, are written out when one of them changes.
_SMALL = 12
_CONTROL = frozenset({"case", "if", "receive", "try", "block", "maybe"})


class Expressions(Calls):
    """Emits expressions. `expr` gives the Python expression of a value, after lines that had to come first."""

    tail_call: Any
    outermost_function: Any

    # ---- bodies and destinations

    def body(self, expressions: list[Node], env: Env, dest: str) -> None:
        """Expressions one after the other; the value of the last goes to `dest`."""
        if dest == "return":
            expressions = _with_last_call(expressions, env)
        for node in expressions[:-1]:
            self.effect(node, env)
        self.at(expressions[-1])
        self.into(expressions[-1], env, dest)

    def effect(self, node: Node, env: Env) -> None:
        """An expression whose value is not used."""
        self.at(node)
        value = self.expr(node, env)
        if not SIMPLE.match(value):
            self.emit(value)

    def into(self, node: Node, env: Env, dest: str) -> None:
        """The value of an expression is returned (`dest` is "return") or assigned, and the loop around left."""
        tag = node[0]
        if tag == "block":
            self.body(node[2], env, dest)
        elif tag == "case":
            value = self.simple(self.expr(node[2], env))
            self.choose(node[3], value, env, dest, "case_clause")
        elif tag == "if":
            self._if(node[2], env, dest)
        elif tag == "receive":
            self.receive(node, env, dest)
        elif tag == "try":
            self.try_(node, env, dest)
        elif tag == "maybe":
            self.maybe(node, env, dest)
        elif dest == "return" and tag == "call":
            self.tail_call(node, env)
        elif dest == "return" and tag in ("lc", "bc"):
            self._at_the_end = True
            self.finish(self.expr(node, env), dest)
        else:
            self.finish(self.handed(node, env) if dest == "return" else self.expr(node, env), dest)

    def finish(self, value: str, dest: str) -> None:
        """The value is there."""
        if dest == "return":
            self.emit(f"return {value}")
        else:
            if value != dest:
                self.emit(f"{dest} = {value}")
            self.emit("break")

    def value_of(self, node: Node, env: Env) -> str:
        """The name of the value of a `case` and the like: a loop that is left with a value."""
        name = self.temp()
        self.emit("while True:")
        self.indent += 1
        self.into(node, env, name)
        self.indent -= 1
        return name

    def choose(self, clauses: list[Node], value: str, env: Env, dest: str, failure: str) -> None:
        """The first clause that matches a value."""
        exported: dict[str, str] = {}
        line = self.line
        if any(opens(clause[2][0]) for clause in clauses) and SIMPLE.match(value):
            if not value.startswith("t") or value in env.values():
                # A variable keeps its value as it is: others may look at it.
                name = self.temp()
                self.emit(f"{name} = {value}")
                value = name
            self.open(value)
        for clause in clauses:
            self.at(clause)
            inner = env.copy()
            match = Match(self, inner)
            match.match(clause[2][0], value)
            is_total = self.clause_body(match, inner, clause, dest)
            exported.update(inner)
        self.line = line
        if not is_total:
            self.emit(f"raise {failure}({value})")
        env.update(exported)

    def _if(self, clauses: list[Node], env: Env, dest: str) -> None:
        exported: dict[str, str] = {}
        line = self.line
        for clause in clauses:
            self.at(clause)
            inner = env.copy()
            self.emit(f"if {self.guard(clause[3], inner)}:")
            self.indent += 1
            self.body(clause[4], inner, dest)
            self.indent -= 1
            exported.update(inner)
        self.line = line
        self.emit("raise if_clause()")
        env.update(exported)

    # ---- values

    def expr(self, node: Node, env: Env) -> str:
        """The Python expression of a value. What it needs is emitted; it is to be used before anything else is."""
        if node[0] in _CONTROL:
            if node[0] == "block":
                for each in node[2][:-1]:
                    self.effect(each, env)
                return self.expr(node[2][-1], env)
            return self.value_of(node, env)
        method = getattr(self, "_e_" + node[0], None)
        if method is None:
            raise CannotCompile(f"{self.unit.where(node)}: illegal expression")
        value: str = method(node, env)
        return value

    def _literal(self, node: Node, env: Env) -> str:
        return literal(node[2])

    _e_atom = _e_integer = _e_char = _e_float = _e_string = _literal

    def _e_nil(self, node: Node, env: Env) -> str:
        return "[]"

    def _e_var(self, node: Node, env: Env) -> str:
        name = env.get(node[2])
        if name is None:
            raise CannotCompile(f"{self.unit.where(node)}: variable '{node[2]}' is unbound")
        return name

    def _e_tuple(self, node: Node, env: Env) -> str:
        values = self.several(list(node[2]), env)
        return "(" + "".join(value + ", " for value in values) + ")" if values else "()"

    def _e_cons(self, node: Node, env: Env) -> str:
        items = []
        while node[0] == "cons":
            items.append(node[2])
            node = node[3]
        if node[0] == "nil":
            return "[" + ", ".join(self.several(items, env)) + "]"
        *values, found = self.several([*items, node], env)
        for value in reversed(values):
            found = f"cell({value}, {found})"
        return found

    def _e_match(self, node: Node, env: Env) -> str:
        value = self.expr(node[3], env)
        pattern = node[2]
        if pattern[0] == "var" and pattern[2] == "_":
            return self.simple(value)
        if pattern[0] == "var" and pattern[2] not in env and node[3][0] in ("fun", "named_fun"):
            self.scope.funs[pattern[2]] = node[3]
        self.at(node)
        value = self.simple(value)
        match = Match(self, env)
        match.match(pattern, value)
        if match.tests:
            self.emit(f"if not ({match.condition}): raise badmatch({value})")
        match.bind()
        if pattern[0] == "var":
            self._learn(pattern[2], node[3], env)
        return value

    def _learn(self, variable: str, node: Node, env: Env) -> None:
        """What the expression that a variable is bound to says of its value."""
        if self.unit.integers.has(node, env.integers):
            env.integers.add(variable)
        elif node[0] == "record":
            env.records[variable] = node[-2]

    def _e_catch(self, node: Node, env: Env) -> str:
        name, exc = self.temp(), self.temp("e")
        self.emit("try:")
        self.indent += 1
        value = self.expr(node[2], env.copy())
        self.emit(f"{name} = {value}")
        self.indent -= 1
        self.emit(f"except Exception as {exc}:")
        self.indent += 1
        self.emit(f"{name} = catch_value({exc})")
        self.indent -= 1
        return name

    # ---- operators

    def _e_op(self, node: Node, env: Env) -> str:
        operator = node[2]
        number = constant(node) if operator not in ("/", "div", "rem", "bsl", "bsr") else None
        if number is not None:
            return literal(number)
        if len(node) == 4:
            return operators.unary(operator, self.expr(node[3], env), self.unit.is_evaluated)
        if operator in ("andalso", "orelse"):
            return self._short(node, env)
        known = tuple(self.unit.integers.has(each, env.integers) for each in node[3:])
        left, right = self.several(list(node[3:]), env)
        self.at(node)
        if operator in operators.INLINE and not all(known) and not (SIMPLE.match(left) and SIMPLE.match(right)):
            left = self.simple(left)
            right = self.simple(right)
        if operator in operators.COMPARING:
            return operators.compared(operator, node[3:], known, (left, right))
        return operators.computed(operator, node[3:], known, (left, right), self.unit.is_evaluated)

    def _short(self, node: Node, env: Env) -> str:
        """`andalso`, `orelse`."""
        operator = node[2]
        left = self.expr(node[3], env)
        if not operators.is_boolean(node[3]):
            left = f"boolean({left})"
        before, self.lines = self.lines, []
        self.indent += 1
        right = self.expr(node[4], env.copy())
        self.indent -= 1
        inner, self.lines = self.lines, before
        if not inner:
            return f"({left} {'and' if operator == 'andalso' else 'or'} {right})"
        name = self.temp()
        self.emit(f"{name} = {left}")
        self.emit(f"if {name}:" if operator == "andalso" else f"if not {name}:")
        self.lines += inner
        self.indent += 1
        self.emit(f"{name} = {right}")
        self.indent -= 1
        return name

    # ---- records

    def _e_record(self, node: Node, env: Env) -> str:
        if len(node) == 5:
            return self._updated_record(node, env)
        _, _, record, fields = node
        self.unit.check_record(node, record)
        values = self.several([field[3] for field in fields], env)
        given: dict[Any, str] = {}
        others = None
        for field, value in zip(fields, values, strict=True):
            if field[2][0] == "var":
                others = self.simple(value)
            else:
                self.unit.field(field, record, field[2][2])
                given[field[2][2]] = value
        parts = [repr(record)]
        for name, default in self.unit.declarations.records[record]:
            parts.append(given[name] if name in given else others if others is not None else self.expr(default, Env()))
        return "(" + "".join(part + ", " for part in parts) + ")"

    def _updated_record(self, node: Node, env: Env) -> str:
        _, _, base, record, fields = node
        self.unit.check_record(node, record)
        value, *values = self.several([base, *(field[3] for field in fields)], env)
        size = len(self.unit.declarations.fields(record)) + 1
        changes = {
            self.unit.field(field, record, field[2][2]): each for field, each in zip(fields, values, strict=True)
        }
        if size <= _SMALL and base[0] == "var" and env.records.get(base[2]) == record:
            if len(changes) > 1:
                # They are computed in the order of the source.
                changes = {place: self.simple(each) for place, each in changes.items()}
            parts = [changes.get(place, f"{value}[{place}]") for place in range(1, size)]
            return f"({record!r}, {''.join(part + ', ' for part in parts)})"
        shown = "".join(f"({place}, {each}), " for place, each in changes.items())
        return f"record_with({value}, {record!r}, {size}, ({shown}))"

    def _e_record_field(self, node: Node, env: Env) -> str:
        _, _, base, record, name = node
        self.unit.check_record(node, record)
        value = self.simple(self.expr(base, env))
        place = self.unit.field(node, record, name[2])
        if base[0] != "var" or env.records.get(base[2]) != record:
            size = len(self.unit.declarations.fields(record)) + 1
            self.at(node)
            self.emit(f"if not ({is_record(value, record, size)}): raise badrecord({value})")
            if base[0] == "var":
                env.records[base[2]] = record
        return f"{value}[{place}]"

    def _e_record_index(self, node: Node, env: Env) -> str:
        return str(self.unit.field(node, node[2], node[3][2]) + 1)

    # ---- maps and bitstrings

    def _e_map(self, node: Node, env: Env) -> str:
        fields = node[-1]
        flat = [node[2]] if len(node) == 4 else []
        for _, _, key, value in fields:
            flat += [key, value]
        values = self.several(flat, env)
        base = values.pop(0) if len(node) == 4 else None
        pairs = list(zip(values[::2], values[1::2], strict=True))
        shown = "[" + ", ".join(f"({key}, {value})" for key, value in pairs) + "]"
        if base is None:
            if all(field[2][0] == "atom" and type(field[2][2]) is str for field in fields):
                return "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
            return f"map_make({shown})"
        self.at(node)
        exact = [key for (key, _), field in zip(pairs, fields, strict=True) if field[0] == "map_field_exact"]
        return f"map_put({base}, {shown}, [{', '.join(exact)}])"

    def _e_bin(self, node: Node, env: Env) -> str:
        parts = []
        flat = []
        segments = [bits.Segment(element) for element in bits.elements(node)]
        for segment in segments:
            flat.append(segment.value)
            if segment.size != "default":
                flat.append(segment.size)
        values = iter(self.several(flat, env))
        for segment in segments:
            value = next(values)
            count = {"integer": "8", "float": "64"}.get(segment.kind)
            if segment.size != "default":
                count = f"bits_times({next(values)}, {segment.unit})"
            parts.append(segment.make(value, count))
        return f"bits_build(({''.join(part + ', ' for part in parts)}))" if parts else "b''"

    # ---- comprehensions

    def _e_lc(self, node: Node, env: Env) -> str:
        name = self.temp()
        self.emit(f"{name} = []")
        self._qualified(node, env, f"{name}.append", "lc")
        return name

    def _e_bc(self, node: Node, env: Env) -> str:
        name = self.temp()
        self.emit(f"{name} = []")
        self._qualified(node, env, f"{name}.append", "lbc")
        return f"bits_joined({name})"

    def _qualified(self, node: Node, env: Env, collect: str, kind: str) -> None:
        _, _, template, qualifiers = node
        depth, funs, place = self.indent, dict(self.scope.funs), self.place
        around, inner = self.around, env.copy()
        self.around = around or env
        self._within = self._place_of(kind, node, env)
        for qualifier in qualifiers:
            self.at(qualifier)
            if qualifier[0] == "generate":
                self._generate(qualifier, inner)
            elif qualifier[0] == "b_generate":
                self._generate_bits(qualifier, inner)
            else:
                value = self.expr(qualifier, inner)
                self.emit(f"if {value if operators.is_boolean(qualifier) else f'filtered({value})'}:")
                self.indent += 1
        self.at(template)
        self.emit(f"{collect}({self.expr(template, inner)})")
        self.indent, self.scope.funs, self.place, self.around = depth, funs, place, around
        self.at(node)

    around: Env | None = None
    """The variables around a comprehension."""
    _within: Any = None
    _at_the_end = False

    def _place_of(self, kind: str, node: Node, env: Env) -> Place:
        """A comprehension is a function of its own on the BEAM."""
        outer = self.outermost_function()
        free = {name for name in variables(node) if name in env}
        name = f"-{outer.name[0]}/{outer.name[1]}-{kind}$^0/1-{outer.comprehensions}-"
        outer.comprehensions += 1
        # At the end of a function it is called as the last thing, and the function's frame is gone.
        at_the_end, self._at_the_end = self._at_the_end, False
        return Place(name, 1 + len(free), within=None if at_the_end else (self.place, self.line))

    def _generate(self, node: Node, env: Env) -> None:
        item = self.temp("x")
        source = self.simple(self.expr(node[3], env))
        self.place = self._within
        self.emit(f"for {item} in generated({source}):")
        self.indent += 1
        match = Match(self, env, shadow=True)
        match.match(node[2], item)
        if match.tests:
            self.emit(f"if not ({match.condition}): continue")
        match.bind()

    def _generate_bits(self, node: Node, env: Env) -> None:
        reader = self.temp("b")
        source = self.simple(self.expr(node[3], env))
        self.place = self._within
        self.emit(f"{reader} = bits_generated({source})")
        self.emit("while True:")
        self.indent += 1
        match = Match(self, env, shadow=True)
        match.segments(node[2], reader)
        if match.tests:
            # A value that does not match its pattern is left out; a size that is not there ends it.
            start = self.temp()
            self.emit(f"{start} = {reader}.at")
            self.emit(f"if not ({match.condition}):")
            self.indent += 1
            sizes = Match(self, env.copy(), shadow=True)
            sizes.segments(_only_sizes(node[2]), reader)
            self.emit(f"{reader}.at = {start}")
            self.emit(f"if not ({sizes.condition}): break")
            self.emit("continue")
            self.indent -= 1
        match.bind()


def _with_last_call(expressions: list[Node], env: Env) -> list[Node]:
    """`X = f(), X` ends with a call of f, as for the BEAM's compiler."""
    match expressions[-2:]:
        case [("match", _, ("var", _, name), (("call" | "lc" | "bc"), *_) as last), ("var", _, other)]:
            if name == other and name not in env:
                return [*expressions[:-2], last]
    return expressions


def _only_sizes(node: Node) -> Node:
    """A pattern of segments without what their values have to be, but for those that a later size needs."""
    needed = variables([element[3] for element in node[2] if type(element[3]) is tuple])
    parts: list[Node] = []
    for kind, location, value, size, types in bits.elements(node):
        if value[0] == "string":
            codes = [("char", location, code) for code in bits.Segment((kind, location, value, size, types)).bytes]
            parts += [(kind, location, ("var", location, "_"), "default", "default") for _ in codes]
        elif value[0] == "var" and value[2] in needed:
            parts.append((kind, location, value, size, types))
        else:
            parts.append((kind, location, ("var", location, "_"), size, types))
    return ("bin", node[1], parts)
