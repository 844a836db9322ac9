"""Macros: their definitions, and what becomes of tokens with `?` in them. Mirrors the middle part of `epp`.

A macro is undefined (`MODULE` before `-module`), predefined (one list of tokens) or the user's: definitions by their
number of arguments, `None` for those without any. The tokens of an expansion take the place of the call, so do those
behind an argument take the argument's: errors and stacks point there, as on the BEAM.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from erlsim import terms
from erlsim.erl.reading.annotations import Location, Token
from erlsim.erl.reading.failures import Failure, shown, write_char, write_string
from erlsim.terms import Term

Tokens = list[Token]
Definition = tuple[list[str] | None, Tokens]
Use = tuple[Term, int | None]

_CLOSING = {
    "(": ")",
    "<<": ">>",
    "[": "]",
    "{": "}",
    **dict.fromkeys("begin if case receive try cond".split(), "end"),
}
UNDEFINED = "undefined"


def epp_failure(location: Location, *description: Term) -> Failure:
    """A failure in epp's words: `epp_failure(location, "mismatch", name)`."""
    return Failure(location, "epp", description if len(description) > 1 else description[0])


@dataclass
class Macros:
    """The macros that are known at some place of a source."""

    table: dict[Term, Any] = field(default_factory=dict)
    _uses: dict[Term, dict[int | None, list[Use]]] = field(default_factory=dict)
    # Those of which it is known that they do not refer to themselves.
    _fine: set[Use] = field(default_factory=set)
    # The tokens of the form that is expanded, or what ?FUNCTION_NAME and ?FUNCTION_ARITY are in it.
    _function: Any = None

    def predefine(self, name: str, tokens: Tokens) -> None:
        """A macro that the user cannot define anew."""
        self.table[name] = (None, tokens)

    def is_defined(self, name: Term) -> bool:
        """Whether `-ifdef` finds a macro."""
        return bool(self.table.get(name, UNDEFINED) != UNDEFINED)

    def define(self, name: Token, arity: int | None, definition: Definition) -> None:
        """`-define`; the location of the token `name` is where it fails if there is such a macro already."""
        known = self.table.get(name[2])
        if isinstance(known, dict):
            if arity in known:
                raise epp_failure(name[1], "redefine", name[2])
        elif known is not None:
            raise epp_failure(name[1], "redefine_predef", name[2])
        self.table[name[2]] = {**(known or {}), arity: definition}
        self._uses.setdefault(name[2], {})[arity] = _uses_in(definition[1])
        self._fine.clear()

    def undefine(self, name: Term) -> None:
        """`-undef`."""
        self.table.pop(name, None)
        self._uses.pop(name, None)
        self._fine.clear()

    # ---- expansion

    def expand_form(self, tokens: Tokens) -> Tokens:
        """The tokens of a form without macros."""
        self._function = tokens
        return self.expand(tokens)

    def expand(self, tokens: Tokens) -> Tokens:
        """Tokens without macros."""
        waiting = tokens[::-1]
        found: Tokens = []
        while waiting:
            token = waiting.pop()
            if token[0] != "?" or not waiting:
                found.append(token)
                continue
            name = waiting.pop()
            if name[0] == "var" and name[2] in ("FUNCTION_NAME", "FUNCTION_ARITY"):
                found += self._of_function(token, name)
            elif name[0] == "var" and name[2] == "LINE":
                found.append(("integer", name[1], name[1][0]))
            elif name[0] in ("atom", "var"):
                self._expand_call(name, waiting)
            else:
                raise epp_failure(name[1], "call", terms.chars("?" + _illegal(name)))
        return found

    def _expand_call(self, name: Token, waiting: Tokens) -> None:
        """Put what the macro `name` stands for in the place of its arguments, which are on top of `waiting`."""
        location = name[1]
        arity, arguments, rest = _arguments(waiting, location, name[2])
        parameters, body = self._definition(name, arity)
        if parameters is None:
            self._check_circular(name, None)
            expansion = self.expand(_substituted(body, location, {}))
        else:
            self._check_circular(name, len(parameters))
            if not all(arguments):
                raise epp_failure(location, "mismatch", name[2])
            expansion = _substituted(body, location, dict(zip(parameters, arguments, strict=True)))
            del waiting[rest:]
        waiting += expansion[::-1]

    def _definition(self, name: Token, arity: int | None) -> Definition:
        known = self.table.get(name[2], UNDEFINED)
        if known == UNDEFINED:
            raise epp_failure(name[1], "undefined", name[2], "none" if arity is None else arity)
        if isinstance(known, dict):
            if list(known) == [None]:
                definition: Definition = known[None]
                return definition
            if arity not in known:
                raise epp_failure(name[1], "mismatch", name[2])
            definition = known[arity]
            return definition
        definition = known
        return definition

    def _check_circular(self, name: Token, arity: int | None) -> None:
        def check(uses: list[Use], within: tuple[Use, ...]) -> None:
            for use in uses:
                if use in within:
                    raise epp_failure(name[1], "circular", use[0], "none" if use[1] is None else use[1])
                rows = self._uses.get(use[0], {})
                check(rows.get(use[1], rows.get(None, [])), (*within, use))

        if name[2] in self._uses and (name[2], arity) not in self._fine:
            check([(name[2], arity)], ())
            self._fine.add((name[2], arity))

    # ---- the name of the function

    def _of_function(self, mark: Token, name: Token) -> Tokens:
        if isinstance(self._function, list):
            form, self._function = self._function, None
            self._function = self._name_and_arity(form, name)
        if self._function is None:
            return [mark, name]
        function, arity = self._function
        if name[2] == "FUNCTION_NAME":
            return [("atom", name[1], function)]
        return [("integer", name[1], arity)]

    def _name_and_arity(self, form: Tokens, name: Token) -> tuple[Term, int]:
        try:
            tokens = self.expand(form)
        except Failure:
            return ("_", 0)  # the caller meets the failure itself
        if len(tokens) > 1 and tokens[0][0] == "atom" and tokens[1][0] == "(":
            return tokens[0][2], _arity(tokens[2:])
        if tokens and tokens[0][0] == "?":
            raise epp_failure(name[1], "illegal_function_usage", name[2])
        raise epp_failure(name[1], "illegal_function", name[2])


