"""Guards and bodies of match specifications: terms that stand for expressions.

An expression becomes a `Code`: a function of the bindings. In a guard a call that fails raises
`Failed` and the clause does not match; in a body it gives the atom `'EXIT'` and its caller goes on.
What cannot be compiled leaves its text in `errors`, in OTP's order, and compiling goes on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import itemgetter
from typing import Any

from erlsim.ets import owners
from erlsim.ets.matching.guards import FUNCTIONS, Failed
from erlsim.ets.matching.patterns import Bindings, variable
from erlsim.terms import Improper, Term, TermMap, cons, format, make_map, matchable, sort_key

Code = Callable[[Bindings], Term]

ROW = -1
"""Where the bindings hold what is being matched, `'$_'`."""

_OF_TRACING = frozenset(
    (
        "caller",
        "caller_line",
        "current_stacktrace",
        "disable_trace",
        "display",
        "enable_trace",
        "exception_trace",
        "get_seq_token",
        "is_seq_trace",
        "message",
        "process_dump",
        "return_trace",
        "set_seq_token",
        "silent",
        "trace",
    )
)
_RESERVED = re.compile(r"'(and|andalso|band|bor|bnot|bsl|bsr|bxor|div|not|or|orelse|rem|xor)'")
_TRACE_WORD = frozenset((("get_tcw", 0), ("set_tcw", 1), ("set_tcw_fake", 1)))


class Compiler:
    """Compiles the guards or the body of one clause, whose head binds `variables`."""

    def __init__(self, variables: set[int], in_guard: bool, errors: list[str]) -> None:
        self.variables = variables
        self.in_guard = in_guard
        self.errors = errors

    def code(self, term: Term) -> Code:
        """The code of one expression."""
        if isinstance(term, str):
            return self._atom(term)
        if isinstance(term, tuple):
            return self._tuple(term)
        if isinstance(term, list):
            parts = self._all(term)
            return lambda bindings: [part(bindings) for part in parts]
        if isinstance(term, Improper):
            return self._improper(term)
        if isinstance(term, dict | TermMap):
            return self._map(term)
        return _constant(term)

    def _all(self, terms: Any) -> list[Code]:
        return [self.code(term) for term in terms]

    def _from_last(self, terms: Any) -> list[Code]:
        # The emulator compiles what goes onto its stack from the last to the first: that is the order of errors.
        return [self.code(term) for term in reversed(terms)][::-1]

    def _wrong(self, text: str) -> Code:
        self.errors.append(text)
        return _constant(False)

    # ---- values ---------------------------------------------------------------------

    def _atom(self, atom: str) -> Code:
        number = variable(atom)
        if number is not None:
            if number not in self.variables:
                return self._wrong(f"Variable {atom} is unbound.")
            return itemgetter(number)
        if atom == "$_":
            return itemgetter(ROW)
        if atom == "$$":
            numbers = sorted(self.variables)
            return lambda bindings: [bindings[number] for number in numbers]
        return _constant(atom)

    def _improper(self, term: Improper) -> Code:
        parts, rest = self._all(term.items), self.code(term.tail)
        return lambda bindings: cons([part(bindings) for part in parts], rest(bindings))

    def _map(self, term: Any) -> Code:
        # In the order of the keys as written: of two that come out equal the later one wins.
        pairs = sorted(term.items(), key=lambda pair: sort_key(pair[0]))
        values = self._from_last([value for _, value in pairs])
        names = self._from_last([name for name, _ in pairs])
        codes = list(zip(names, values, strict=True))
        return lambda bindings: make_map((name(bindings), value(bindings)) for name, value in codes)

    # ---- tuples: calls, special forms, constructions ------------------------------------

    def _tuple(self, term: tuple[Term, ...]) -> Code:
        match matchable(term):
            case (tuple() as elements,):
                parts = self._from_last(elements)
                if len(parts) > 1 and all(each in self.variables for each in map(variable, elements)):
                    return itemgetter(*map(variable, elements))
                return lambda bindings: tuple([part(bindings) for part in parts])
            case ("const", *args):
                if len(args) != 1:
                    return self._wrong(f"Special form 'const' called with more than one argument in {_shown(term)}.")
                return _constant(args[0])
            case ("self", *args):
                if args:
                    return self._wrong(f"Special form 'self' called with arguments in {_shown(term)}.")
                return lambda bindings: owners.caller()
            case ("and" | "or" | "andalso" | "orelse" as name, *args):
                if not args:
                    return self._wrong(f"Special form '{name}' called without arguments in {_shown(term)}.")
                codes = self._all(args) if name in ("andalso", "orelse") else self._from_last(args)
                return self._boolean(name, codes)
            case (str() as name, *args):
                return self._call(name, args)
        return self._wrong(
            f"{_shown(term)} is neither a function call, nor a tuple (tuples are written {{{{ ... }}}})."
        )

    def _call(self, name: str, args: list[Term]) -> Code:
        function = FUNCTIONS.get((name, len(args)))
        if function is None:
            if name in _OF_TRACING:
                return self._wrong(f"Special form '{name}' used in wrong dialect.")
            if (name, len(args)) in _TRACE_WORD:
                return self._wrong(f"Function {name}/{len(args)} cannot be called in this context.")
            return self._wrong(f"Function {_shown(name)}/{len(args)} does_not_exist.")
        codes = self._from_last(args)
        return self._guarded(_applied(function, args, codes))

    def _boolean(self, name: str, codes: list[Code]) -> Code:
        if name in ("andalso", "orelse"):
            return self._guarded(_short_circuit(codes, name == "orelse"))
        whole = any if name == "or" else all

        def strict(bindings: Bindings) -> bool:
            values = [code(bindings) for code in codes]
            if not all(isinstance(value, bool) for value in values):
                raise Failed
            return whole(values)

        return self._guarded(strict)

    def _guarded(self, code: Code) -> Code:
        if self.in_guard:
            return code

        def caught(bindings: Bindings) -> Term:
            try:
                return code(bindings)
            except Failed:
                return "EXIT"

        return caught


def _shown(term: Term) -> str:
    """`term` as the emulator prints it, which leaves reserved words unquoted."""
    return _RESERVED.sub(r"\1", format("~0tp", [term]))


def _applied(function: Callable[..., Term], args: list[Term], codes: list[Code]) -> Code:
    """The code of a call. Guards go through whole tables, and most compare a variable with a number."""
    if len(codes) == 1:
        only = codes[0]
        return lambda bindings: function(only(bindings))
    if len(codes) == 2:
        first, second = codes
        number, other = variable(args[0]), args[1]
        if number is not None and type(other) is int:
            return lambda bindings: function(bindings[number], other)
        return lambda bindings: function(first(bindings), second(bindings))
    return lambda bindings: function(*[code(bindings) for code in codes])


def _constant(term: Term) -> Code:
    return lambda bindings: term


def _short_circuit(codes: list[Code], decisive: bool) -> Code:
    """`andalso` (decided by `False`) and `orelse` (by `True`); the last operand may be any term."""
    *firsts, last = codes

    def code(bindings: Bindings) -> Term:
        for first in firsts:
            value = first(bindings)
            if value is decisive:
                return decisive
            if not isinstance(value, bool):
                raise Failed
        return last(bindings)

    return code
