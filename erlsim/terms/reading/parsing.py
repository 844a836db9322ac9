"""`parse(text)`: the term that a text in Erlang's syntax stands for.

Mirrors `erl_scan:string/1` and `erl_parse:parse_term/1`, and reads in addition what only printing knows: pids
and references. All that `~w` and `~p` print comes back, except local funs: their text does not hold their code. The
grammar is `terms.lark`, turned into a parser when it is first needed.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from erlsim.errors import ErlsimError
from erlsim.terms.term import Term

if TYPE_CHECKING:
    from lark import Lark, Token


_NAMES = {
    "NUMBER": "a number",
    "ATOM": "a type",
    "STRING": "a string",
    "CHAR": "a character",
    "SIGN": "'-'",
    "$END": "the end of the text",
    "_DOT": "'.'",
    "_COMMA": "','",
    "_BAR": "'|'",
    "_COLON": "':'",
    "_SLASH": "'/'",
    "_ARROW": "'=>'",
    "_LIST_CLOSE": "']'",
    "_CLOSE": "'}'",
    "_BINARY_CLOSE": "'>>'",
    "_PAREN_CLOSE": "')'",
}
_ONLY_BEGIN_TERMS = frozenset(
    ("QUOTED", "PID", "REF", "OPAQUE", "_LIST_OPEN", "_TUPLE_OPEN", "_MAP_OPEN", "BINARY_OPEN", "_PAREN_OPEN", "_FUN")
)
_BEGIN_TERMS = _ONLY_BEGIN_TERMS | {"ATOM", "NUMBER", "STRING", "CHAR", "SIGN"}
_NEVER_ENDS = {"'": "this quoted atom never ends", '"': "this string never ends"}


class ParseError(ErlsimError, ValueError):
    """A text is no Erlang term: where (`line` and `column`, from 1) and why (`reason`)."""

    def __init__(self, text: str, position: int, reason: str) -> None:
        start = text.rfind("\n", 0, position) + 1
        self.line = text.count("\n", 0, position) + 1
        self.column = position - start + 1
        self.reason = reason
        shown = text[start:].partition("\n")[0]
        caret = "".join("\t" if char == "\t" else " " for char in text[start:position]) + "^"
        super().__init__(f"line {self.line}, column {self.column}: {reason}\n    {shown}\n    {caret}")


def parse(text: str) -> Term:
    """The term in `text`, with or without a full stop behind it; raises `ParseError`."""
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken

    from erlsim.terms.reading.building import Unreadable

    try:
        return _parser().parse(text)
    except Unreadable as error:
        raise ParseError(text, error.position, error.reason) from None
    except UnexpectedCharacters as error:
        position = error.pos_in_stream or 0
        raise ParseError(text, position, _stray(text[position])) from None
    except UnexpectedToken as error:
        raise _misplaced(text, error.token, error.accepts or error.expected) from None


@lru_cache(maxsize=1)
def _parser() -> Lark:
    from lark import Lark

    from erlsim.terms.reading.building import Builder

    return Lark.open("terms.lark", rel_to=__file__, parser="lalr", lexer="basic", transformer=Builder())


def _stray(char: str) -> str:
    """Why no token begins with `char`."""
    if char in _NEVER_ENDS:
        return _NEVER_ENDS[char]
    if char.isupper() or char == "_":
        return f"unexpected {char!r}: a term has no variables, and an atom that begins like one is written in quotes"
    return f"unexpected {char!r}"


def _misplaced(text: str, token: Token, expected: Iterable[str]) -> ParseError:
    if token.type == "$END":
        return ParseError(text, len(text.rstrip()), f"the text ends where {_words(expected)} was expected")
    return ParseError(text, token.start_pos or 0, f"unexpected {str(token)!r}, expected {_words(expected)}")


def _words(tokens: Iterable[str]) -> str:
    """What could have stood there."""
    names = sorted(tokens)
    if names == ["ATOM", "QUOTED"]:
        return "an atom"
    words = []
    if any(name in _ONLY_BEGIN_TERMS for name in names):
        words.append("a term")
        names = [name for name in names if name not in _BEGIN_TERMS]
    words += sorted(_NAMES[name] for name in names)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