def _arity(tokens: Tokens) -> int:
    """The arity as epp counts: `f([], X)` has one argument to it, since nothing is between its brackets."""
    depth, arity = 1, 0
    for token in tokens:
        if token[0] in ("(", "{", "[", "<<"):
            depth += 1
        elif token[0] in (")", "}", "]", ">>"):
            depth -= 1
            if depth == 0:
                break
        elif token[0] == ",":
            arity += depth == 1
        else:
            arity = arity or 1
    return arity


def _arguments(waiting: Tokens, location: Location, name: Term) -> tuple[int | None, list[Tokens], int]:
    """The arguments of a call whose `(` may be on top of `waiting`: how many, their tokens, and where the rest ends."""
    place = len(waiting) - 1
    if place < 0 or waiting[place][0] != "(":
        return None, [], len(waiting)
    place -= 1
    if place >= 0 and waiting[place][0] == ")":
        return 0, [], place
    found: list[Tokens] = []
    while True:
        end = _argument(waiting, place)
        argument = waiting[end + 1 : place + 1][::-1]
        # `?M(,` and `?M(a,)`; an empty argument between commas is told off later.
        bad = end < 0 or (not argument and (waiting[end][0] == ")" or not found))
        if bad:
            raise epp_failure(location, "arg_error", name)
        found.append(argument)
        if waiting[end][0] == ")":
            return len(found), found, end
        place = end - 1


def _argument(waiting: Tokens, place: int) -> int:
    """Where the `,` or `)` is that ends the argument which begins at `place`; -1 if there is none."""
    closing: list[str] = []
    while place >= 0:
        tag = waiting[place][0]
        if not closing and (tag == "," or tag == ")"):
            return place
        if tag in _CLOSING:
            closing.append(_CLOSING[tag])
        elif tag == "fun":
            after = waiting[place - 1][0] if place else None
            if after == "(" or (after == "var" and place > 1 and waiting[place - 2][0] == "("):
                closing.append("end")
        elif closing and tag == closing[-1]:
            closing.pop()
        place -= 1
    return -1


def _substituted(body: Tokens, location: Location, bindings: Mapping[str, Tokens]) -> Tokens:
    """The body of a macro with arguments in the places of its parameters."""
    found: Tokens = []
    rest = iter(enumerate(body))
    for index, token in rest:
        tag = token[0]
        if tag == "var" and token[2] in bindings:
            found += bindings[token[2]]
            location = found[-1][1]
        elif tag == "?" and [each[0] for each in body[index + 1 : index + 3]] == ["?", "var"]:
            name = body[index + 2][2]
            next(rest), next(rest)
            if name in bindings:
                text = " ".join(map(_source, bindings[name]))
                found.append(("string", location, terms.chars(text)))
            else:
                found.append(("var", location, name))
        else:
            found.append((tag, location) if len(token) == 2 else (tag, location, token[2]))
    return found


def _uses_in(body: Tokens) -> list[Use]:
    """The macros that a definition refers to, with the number of their arguments."""
    found: list[Use] = []
    index = 0
    while index + 1 < len(body):
        token, name = body[index], body[index + 1]
        index += 1
        if token[0] != "?":
            continue
        if name[0] == "?":
            index += 1
        elif name[0] in ("atom", "var"):
            arity, _, _ = _arguments(body[index + 1 :][::-1], name[1], name[2])
            if (name[2], arity) not in found:
                found.append((name[2], arity))
    return found


def _source(token: Token) -> str:
    """A token as `??Argument` shows it."""
    match token:
        case ("dot", _):
            return "."
        case (word, _):
            return str(word)
        case ("var", _, name):
            return str(name)
        case ("char", _, code):
            return write_char(code)
        case ("string", _, codes):
            return write_string("".join(map(chr, codes)))
    return terms.format("~w", [token[2]])


def _illegal(token: Token) -> str:
    if getattr(token[1], "text", None):
        return shown(token)
    return terms.format("~tp", [token[2] if len(token) > 2 else token[0]])
