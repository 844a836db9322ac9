"""How an exception reads: `exception error: no match of right hand side value 1`. Mirrors `erl_error`.

A pure function of class, reason and stack; who prints it where is the caller's affair.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from erlsim.otp import erl_internal
from erlsim.otp.reports.log_text import printable
from erlsim.otp.shared import is_atom
from erlsim.terms import Term, format, matchable

_PLAIN = {
    "badarg": "bad argument",
    "badarith": "an error occurred when evaluating an arithmetic expression",
    "if_clause": "no true branch found when evaluating an if expression",
    "noproc": "no such process or port",
    "notalive": "the node cannot be part of a distributed system",
    "system_limit": "a system limit has been reached",
    "timeout_value": "bad receive timeout value",
}
_TAGGED = {
    "badarg": "bad argument: ",
    "badkey": "bad key: ",
    "badmap": "bad map: ",
    "badfun": "bad function ",
    "badmatch": "no match of right hand side value ",
    "case_clause": "no case clause matching ",
    "try_clause": "no try clause matching ",
    "bad_filter": "bad filter ",
    "bad_generator": "bad generator ",
}
_HEADING = {"error": "exception error: ", "exit": "exception exit: ", "throw": "exception throw: "}


class Printer(NamedTuple):
    """How terms are printed: how deep, and whether characters beyond Latin-1 are shown as such."""

    depth: Term = "unlimited"
    unicode: bool = True

    def directive(self, width: str = "") -> str:
        """What stands for a term in a format, `width` between the tilde and it."""
        return "~" + width + ("t" if self.unicode else "") + ("p" if self.depth == "unlimited" else "P")

    def args(self, term: Term) -> list[Term]:
        """The arguments for that directive."""
        return [term] if self.depth == "unlimited" else [term, self.depth]

    def show(self, term: Term, column: int) -> str:
        """`term`, printed from `column` on."""
        text: str = format(self.directive(f".{column}"), self.args(term))
        return text


WHOLE = Printer()


def format_exception(
    column: int,
    kind: str,
    reason: Term,
    stack: Term,
    base: str | Callable[[Term], bool] | None = None,
    printer: Printer = WHOLE,
) -> str:
    """The exception and its stack, continuation lines indented to `column` (counted from 1).

    Frames of the module `base` at the bottom of the stack, or those of which `base` is true, are left out.
    """
    from erlsim import explanations

    if not is_stack(stack):
        reason, stack = (reason, stack), []
    frames = list(stack)
    clause: tuple[Term, ...] | None = None
    if kind == "error" and frames and type(reason) is str:
        if reason == "undef" or (reason == "function_clause" and type(frames[0][2]) is list):
            clause = frames.pop(0)
    told = explanations.extended(reason, frames).get("reason")
    explanation = explanations.lines(reason, frames)
    while frames and (base(frames[-1]) if callable(base) else frames[-1][0] == base):
        frames.pop()
    indent = " " * (column - 1)
    text = _HEADING[kind] + (_explain(kind, reason, clause, indent, printer) if told is None else told)
    lines = _frames(frames, "  " + indent, printer, explanation)
    return text + ("\n" + lines if lines else "")


def is_stack(stack: Term) -> bool:
    """Whether `stack` has the shape of a stack: `[(module, function, arity or args, location)]`."""
    return type(stack) is list and all(map(_is_frame, stack))


def _is_frame(frame: Term) -> bool:
    match matchable(frame):
        case (module, function, args, location):
            return is_atom(module) and is_atom(function) and type(args) in (int, list) and type(location) is list
    return False


def _explain(kind: str, reason: Term, clause: tuple[Term, ...] | None, indent: str, printer: Printer) -> str:
    column = len(indent) + len(_HEADING[kind])
    if clause is not None:
        module, function, args, location = clause
        if reason == "undef":
            return "undefined function " + _mfa(module, function, args)
        return f"{_clause(module, function, args, column, printer)} {_location(location)}"
    match kind, matchable(reason):
        case "error", str() if reason in _PLAIN:
            return _PLAIN[reason]
        case "error", (str(tag), value) if tag in _TAGGED:
            return _value(value, _TAGGED[tag], column, printer)
        case "error", ("badarity", (fun, list(args))):
            return format("~w", [fun]).removeprefix("fun ") + " called with " + _arguments(len(args))
        case "error", ("unbound", variable):
            return format("variable ~w is unbound", [variable])
        case "exit", "calling_self":
            return "the current process attempted to call itself"
    return printer.show(reason, column + 1)


def _clause(module: Term, function: str, args: list[Term], column: int, printer: Printer) -> str:
    """The call that no clause matches, behind the words or below them, whichever takes fewer lines."""
    words = "no function clause matching "
    if _is_operator(module, function, args):
        return words + _operation(function, args, column + len(words), printer)
    beside = _call(module, function, args, column + len(words), printer)
    below = _call(module, function, args, column, printer)
    too_narrow = "\n" in _call(module, function, ["a2345", "b2345"], column + len(words), printer)
    if too_narrow or below.count("\n") < beside.count("\n"):
        return f"{words}\n{' ' * column}{below}"
    return words + beside


def _value(value: Term, text: str, column: int, printer: Printer) -> str:
    """`value` behind `text`; if it takes three lines or more there, below it where it takes fewer."""
    beside = printer.show(value, column + len(text) + 1)
    below = printer.show(value, column + 1)
    if beside.count("\n") > max(1, below.count("\n")):
        return f"{text}\n{' ' * column}{below}"
    return text + beside


def _frames(frames: list[Term], indent: str, printer: Printer, explanation: list[str]) -> str:
    """A line or more for each frame; below the first one what is wrong with its arguments."""
    lines = []
    for above, (module, function, args, location) in enumerate(frames):
        origin = "in call from"
        if not above:
            origin = "in operator " if _is_operator(module, function, args) else "in function "
        line = f"{indent}{origin} {_mfa(module, function, args)} "
        if type(args) is list:
            called = f"{indent}   called as "
            lines.append(f"{line.rstrip()}\n{called}{_call(module, function, args, len(called), printer)}")
        else:
            lines.append(line + _location(location))
        if not above:
            lines += [f"{indent}   {each}" for each in explanation]
    return "\n".join(lines)


def _call(module: Term, function: str, args: list[Term], column: int, printer: Printer) -> str:
    if _is_operator(module, function, args):
        return _operation(function, args, column, printer)
    name = _name(module, function, len(args))
    first = ""
    if printable(args) and type(args[0]) is int:
        # It would come out as a string: an atom of the same length stands for the first argument.
        first = str(args[0])
        args = ["a" * len(first), *args[1:]]
    inner = printer.show(args, column + len(name) + 1)[1:-1]
    return f"{name}({first}{inner[len(first) :]})"


def _operation(operator: str, args: list[Term], column: int, printer: Printer) -> str:
    """An operator between or before its operands; under each other if that takes fewer lines."""
    if len(args) == 1:
        return f"{operator} {printer.show(args[0], column + len(operator) + 2)}"
    left, below = (printer.show(each, column + 1) for each in args)
    beside = printer.show(args[1], column + len(left) + len(operator) + 3)
    if "\n" in left or below.count("\n") < beside.count("\n"):
        return f"\n{' ' * column}".join([left, operator, below])
    return f"{left} {operator} {beside}"


def _is_operator(module: Term, function: str, args: Term) -> bool:
    return module == "erlang" and erl_internal.is_operator(function, _arity(args))


def _arity(args: Term) -> int:
    return len(args) if type(args) is list else args


def _mfa(module: Term, function: str, args: Term) -> str:
    return f"{_name(module, function, _arity(args))}/{_arity(args)}"


def _name(module: Term, function: str, arity: int) -> str:
    """BIFs that are called without their module's name are told without it, operators as they are written."""
    if module == "erlang" and erl_internal.is_operator(function, arity):
        return format("~w", [function]) if function == "/" else function
    if module == "erlang" and erl_internal.bif(function, arity):
        return format("~w", [function])
    return format("~w:~w", [module, function])


def _location(location: list[Term]) -> str:
    where = dict(pair for pair in location if type(pair) is tuple and len(pair) == 2)
    if "file" in where and "line" in where:
        return format("(~ts, line ~w)", [where["file"], where["line"]])
    return ""


def _arguments(number: int) -> str:
    words = {0: "no arguments", 1: "one argument", 2: "two arguments"}
    return words.get(number, f"{number} arguments")
