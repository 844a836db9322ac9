"""`file:consult/1`: the terms of a text."""

from __future__ import annotations

from erlsim.erl.reading import Failure, Scanner, parse_term
from erlsim.terms import Term, chars


def consulted(data: bytes) -> Term:
    """`{ok, Terms}`, or `{error, {Line, Module, Description}}`."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    scanner = Scanner(text)
    found = []
    try:
        while (tokens := scanner.form()) is not None:
            found.append(parse_term(tokens))
    except Failure as failure:
        location, module, description = failure.info
        return ("error", (location[0], module, told(description)))
    return ("ok", found)


_BEFORE = "syntax error before: "


def told(description: Term) -> Term:
    """A description as OTP's parser has it: characters, those of a token apart."""
    if type(description) is not str:
        return description
    if description.startswith(_BEFORE):
        return [chars(_BEFORE), chars(description[len(_BEFORE) :])]
    return chars(description)
