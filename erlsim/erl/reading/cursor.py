"""The tokens of one form, read from left to right."""

from __future__ import annotations

from erlsim.erl.reading.annotations import Location, Node, Token, first
from erlsim.erl.reading.failures import Failure, shown


class Cursor:
    """Where a parser is: `tag` is the tag of the token that comes next."""

    def __init__(self, tokens: list[Token]) -> None:
        """Begin at the first of some tokens; an end is put behind them."""
        # yecc says of a form that lacks its dot that the error is before nothing, at its last token.
        tokens.append(("$end", _end(tokens[-1])))
        self.tokens = tokens
        self.index = 0
        self.tag: str = tokens[0][0]

    def next(self) -> Token:
        """Take the token that comes next."""
        token = self.tokens[self.index]
        self.index += 1
        self.tag = self.tokens[self.index][0]
        return token

    def expect(self, tag: str) -> Token:
        """Take the next token, which has to be a `tag`."""
        if self.tag != tag:
            raise self.unexpected()
        token = self.tokens[self.index]
        self.index += 1
        self.tag = self.tokens[self.index][0]
        return token

    def peek(self) -> str:
        """The tag of the token behind the next one."""
        if self.index + 1 < len(self.tokens):
            tag: str = self.tokens[self.index + 1][0]
            return tag
        return "$end"

    def back(self, index: int) -> None:
        """Go back to the token at `index`."""
        self.index = index
        self.tag = self.tokens[index][0]

    def unexpected(self) -> Failure:
        """The next token cannot stand here."""
        token = self.tokens[self.index]
        return Failure(token[1], "erl_parse", "syntax error before: " + shown(token))

    def bad(self, location: Location, what: str) -> Failure:
        """What was read makes no sense. Mirrors `ret_err`."""
        return Failure(location, "erl_parse", what)

    def bad_node(self, node: Node, what: str) -> Failure:
        """A part of what was read makes no sense. Mirrors `ret_abstr_err`."""
        return Failure(first(node), "erl_parse", what)


def _end(token: Token) -> Location:
    """Where a token ends, if it has a text to tell; else where it begins."""
    line, column = token[1]
    return line, column + len(getattr(token[1], "text", None) or "")
