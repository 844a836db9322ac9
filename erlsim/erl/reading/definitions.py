"""What stands behind `-define`, and what is wrong if directives do not have the shape that they need."""

from __future__ import annotations

from erlsim.erl.reading.annotations import Token
from erlsim.erl.reading.macros import Definition, Macros, Tokens, epp_failure


def is_all(tokens: Tokens, *tags: str) -> bool:
    """Whether tokens have exactly these tags; `name` is an atom or a variable."""
    return len(tokens) == len(tags) and all(map(_fits, tokens, tags))


def mismatch(tokens: Tokens, word: Token, *tags: str) -> None:
    """Raise `Failure` at the first of the tokens behind the directive `word` that is not as `tags` want it."""
    if is_all(tokens, *tags):
        return
    index = 0
    while index < min(len(tags), len(tokens)) and _fits(tokens[index], tags[index]):
        index += 1
    guilty = tokens[index] if index < len(tokens) else (tokens or [word])[-1]
    raise epp_failure(guilty[1], "bad", word[2])


def _fits(token: Token, tag: str) -> bool:
    return token[0] in ("atom", "var") if tag == "name" else token[0] == tag


class Definitions:
    """A `-define` directive: `word` is the atom itself, `tokens` what is behind it."""

    def __init__(self, word: Token, tokens: Tokens) -> None:
        """Nothing is read yet."""
        self.word = word
        self.tokens = tokens

    def define(self, macros: Macros) -> None:
        """Define the macro; raises `Failure`."""
        tokens = self.tokens
        if not (len(tokens) > 1 and tokens[0][0] == "(" and _fits(tokens[1], "name")):
            mismatch(tokens, self.word, "(", "name")
            raise epp_failure(self._at(2)[1], "bad", "define")
        if len(tokens) > 2 and tokens[2][0] == ",":
            macros.define(tokens[1], None, (None, self._body(3)))
        elif len(tokens) > 2 and tokens[2][0] == "(":
            definition = self._with_parameters()
            macros.define(tokens[1], len(definition[0] or ()), definition)
        else:
            raise epp_failure(self._at(2)[1], "bad", "define")

    def _with_parameters(self) -> Definition:
        names: list[str] = []
        index = 3
        if self._at(index)[0] != ")":
            while True:
                name = self._at(index)
                if name[0] != "var":
                    raise epp_failure(name[1], "bad", "define")
                if name[2] in names:
                    raise epp_failure(name[1], "duplicated_argument", name[2])
                names.append(name[2])
                index += 1
                if self._at(index)[0] == ")":
                    break
                if self._at(index)[0] != "," or self._at(index + 1)[0] != "var":
                    raise epp_failure(self._at(index)[1], "bad", "define")
                index += 1
        if self._at(index + 1)[0] != ",":
            raise epp_failure(self._at(index + 1)[1], "missing_comma")
        return names, self._body(index + 2)

    def _body(self, index: int) -> Tokens:
        tokens = self.tokens[index:]
        if len(tokens) >= 2 and tokens[-1][0] == "dot" and tokens[-2][0] == ")":
            return tokens[:-2]
        if tokens and tokens[-1][0] == "dot":
            raise epp_failure(tokens[-1][1], "missing_parenthesis")
        raise epp_failure(self.tokens[-1][1], "premature_end")

    def _at(self, index: int) -> Token:
        return self.tokens[min(index, len(self.tokens) - 1)]
