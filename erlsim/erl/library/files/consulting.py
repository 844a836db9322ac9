"""`file:consult/1`: the terms of a text."""

from __future__ import annotations

from erlsim.erl.library.syntax.messages import told
from erlsim.erl.reading import Failure, Scanner, parse_term
from erlsim.terms import Term


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
