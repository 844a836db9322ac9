"""`parse(text)`: the term that a text in Erlang's syntax stands for.

Mirrors `erl_scan:string/1` and `erl_parse:parse_term/1`, and reads in addition what only printing knows: pids
and references. All that `~w` and `~p` print comes back, except local funs: their text does not hold their code.

The text is read once, token by token, however deep its brackets nest: a megabyte takes about a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NoReturn

from erlsim.errors import ErlsimError
from erlsim.terms.reading import tokens
from erlsim.terms.reading.frames import BINARY, CLOSING, LIST, MAP, MOST_BITS, PAREN, SIZE, TOP, BinaryFrame, Frame
from erlsim.terms.reading.tokens import TOKEN, Unreadable, shown
from erlsim.terms.special import ExportedFun
from erlsim.terms.term import Term

Found = re.Match[str]

# What may come next: a term, a term or the end of the bracket that has just begun, what follows a term, nothing.
_TERM, _FIRST, _AFTER, _NOTHING = range(4)
_NEVER_ENDS = {"'": "this quoted atom never ends", '"': "this string never ends", "$": "this character is not complete"}
_AROUND = 60
_LARGEST_ARITY = 255


class ParseError(ErlsimError, ValueError):
    """A text is no Erlang term: where (`line` and `column`, from 1) and why (`reason`)."""

    def __init__(self, text: str, position: int, reason: str) -> None:
        start = text.rfind("\n", 0, position) + 1
        self.line = text.count("\n", 0, position) + 1
        self.column = position - start + 1
        self.reason = reason
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        # Of a long line, what is near.
        before, after = ("..." if position - start > _AROUND else ""), ("..." if end - position > _AROUND else "")
        near = before + text[max(start, position - _AROUND) : position]
        shown = near + text[position : min(end, position + _AROUND)] + after
        caret = "".join("\t" if char == "\t" else " " for char in near) + "^"
        super().__init__(f"line {self.line}, column {self.column}: {reason}\n    {shown}\n    {caret}")


def parse(text: str) -> Term:
    """The term in `text`, with or without a full stop behind it; raises `ParseError`.

    A text may have binaries of 33,554,432 bytes in all (2 to the power of 28 bits).
    """
    try:
        return _Reader(text).term()
    except Unreadable as error:
        raise ParseError(text, error.position, error.reason) from None


class _Reader:
    """Reads one text. `frames` has the brackets that are open, the innermost last."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: Iterator[Found] = TOKEN.finditer(text)
        self.frames = [Frame(TOP)]
        self.next = _TERM
        # The characters of the string that was read last, if a string that follows belongs to it.
        self.joinable: list[int] | None = None
        self.bits_left = MOST_BITS

    def term(self) -> Term:
        handlers = {kind: getattr(self, "_on_" + kind) for kind in TOKEN.groupindex if kind != "end"}
        for found in self.tokens:
            kind: Any = found.lastgroup
            if kind == "end":
                break
            handlers[kind](found[kind], found)
        if len(self.frames) > 1 or self.next < _AFTER:
            raise Unreadable(len(self.text.rstrip()), f"the text ends where {self._expected()} was expected")
        return self.frames[0][0]

    # ---- terms -------------------------------------------------------------------------

    def _put(self, term: Term, found: Found, is_text: bool = False) -> None:
        """A term is complete."""
        if self.next > _FIRST:
            self._unexpected(found)
        frame = self.frames[-1]
        frame.append(term)
        frame.is_text = is_text
        self.next = _AFTER
        self.joinable = None

    def _on_number(self, token: str, found: Found) -> None:
        self._put(tokens.number(token, found.start("number")), found)

    def _on_char(self, token: str, found: Found) -> None:
        self._put(tokens.character(token, found.start("char")), found)

    def _on_atom(self, token: str, found: Found) -> None:
        if token == "fun":
            self._fun(found)
        else:
            self._put(tokens.atom(token, found.start("atom")), found)

    def _on_quoted(self, token: str, found: Found) -> None:
        self._put(tokens.quoted_atom(token, found.start("quoted")), found)

    def _on_string(self, token: str, found: Found) -> None:
        codes = tokens.characters(token, found.start("string"))
        if self.joinable is not None:
            self.joinable += codes
        else:
            self._put(codes, found, is_text=True)
            self.joinable = codes

    def _on_pid(self, token: str, found: Found) -> None:
        self._put(tokens.pid(token, found.start("pid")), found)

    def _on_ref(self, token: str, found: Found) -> None:
        self._put(tokens.ref(token, found.start("ref")), found)

    def _on_opaque(self, token: str, found: Found) -> None:
        what = "funs" if token.startswith("#Fun<") else "such terms"
        raise Unreadable(found.start("opaque"), f"{what} cannot be read: their text does not say what they are")

    def _on_stray(self, token: str, found: Found) -> None:
        reason = _NEVER_ENDS.get(token, f"unexpected {token!r}")
        if token.isupper() or token == "_":
            reason += ": a term has no variables, and an atom that begins like one is written in quotes"
        raise Unreadable(found.start("stray"), reason)

    def _on_sign(self, token: str, found: Found) -> None:
        frame = self.frames[-1]
        if self.next == _AFTER and token == "-" and isinstance(frame, BinaryFrame) and frame.types:
            frame.types.append((self._take("a type", "atom")[0], None))
            return
        if self.next > _FIRST:
            self._unexpected(found)
        value, after = self._take("a number", "number", "char", "open")
        if after.lastgroup == "open":
            if value != PAREN:
                self._unexpected(after, "a number")
            signed = Frame(PAREN)
            signed.sign, signed.position = token, found.start("sign")
            self._open_parenthesis(signed)
            return
        getattr(self, f"_on_{after.lastgroup}")(value, after)
        if token == "-":
            frame[-1] = -frame[-1]

    def _fun(self, found: Found) -> None:
        if self.next > _FIRST:
            self._unexpected(found)
        module, function = self._name(), None
        self._take("':'", "colon")
        function = self._name()
        self._take("'/'", "slash")
        arity, after = self._take("a number", "number")
        number = tokens.number(arity, after.start("number"))
        if type(number) is not int or number > _LARGEST_ARITY:
            raise Unreadable(after.start("number"), f"an arity is an integer up to {_LARGEST_ARITY}")
        self._put(ExportedFun(module, function, number), found)

    def _name(self) -> Term:
        token, found = self._take("an atom", "atom", "quoted")
        kind: Any = found.lastgroup
        return (tokens.atom if kind == "atom" else tokens.quoted_atom)(token, found.start(kind))

    def _take(self, expected: str, *kinds: str) -> tuple[str, Found]:
        """The next token, which has to be of one of these kinds."""
        found = next(self.tokens)
        kind: Any = found.lastgroup
        if kind not in kinds:
            self._unexpected(found, expected)
        return found[kind], found

    # ---- brackets ----------------------------------------------------------------------

    def _on_open(self, token: str, found: Found) -> None:
        if self.next > _FIRST:
            self._unexpected(found)
        frame = self.frames[-1]
        if token == LIST and frame.kind == LIST and frame.tailed:
            frame.inner += 1
            frame.tailed = False
        else:
            self.frames.append(BinaryFrame(found.start("open")) if token == BINARY else Frame(token))
        self.next = _TERM if token == PAREN else _FIRST

    def _open_parenthesis(self, frame: Frame) -> None:
        self.frames.append(frame)
        self.next = _TERM

    def _on_close(self, token: str, found: Found) -> None:
        frame = self.frames[-1]
        kind = frame.kind
        if self.next == _TERM or token != CLOSING.get(kind) or (kind == MAP and len(frame) % 2):
            self._unexpected(found)
        if frame.inner:
            frame.inner -= 1
            frame.ended = True
            self.next = _AFTER
            return
        if isinstance(frame, BinaryFrame) and self.next == _AFTER:
            self.bits_left = frame.finish_part(self.bits_left)
        self.frames.pop()
        self.next = _TERM
        if kind == SIZE:
            self._set_size(frame.term())
        else:
            self._put(frame.term(), found, frame.is_text and kind == PAREN)

    def _on_comma(self, token: str, found: Found) -> None:
        frame = self.frames[-1]
        if self.next != _AFTER or frame.tailed or frame.ended or frame.kind in (TOP, PAREN, SIZE):
            self._unexpected(found)
        if frame.kind == MAP and len(frame) % 2:
            self._unexpected(found)
        if isinstance(frame, BinaryFrame):
            self.bits_left = frame.finish_part(self.bits_left)
        self.next = _TERM
        self.joinable = None

    def _on_bar(self, token: str, found: Found) -> None:
        frame = self.frames[-1]
        if self.next != _AFTER or frame.tailed or frame.ended or frame.kind != LIST:
            self._unexpected(found)
        frame.tailed = True
        self.next = _TERM
        self.joinable = None

    def _on_arrow(self, token: str, found: Found) -> None:
        frame = self.frames[-1]
        if self.next != _AFTER or frame.kind != MAP or not len(frame) % 2:
            self._unexpected(found)
        self.next = _TERM
        self.joinable = None

    def _on_dot(self, token: str, found: Found) -> None:
        if self.next != _AFTER or len(self.frames) > 1:
            self._unexpected(found)
        self.next = _NOTHING
        self.joinable = None

    # ---- the parts of a binary ---------------------------------------------------------

    def _on_colon(self, token: str, found: Found) -> None:
        frame = self.frames[-1]
        if self.next != _AFTER or not isinstance(frame, BinaryFrame) or ":" not in self._signs(frame):
            self._unexpected(found)
        self.joinable = None
        if frame.types:
            value, after = self._take("a number", "number")
            unit = tokens.number(value, after.start("number"))
            if type(unit) is not int:
                raise Unreadable(after.start("number"), "a unit is an integer")
            frame.types[-1] = (frame.types[-1][0], unit)
            return
        value, after = self._take("a size", "number", "char", "open")
        if after.lastgroup == "open":
            if value != PAREN:
                self._unexpected(after, "a size")
            self._open_parenthesis(Frame(SIZE))
        else:
            kind: Any = after.lastgroup
            read = tokens.number if kind == "number" else tokens.character
            self._set_size(read(value, after.start(kind)))

    def _set_size(self, size: Term) -> None:
        frame = self.frames[-1]
        assert isinstance(frame, BinaryFrame)
        frame.size = size
        self.next = _AFTER

    def _on_slash(self, token: str, found: Found) -> None:
        frame = self.frames[-1]
        if self.next != _AFTER or not isinstance(frame, BinaryFrame) or frame.types:
            self._unexpected(found)
        self.joinable = None
        name, after = self._take("a type", "atom")
        frame.types = [(name, None)]
        frame.types_at = after.start("atom")

    # ---- what is wrong -----------------------------------------------------------------

    def _unexpected(self, found: Found, expected: str = "") -> NoReturn:
        kind: Any = found.lastgroup
        wanted = expected or self._expected()
        if kind == "end":
            raise Unreadable(len(self.text.rstrip()), f"the text ends where {wanted} was expected")
        if kind == "stray":
            self._on_stray(found[kind], found)
        raise Unreadable(found.start(kind), f"unexpected {shown(found[kind])!r}, expected {wanted}")

    def _expected(self) -> str:
        """What could have come next, in words."""
        frame = self.frames[-1]
        if self.next == _TERM:
            return "a term"
        if self.next == _FIRST:
            return f"a term or {CLOSING[frame.kind]!r}"
        if self.next == _NOTHING:
            return "the end of the text"
        words = [repr(sign) for sign in self._signs(frame)]
        words += ["a string"] * (self.joinable is not None) + ["the end of the text"] * (frame.kind == TOP)
        return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"

    def _signs(self, frame: Frame) -> list[str]:
        """The signs that may follow a term."""
        if frame.kind == TOP:
            return ["."]
        closing = CLOSING[frame.kind]
        if frame.tailed or frame.ended or frame.kind in (PAREN, SIZE):
            return [closing]
        if frame.kind == MAP and len(frame) % 2:
            return ["=>"]
        more = ["|"] if frame.kind == LIST else []
        if isinstance(frame, BinaryFrame):
            if frame.types:
                more = ["-"] if frame.types[-1][1] is not None else ["-", ":"]
            else:
                more = ["/"] if frame.size is not None else ["/", ":"]
        return sorted([",", closing, *more])
