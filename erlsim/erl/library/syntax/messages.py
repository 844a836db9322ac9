"""What is wrong with a text, in the terms of OTP's parser."""

from __future__ import annotations

from erlsim.terms import Term, chars

_BEFORE = "syntax error before: "


def told(description: Term) -> Term:
    """A description as OTP's parser has it: characters, those of a token apart."""
    if type(description) is not str:
        return description
    if description.startswith(_BEFORE):
        return [chars(_BEFORE), chars(description[len(_BEFORE) :])]
    return chars(description)
