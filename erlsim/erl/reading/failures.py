"""What is wrong with a source, in the words of erlc. Mirrors `format_error/1` of epp, erl_parse and erl_scan.

A failure is an error info, `(location, module, description)`: the module says whose words the description is in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from erlsim import terms
from erlsim.erl.reading.annotations import Location
from erlsim.terms import Term

ErrorInfo = tuple[Any, str, Term]


class Failure(Exception):
    """A source is wrong: `info` says where, in whose words, and how."""

    def __init__(self, location: Location, module: str, description: Term) -> None:
        super().__init__(location, module, description)
        self.info: ErrorInfo = ((location[0], location[1]), module, description)


class ScanFailure(Failure):
    """The scanner cannot go on; the text behind `rest` is still to be scanned."""

    def __init__(self, location: Location, description: Term, rest: int) -> None:
        super().__init__(location, "erl_scan", description)
        self.rest = rest


def format_error(info: ErrorInfo) -> str:
    """The text of an error info, as `Module:format_error(Description)` gives it."""
    _, module, description = info
    return {"epp": _epp, "erl_scan": _erl_scan, "erl_parse": _erl_parse, "erl_features": _erl_features}.get(
        module, _other
    )(description)


def located(path: str, info: ErrorInfo) -> str:
    """A line as erlc prints it: `foo.erl:12:5: syntax error before: ')'`."""
    line, column = info[0]
    return f"{path}:{line}:{column}: {format_error(info)}"


def _erl_parse(description: Term) -> str:
    return str(description)


def _other(description: Term) -> str:
    if description == "invalid_unicode":
        return "cannot translate from UTF-8"
    return terms.format("~tp", [description])


def _erl_scan(description: Term) -> str:
    match description:
        case ("string", quote, head):
            thing = "atom" if quote == ord("'") else "string"
            return f"unterminated {thing} starting with {write_string(head, chr(quote))}"
        case ("illegal", what):
            return f"illegal {what}"
        case "char":
            return "unterminated character"
        case ("base", base):
            return f"illegal base '{base}'"
    return terms.format("~w", [description])


def _erl_features(description: Term) -> str:
    what, names = description
    reason = "does not exist" if what == "invalid_features" else "is not configurable"
    return f"the feature '{names[0]}' {reason}."


_EPP: dict[Any, Callable[..., str]] = {
    "bad": lambda what: f"badly formed '{_atom(what)}'",
    "duplicated_argument": lambda name: f"argument '{name}' already used",
    "call": lambda what: f"illegal macro call '{_text(what)}'",
    "depth": lambda what: f"{_text(what)} too deep",
    "mismatch": lambda name: f"argument mismatch for macro '{_atom(name)}'",
    "arg_error": lambda name: f"badly formed argument for macro '{_atom(name)}'",
    "redefine": lambda name: f"redefining macro '{_atom(name)}'",
    "redefine_predef": lambda name: f"redefining predefined macro '{_atom(name)}'",
    "undefined": lambda name, arity: f"undefined macro '{_of_arity(name, arity)}'",
    "circular": lambda name, arity: f"circular macro '{_of_arity(name, arity)}'",
    "include": lambda kind, name: f'can\'t find include {kind} "{_text(name)}"',
    "illegal": lambda how, what: f"{_text(how)} '-{what}'",
    "illegal_function": lambda name: f"?{name} can only be used within a function",
    "illegal_function_usage": lambda name: f"?{name} must not begin a form",
    "error": lambda term: terms.format("-error(~tp).", [term]),
    "warning": lambda term: terms.format("-warning(~tp).", [term]),
    "missing_parenthesis": lambda: "badly formed define: missing closing right parenthesis",
    "missing_comma": lambda: "badly formed define: missing comma",
    "premature_end": lambda: "premature end",
    "cannot_parse": lambda: "cannot parse file, giving up",
    "elif_after_else": lambda: "'elif' following 'else'",
    "ftr_after_prefix": lambda: "feature directive not allowed after exports or record definitions",
}


def _epp(description: Term) -> str:
    head, *rest = description if type(description) is tuple else (description,)
    return _EPP[head](*rest)


def _of_arity(name: Term, arity: Term) -> str:
    return _atom(name) if arity == "none" else f"{_atom(name)}/{arity}"


def _text(chars: list[int]) -> str:
    return "".join(map(chr, chars))


def _atom(name: Term) -> str:
    return {True: "true", False: "false"}.get(name) or str(name)


_ESCAPES = {
    10: "\\n",
    13: "\\r",
    9: "\\t",
    11: "\\v",
    8: "\\b",
    12: "\\f",
    27: "\\e",
    127: "\\d",
    92: "\\\\",
}


def write_string(text: str, quote: str = '"') -> str:
    """Characters in quotes, as `io_lib:write_string` writes them."""
    return quote + "".join(_written(char, quote) for char in text) + quote


def write_char(code: int) -> str:
    """A character as `io_lib:write_char` writes it: `$a`, `$\\s`."""
    return "$\\s" if code == 32 else "$" + _written(chr(code), "")


def _written(char: str, quote: str) -> str:
    code = ord(char)
    if char == quote:
        return "\\" + char
    if code in _ESCAPES:
        return _ESCAPES[code]
    if code < 32 or 127 < code < 160:
        return f"\\{code:03o}" if code < 32 else f"\\{code:o}"
    return char


def shown(token: tuple[Any, ...]) -> str:
    """A token as a syntax error names it. Mirrors `yecctoken_to_string`."""
    text = getattr(token[1], "text", None)
    if text is not None:
        return str(text)
    match token:
        case ("$end", _):
            return ""
        case ("dot", _):
            return "'.'"
        case ("char", _, code):
            return write_char(code)
        case ("string", _, codes):
            return write_string("".join(map(chr, codes)))
        case ("var", _, name):
            return str(name)
        case (word, _):
            return terms.format("~tw", [word])
        case (_, _, value):
            return terms.format("~tw", [value])
    return terms.format("~tp", [token])
