"""Preprocessor: a source with its include files to forms. Mirrors `epp`.

The forms are those of `erl_parse`, with `("attribute", location, "file", (chars, line))` where a file begins or goes
on, `("error", info)` and `("warning", info)` where something is wrong, and `("eof", location)` at the end. Terms in
them are erlsim's: the atom `true` is `True`, a string a list of code points.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from erlsim import terms
from erlsim.erl.reading import conditions
from erlsim.erl.reading.annotations import Location, Node, Noted, Token
from erlsim.erl.reading.definitions import Definitions, is_all, mismatch
from erlsim.erl.reading.failures import ErrorInfo, Failure
from erlsim.erl.reading.macros import UNDEFINED, Macros, Tokens, epp_failure
from erlsim.erl.reading.parser import parse_exprs, parse_form, parse_term, tokens_of
from erlsim.erl.reading.places import Places, decoded
from erlsim.erl.reading.scanner import FEATURE_WORDS, RESERVED, Rescanner, Scanner
from erlsim.terms import Term

_DEEPEST = 8
UNTERMINATED, UNBALANCED, REPEATED = map(terms.chars, ("unterminated", "unbalanced", "repeated"))
_FEATURES = ("maybe_expr",)
# What may stand before -feature. (-undef, -error and -warning end this part of a source, too.)
_PREFIX = frozenset("module feature if else elif endif ifdef ifndef define include include_lib".split())


def parse_text(
    text: str,
    name: str = "nofile",
    *,
    places: Places | None = None,
    macros: Mapping[str, Term] | None = None,
    features: Sequence[str] = (),
) -> list[Node]:
    """The forms of the source `text`, called `name` in them. Mirrors `epp:parse_file/2`.

    `macros` are predefined as by `erlc -DNAME=TERM`, `features` enabled as by `-enable-feature`.
    """
    return list(Preprocessor(text, name, places or Places(), macros or {}, features).forms())


def parse_file(path: str, **options: Any) -> list[Node]:
    """The forms of a file, with the options of `parse_text`; raises `OSError` if it cannot be read."""
    with open(path, "rb") as file:
        data = file.read()
    try:
        text = decoded(data)
    except UnicodeDecodeError as exc:
        return [("error", ((data[: exc.start].count(b"\n") + 1, 1), "file_io_server", "invalid_unicode"))]
    return parse_text(text, path, **options)


@dataclass
class _File:
    """A file that is being read."""

    scanner: Scanner
    name: str
    folder: str
    called: str
    """What it is called: by `-file`, or `name`."""
    conditions: list[str] = field(default_factory=list)
    shift: int = 0
    """By how much `-file` has lowered the numbers of lines."""

    def location(self) -> Location:
        """Where the next form begins."""
        return self.scanner.location()


class _Skip(Exception):
    """The forms up to the matching `-else`, `-elif` or `-endif` are not read; `error` is told first."""

    def __init__(self, word: str, error: ErrorInfo | None = None) -> None:
        super().__init__(word)
        self.word = word
        self.error = error


class Preprocessor:
    """One source that is read: its files, its macros, its features."""

    def __init__(
        self, text: str, name: str, places: Places, macros: Mapping[str, Term], features: Sequence[str]
    ) -> None:
        """Begin with the text of the source `name`."""
        self.places = places
        self.macros = Macros()
        self.features = list(features)
        self.in_prefix = True
        self.ended = False
        self._predefine(name, macros)
        self.file = _File(Scanner(text), name, os.path.dirname(name) or ".", name)
        self.outer: list[_File] = []
        self._reserve()

    def _predefine(self, name: str, given: Mapping[str, Term]) -> None:
        define = self.macros.predefine
        one = (1, 1)
        define("FILE", [("string", one, terms.chars(name))])
        for each in ("FUNCTION_NAME", "FUNCTION_ARITY", "MODULE", "MODULE_STRING", "BASE_MODULE", "BASE_MODULE_STRING"):
            self.macros.table[each] = UNDEFINED
        define("LINE", [("integer", one, 1)])
        define("MACHINE", [("atom", one, "BEAM")])
        define("BEAM", [("atom", one, True)])
        define("OTP_RELEASE", [("integer", one, 25)])
        self.macros.table["FEATURE_AVAILABLE"] = _feature_macro(list(_FEATURES))
        for macro, value in given.items():
            self.macros.define(("atom", one, macro), None, (None, tokens_of(value)))

    def _reserve(self) -> None:
        """Make the words of the features that are enabled reserved from the next form on."""
        enabled = bool(self.features)
        self.file.scanner.reserved = RESERVED | FEATURE_WORDS if enabled else RESERVED
        self.macros.table["FEATURE_ENABLED"] = _feature_macro(self.features)

    # ---- the forms

    def forms(self) -> Iterator[Node]:
        """All forms, the end included."""
        yield _file_form(self.file.name, 1, (1, 1))
        while True:
            try:
                tokens = self.file.scanner.form()
                if tokens is None:
                    yield from self._leave()
                    if self.ended:
                        return
                else:
                    yield from self._form(tokens)
            except _Skip as skip:
                yield from self._skip_from(skip)
            except Failure as exc:
                yield ("error", exc.info)

    def _form(self, tokens: Tokens) -> Iterator[Node]:
        if tokens[0][0] == "-" and len(tokens) > 1:
            word = _directive(tokens[1])
            handler = _HANDLERS.get(word) if word is not None else None
            if handler is not None:
                yield from handler(self, tokens[1], tokens[2:]) or ()
                return
        if self.file.scanner.has_macros:
            tokens = self.macros.expand_form(tokens)
            if not tokens:
                return
        if self.in_prefix:
            self.in_prefix = [each[0] for each in tokens[:2]] == ["-", "atom"] and tokens[1][2] in _PREFIX
        if tokens[0][0] == "-":
            self._see_module(tokens)
        yield parse_form(tokens)

    def _see_module(self, tokens: Tokens) -> None:
        if is_all(tokens[1:4], "atom", "(", "atom") and tokens[1][2] == "module" and tokens[4][0] in (")", ","):
            name = tokens[3]
            self.macros.predefine("MODULE", [name])
            self.macros.predefine("MODULE_STRING", [("string", name[1], terms.chars(str(name[2])))])

    # ---- files

    def _enter(self, path: str) -> Iterator[Node]:
        with open(path, "rb") as file:
            data = file.read()
        self.outer.append(self.file)
        self.file = _File(Rescanner(decoded(data)), path, os.path.dirname(path) or ".", path)
        self._reserve()
        self.macros.predefine("FILE", [("string", (1, 1), terms.chars(path))])
        yield _file_form(path, 1, (1, 1))

    def _leave(self) -> Iterator[Node]:
        """The end of a file."""
        end = self.file.location()
        for word in reversed(self.file.conditions):
            yield ("error", (end, "epp", ("illegal", UNTERMINATED, word)))
        if not self.outer:
            yield ("eof", end)
            self.ended = True
            return
        self.file = file = self.outer.pop()
        self._reserve()
        self.macros.predefine("FILE", [("string", (1, 1), terms.chars(file.called))])
        line, column = file.location()
        location = (line + file.shift, column)
        yield _file_form(file.name, line + file.shift, location)
        if file.called != file.name:
            yield _file_form(file.called, line, Noted(location, generated=True))

    def _include(self, word: Token, tokens: Tokens) -> Iterator[Node]:
        tokens = _one_string(tokens)
        mismatch(tokens, word, "(", "string", ")", "dot")
        string = tokens[1]
        name = "".join(map(chr, string[2]))
        if len(self.outer) >= _DEEPEST:
            raise epp_failure(word[1] if word[2] == "include_lib" else string[1], "depth", terms.chars(word[2]))
        if word[2] == "include":
            path, kind = self.places.include(name, self.file.folder), "file"
        else:
            path, kind = self.places.include_lib(name, self.file.folder), "lib"
        if path is None:
            raise epp_failure(string[1], "include", kind, terms.chars(name))
        yield from self._enter(path)

    def _file_directive(self, word: Token, tokens: Tokens) -> Iterator[Node]:
        tokens = _one_string(self.macros.expand(tokens))
        mismatch(tokens, word, "(", "string", ",", "integer", ")", "dot")
        name, line = "".join(map(chr, tokens[1][2])), tokens[3][2]
        file = self.file
        file.called = name
        file.shift += word[1][0] - line
        file.scanner.renumber(line + file.location()[0] - word[1][0])
        self.macros.predefine("FILE", [("string", (1, 1), tokens[1][2])])
        yield _file_form(name, line, Noted(word[1], generated=True))

    # ---- directives

    def _feature(self, word: Token, tokens: Tokens) -> None:
        if not is_all(tokens, "(", "atom", ",", "atom", ")", "dot"):
            raise epp_failure(_at(tokens, word)[1], "bad", "feature")
        if not self.in_prefix:
            raise epp_failure(word[1], "ftr_after_prefix")
        feature, how = tokens[1][2], tokens[3][2]
        if how not in ("enable", "disable"):
            raise epp_failure(_at(tokens, word)[1], "bad", "feature")
        if feature not in _FEATURES:
            raise Failure(word[1], "erl_features", ("invalid_features", [feature]))
        self.features = [each for each in self.features if each != feature] + [feature] * (how == "enable")
        self._reserve()

    def _define(self, word: Token, tokens: Tokens) -> None:
        Definitions(word, tokens).define(self.macros)

    def _undef(self, word: Token, tokens: Tokens) -> None:
        self.in_prefix = False
        mismatch(tokens, word, "(", "name", ")", "dot")
        self.macros.undefine(tokens[1][2])

    def _told(self, word: Token, tokens: Tokens) -> Iterator[Node]:
        """`-error` and `-warning`."""
        self.in_prefix = False
        if _at(tokens, word)[0] != "(":
            raise epp_failure(_at(tokens, word)[1], "bad", word[2])
        try:
            term = parse_term(self.macros.expand(tokens))
        except Failure:
            raise epp_failure(word[1], "bad", word[2]) from None
        yield (word[2], ((word[1][0], word[1][1]), "epp", (word[2], term)))

    # ---- conditions

    def _ifdef(self, word: Token, tokens: Tokens) -> None:
        try:
            mismatch(tokens, word, "(", "name", ")", "dot")
        except Failure as exc:
            raise _Skip(word[2], exc.info) from None
        if self.macros.is_defined(tokens[1][2]) != (word[2] == "ifdef"):
            raise _Skip(word[2])
        self.file.conditions.append(word[2])

    def _if(self, word: Token, tokens: Tokens) -> None:
        try:
            if _at(tokens, word)[0] != "(":
                raise epp_failure(_at(tokens, word)[1], "bad", "if")
            expressions = parse_exprs(self.macros.expand(tokens))
            if not conditions.holds(expressions, self.macros, word[1]):
                raise _Skip("if")
        except Failure as exc:
            raise _Skip("if", exc.info) from None
        self.file.conditions.append("if")

    def _else(self, word: Token, tokens: Tokens) -> None:
        if _at(tokens, word)[0] != "dot":
            raise epp_failure(_at(tokens, word)[1], "bad", "else")
        if not self.file.conditions:
            raise epp_failure(word[1], "illegal", UNBALANCED, "else")
        if self.file.conditions.pop() == "else":
            raise _Skip("else", epp_failure(word[1], "illegal", REPEATED, "else").info)
        raise _Skip("else")

    def _elif(self, word: Token, tokens: Tokens) -> None:
        if not self.file.conditions:
            raise epp_failure(word[1], "illegal", UNBALANCED, "elif")
        if self.file.conditions.pop() == "else":
            raise _Skip("else", epp_failure(word[1], "illegal", UNBALANCED, "elif").info)
        raise _Skip("elif")

    def _endif(self, word: Token, tokens: Tokens) -> None:
        if _at(tokens, word)[0] != "dot":
            raise epp_failure(_at(tokens, word)[1], "bad", "endif")
        if not self.file.conditions:
            raise epp_failure(word[1], "illegal", UNBALANCED, "endif")
        self.file.conditions.pop()

    def _skip_from(self, skip: _Skip | None) -> Iterator[Node]:
        while skip is not None:
            if skip.error is not None:
                yield ("error", skip.error)
            word, skip = skip.word, None
            try:
                yield from self._skip([word])
            except _Skip as again:
                skip = again

    def _skip(self, open_: list[str]) -> Iterator[Node]:
        """Skip forms until the conditions in `open_`, the innermost last, are done or one of their branches is read."""
        while open_:
            try:
                tokens = self.file.scanner.form()
            except Failure:
                continue  # what is skipped may be anything
            if tokens is None:
                # OTP 25 forgets the conditions around those that are skipped.
                self.file.conditions = open_
                return
            word = _directive(tokens[1]) if tokens[0][0] == "-" and len(tokens) > 1 else None
            if word in ("ifdef", "ifndef", "if"):
                open_.append(str(word))
            elif word == "endif":
                open_.pop()
            elif word == "else":
                if open_[-1] == "else":
                    yield ("error", epp_failure(tokens[1][1], "illegal", REPEATED, "else").info)
                elif open_[-1] == "elif":
                    open_[-1] = "else"
                elif len(open_) == 1:
                    self.file.conditions.append("else")
                    return
            elif word == "elif":
                if open_[-1] == "else":
                    yield ("error", epp_failure(tokens[1][1], "elif_after_else").info)
                elif len(open_) == 1:
                    # OTP 25 asks even if a branch before was taken (and then reads up to the next branch).
                    self._if(tokens[1], tokens[2:])
                    return


_HANDLERS: dict[Any, Any] = {
    "feature": Preprocessor._feature,
    "define": Preprocessor._define,
    "undef": Preprocessor._undef,
    "error": Preprocessor._told,
    "warning": Preprocessor._told,
    "include": Preprocessor._include,
    "include_lib": Preprocessor._include,
    "ifdef": Preprocessor._ifdef,
    "ifndef": Preprocessor._ifdef,
    "if": Preprocessor._if,
    "else": Preprocessor._else,
    "elif": Preprocessor._elif,
    "endif": Preprocessor._endif,
    "file": Preprocessor._file_directive,
}


def _at(tokens: Tokens, word: Token) -> Token:
    """The first of the tokens behind a directive's word; the word itself if there is none."""
    return tokens[0] if tokens else word


def _directive(token: Token) -> Any:
    """The word behind the `-` of a form, if there is one that may be a directive."""
    if token[0] == "atom":
        return token[2]
    return token[0] if token[0] in ("if", "else") else None


def _file_form(name: str, line: int, location: Location) -> Node:
    return ("attribute", location, "file", (terms.chars(name), line))


def _feature_macro(features: Sequence[str]) -> dict[int, tuple[list[str], Tokens]]:
    """`FEATURE_ENABLED(X)`: whether X is one of some features."""
    one = (1, 1)
    body: Tokens = [("atom", one, False)]
    for feature in features:
        body = [("(", one), ("var", one, "X"), (")", one), ("==", one), ("atom", one, feature)]
    return {1: (["X"], [("(", one), *body, (")", one)])}


def _one_string(tokens: Tokens) -> Tokens:
    """Tokens in which strings that follow each other are one."""
    found: Tokens = []
    for token in tokens:
        if token[0] == "string" and found and found[-1][0] == "string":
            found[-1] = ("string", found[-1][1], found[-1][2] + token[2])
        else:
            found.append(token)
    return found
