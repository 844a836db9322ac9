"""Why a device has not printed what it was given. Mirrors the part on `io` of `erl_stdlib_errors:format_error/2`.

The cause is `("io", why)` if the module `io` itself has found what is wrong, `("device", why)` if the device has.
"""

from __future__ import annotations

import re
from typing import Any

from erlsim.explanations import checks
from erlsim.explanations.library import BAD_CHARACTERS, is_text
from erlsim.terms import Pid, Term, format

_OF_DEVICE = {
    "arguments": "the device does not exist",
    "calling_self": "the device is not allowed to be the current process",
    "terminated": "the device has terminated",
}
_WITH_DEVICE = (("format", 3), ("fwrite", 3), ("put_chars", 2), ("nl", 1), ("write", 2))
_MISSING = "possibly missing argument list"
_TYPES = {"int": "integer"}
_SEQUENCE = re.compile(
    r"~(?:-?[0-9]+|-?(?P<width>\*))?(?:\.(?:[0-9]+|(?P<precision>\*))?(?:\.(?:(?P<pad>\*)|.))?)?(?P<modifiers>tl|lt|t|l)?(?P<control>.)?",
    re.DOTALL,
)
_MODIFIED = {"": None, "t": "cspPwW", "l": "pP", "lt": "pP"}
_CONTROLS = {
    **dict.fromkeys("cbB+#", ("int",)),
    **dict.fromkeys("feg", ("float",)),
    **dict.fromkeys("wpi", ("term",)),
    **dict.fromkeys("WP", ("term", "int")),
    **dict.fromkeys("xX", ("int", "string")),
    **dict.fromkeys("~n", ()),
    "s": ("string",),
}


def arguments(function: str, args: list[Any], cause: Term) -> list[str]:
    """What is wrong with each argument of a function of `io`."""
    has_device = (function, len(args)) in _WITH_DEVICE
    whose, why = _parts(cause)
    if whose == "io":
        return [_OF_DEVICE.get(why, "")] if has_device else []
    before = [""] if has_device else []
    given = args[len(before) :]
    if type(why) is tuple and why[0] == "no_translation":
        return [_transcoding(why)] if has_device else []
    if function in ("format", "fwrite"):
        return [*before, *_of_format(given[0], given[1] if len(given) > 1 else [])[0]]
    if function == "put_chars":
        return [*before, "" if is_text(given[0]) else BAD_CHARACTERS]
    return []


def general(function: str, args: list[Any], cause: Term) -> str:
    """What is wrong with the call as a whole."""
    has_device = (function, len(args)) in _WITH_DEVICE
    whose, why = _parts(cause)
    if whose == "io":
        return "" if has_device else _OF_DEVICE.get(why, "")
    if type(why) is tuple and why[0] == "no_translation":
        return "" if has_device else _transcoding(why)
    if function in ("format", "fwrite"):
        given = args[1:] if has_device else args
        return _of_format(given[0], given[1] if len(given) > 1 else [])[1]
    return ""


def _parts(cause: Term) -> tuple[Term, Term]:
    return cause if type(cause) is tuple and len(cause) == 2 else (None, None)


def _transcoding(why: tuple[Any, ...]) -> str:
    text: str = format("device failed to transcode string from ~p to ~p", list(why[1:]))
    return text


def _is_format(term: Term) -> bool:
    if type(term) is list:
        return all(type(each) is int for each in term)
    return checks.is_atom(term) or type(term) is bytes


def _of_format(directives: Term, args: Term) -> tuple[list[str], str]:
    """What is wrong with a format and its arguments, and with both."""
    if not _is_format(directives):
        swapped = (type(directives) is Pid or checks.is_atom(directives)) and _is_format(args)
        return ["not a valid format string", checks.plain_list(args)], _MISSING if swapped else ""
    if not checks.is_list(args):
        return ["", checks.plain_list(args)], ""
    try:
        kinds = wanted(directives)
    except ValueError as wrong:
        return [f"format string invalid ({wrong})"], ""
    if type(args) is not list:
        # `length/1` fails, and so does OTP's explanation.
        return [], ""
    if len(kinds) != len(args):
        return ["wrong number of arguments"], _MISSING if checks.is_atom(directives) else ""
    told = [
        f"element {number} must be of type {_TYPES.get(kind, kind)}"
        for number, (kind, term) in enumerate(zip(kinds, args, strict=True), 1)
        if not _suits(kind, term)
    ]
    return (["", "\n".join(told)] if told else ["failed to format string"]), ""


def _suits(kind: str, term: Term) -> bool:
    if kind == "int":
        return type(term) is int
    if kind == "float":
        return type(term) is float
    return kind == "term" or checks.is_atom(term) or type(term) is bytes or is_text(term)


def wanted(directives: Term) -> list[str]:
    """The kinds of arguments that a format takes. `ValueError` says what is wrong with it, as `erl_lint` does."""
    found: list[str] = []
    text: str = format("~ts", [directives])
    at = text.find("~")
    while at >= 0:
        match = _SEQUENCE.match(text, at)
        control = None if match is None else match["control"]
        if match is None or control is None:
            raise ValueError("truncated")
        modifiers = "lt" if match["modifiers"] == "tl" else match["modifiers"] or ""
        fit = _MODIFIED[modifiers]
        if control not in _CONTROLS or (fit is not None and control not in fit):
            raise ValueError(f"invalid control ~{modifiers}{control}")
        found += ["int" for name in ("width", "precision", "pad") if match[name]]
        found += _CONTROLS[control]
        at = text.find("~", match.end())
    return found
