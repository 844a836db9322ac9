"""`format(directives, args)`: `io_lib:format/2`, exact to the character.

Mirrors `io_lib_format`. A directive is `~`, field width, `.precision`, `.pad`, the modifiers `t`, `l` and (since
OTP 26) `k`, and a control character; `*` takes a number (or the pad) from the arguments. Terms are printed by
`writing` and `layout`; everything that OTP refuses raises `Error("badarg")`.
"""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from erlsim.errors import Error
from erlsim.releases import since
from erlsim.terms import kinds, numbers
from erlsim.terms.characters import DOTS, graphemes, width
from erlsim.terms.layout import pretty
from erlsim.terms.special import Improper
from erlsim.terms.term import Term
from erlsim.terms.writing import UNLIMITED, write

_DIRECTIVE = re.compile(r"~(-?)(\*|[0-9]+)?(?:\.(\*|[0-9]+)?)?(?:\.(.))?([tlk]*)(.)", re.DOTALL)
_DEFAULT_LINE = 80
MOST_CHARACTERS = 1 << 24
"""How many characters a field and a precision may ask for."""
_DEFAULT_PRECISION = 6
_TAB = 8


class _Spec(NamedTuple):
    """A directive; a width, precision or pad of `*` is still to be taken from the arguments."""

    control: str
    minus: bool
    width: int | str | None
    precision: int | str | None
    pad: str
    unicode: bool
    strings: bool
    ordered: bool


class _Field(NamedTuple):
    """What a control is printed into: `size` characters, text to the `left` or right, `pad` in the rest."""

    size: int | None
    precision: int | None
    left: bool
    pad: str
    unicode: bool
    strings: bool
    ordered: bool


def format(
    directives: Term, args: Term, most: int = UNLIMITED, depth: int = UNLIMITED, single_line: bool = False
) -> str:
    """The text of `io_lib:format(Directives, Args, [{chars_limit, most}])`.

    `directives` is a `str`, a binary or a list of code points; `args` a list with as many terms as the directives
    take; with `most` terms and strings are cut so that the text has about so many characters. With a `depth` each `~p`
    and `~w` is the `~P` or `~W` of it; on a `single_line` no term is broken. Raises `Error("badarg")` for an unknown
    directive, arguments that do not suit theirs, and a wrong number of them, and `Error("system_limit")` for a field
    of more than `MOST_CHARACTERS`.
    """
    if not isinstance(args, list):
        raise Error("badarg")
    pieces = _pieces(_characters(directives))
    left = len(args)
    for piece in pieces:
        left -= _taken(piece, left)
    if left:
        # Before anything is printed: what comes first may be wide beyond measure.
        raise Error("badarg")
    if depth >= 0 or single_line:
        pieces, args = _limited(pieces, deque(args), depth, single_line)
    return _Build(args).text(pieces) if most < 0 else _Build(args).limited_text(pieces, most)


def _limited(
    pieces: tuple[str | _Spec, ...], args: deque[Term], depth: int, single_line: bool
) -> tuple[tuple[str | _Spec, ...], list[Term]]:
    """As `logger_formatter:reformat/3`."""
    found: list[str | _Spec] = []
    given: list[Term] = []
    for piece in pieces:
        own = [args.popleft() for _ in range(_taken(piece, len(args)))]
        if isinstance(piece, _Spec):
            if single_line and piece.control in "pP":
                own = own[piece.width == "*" :]
                piece = piece._replace(width=0)
            if depth >= 0 and piece.control in "pw":
                piece = piece._replace(control=piece.control.upper())
                own.append(depth)
        given += own
        found.append(piece)
    return tuple(found), given


def _taken(piece: str | _Spec, left: int) -> int:
    """How many arguments a directive takes of those that are left."""
    if isinstance(piece, str):
        return 0
    taken = (piece.width, piece.precision).count("*")
    # A pad of `*` is an asterisk when no argument is left for it.
    taken += piece.pad == "*" and taken < left
    return taken + (2 if piece.control == "P" else _ARGUMENTS.get(piece.control, 1))


def _characters(directives: Term) -> str:
    if isinstance(directives, str):
        return directives
    if isinstance(directives, bytes):
        return directives.decode("latin-1")
    if isinstance(directives, bool):
        return kinds.atom_text(directives)
    if not isinstance(directives, list) or not all(map(is_integer, directives)):
        raise Error("badarg")
    return _text(directives)


@lru_cache(maxsize=512)
def _pieces(directives: str) -> tuple[str | _Spec, ...]:
    """The directives and the literal text between them."""
    pieces: list[str | _Spec] = []
    start = 0
    while (tilde := directives.find("~", start)) >= 0:
        found = _DIRECTIVE.match(directives, tilde)
        if found is None:
            raise Error("badarg")
        if tilde > start:
            pieces.append(directives[start:tilde])
        minus, size, precision, pad, modifiers, control = found.groups()
        if control not in _CONTROLS or (minus and size is None):
            raise Error("badarg")
        printed = "t" in modifiers, "l" not in modifiers, "k" in modifiers
        pieces.append(_Spec(control, bool(minus), _number(size), _number(precision), pad or " ", *printed))
        start = found.end()
    if start < len(directives):
        pieces.append(directives[start:])
    return tuple(pieces)


def _number(text: str | None) -> int | str | None:
    return numbers.from_digits(text) if text and text != "*" else text


def is_integer(term: Term) -> bool:
    """Whether a term is an integer: `True` is an atom."""
    return isinstance(term, int) and not isinstance(term, bool)


class _Build:
    """Takes the arguments one by one and keeps the column for `~p`."""

    def __init__(self, args: list[Term]) -> None:
        self._args: deque[Term] = deque(args)
        self._column = 0

    def text(self, pieces: tuple[str | _Spec, ...]) -> str:
        texts: list[str] = []
        for piece in pieces:
            text = piece if isinstance(piece, str) else self.directive(piece)
            self.advance(text)
            texts.append(text)
        return "".join(texts)

    def limited_text(self, pieces: tuple[str | _Spec, ...], most: int) -> str:
        """The text of which the large directives share the characters that the others leave."""
        parts = [piece if isinstance(piece, str) else self.prepared(piece) for piece in pieces]
        left = max(most - sum(width(part) for part in parts if isinstance(part, str)), 0)
        count = sum(not isinstance(part, str) for part in parts)
        texts: list[str] = []
        for part in parts:
            text = part if isinstance(part, str) else part(left // count)
            if not isinstance(part, str):
                left, count = max(left - width(text), 0), count - 1
            self.advance(text)
            texts.append(text)
        return "".join(texts)

    def prepared(self, spec: _Spec) -> str | Callable[[int], str]:
        """The text of a small directive; of a large one what makes it of so many characters."""
        control, field, args = self.taken(spec)
        if control not in "wWpPs" or (control == "s" and isinstance(args[0], str | bool)):
            return _CONTROLS[control](field, *args)
        if control == "s":
            return lambda most: _limited_string(field, args[0], most)
        depth = args[1] if len(args) > 1 else UNLIMITED
        if control in "pP":
            return lambda most: self.laid_out(field, args[0], depth, most)
        return lambda most: _limited_write(field, args[0], depth, most)

    def advance(self, text: str) -> None:
        """Keeps the column of the end of what has been printed; tabs go to multiples of eight."""
        start = text.rfind("\n") + 1
        if start:
            self._column = 0
        if "\t" not in text:
            self._column += len(text) - start
            return
        for char in text[start:]:
            self._column = (self._column + _TAB) // _TAB * _TAB if char == "\t" else self._column + 1

    def argument(self) -> Term:
        return self._args.popleft()

    def count(self, given: int | str | None) -> int | None:
        """A width or precision; `*` takes it from the arguments."""
        if isinstance(given, str):
            taken = self.argument()
            if not is_integer(taken):
                raise Error("badarg")
            given = int(taken)
        # DIVERGES(otp): what asks for more than 2 to the power of 24 characters is a `system_limit`; OTP makes a list
        # of them for as long as there is memory.
        if given is not None and abs(given) > MOST_CHARACTERS:
            raise Error("system_limit")
        return given

    def directive(self, spec: _Spec) -> str:
        control, field, args = self.taken(spec)
        if control in "pP":
            return self.laid_out(field, args[0], args[1] if len(args) > 1 else UNLIMITED)
        return _CONTROLS[control](field, *args)

    def taken(self, spec: _Spec) -> tuple[str, _Field, list[Term]]:
        """A directive with the arguments that it takes."""
        if spec.ordered and not since(26):
            raise Error("badarg")
        size = self.count(spec.width)
        left = size is not None and (size < 0) != spec.minus and size != 0
        size = abs(size) if size is not None else None
        precision = self.count(spec.precision)
        if precision is not None and precision < 0 and spec.control not in "pP":
            raise Error("badarg")
        pad = _text([self.argument()]) if spec.pad == "*" and self._args else spec.pad
        field = _Field(size, precision, left, pad, spec.unicode, spec.strings, spec.ordered)
        count = 2 if spec.control == "P" else _ARGUMENTS.get(spec.control, 1)
        return spec.control, field, [self.argument() for _ in range(count)]

    def laid_out(self, field: _Field, term: Term, depth: Term, most: int = UNLIMITED) -> str:
        """`~p` and `~P`: the width is the length of a line, the precision the column to begin in."""
        if field.left or not is_integer(depth):
            raise Error("badarg")
        column = self._column + 1 if field.precision is None else field.precision
        line = _DEFAULT_LINE if field.size is None else field.size
        return pretty(term, column, line, depth, field.unicode, field.strings, field.ordered, most)


def _text(codes: list[int]) -> str:
    try:
        return "".join(map(chr, codes))
    except (ValueError, OverflowError, TypeError):
        raise Error("badarg") from None


def _pad(text: str, count: int, field: _Field) -> str:
    return text + field.pad * count if field.left else field.pad * count + text


def _in_field(text: str, field: _Field) -> str:
    """`text` in its field; stars when it is too long for it."""
    size = field.precision if field.size is None else field.size
    if size is None:
        return text
    long = width(text)
    room = min(long, size if field.precision is None else min(field.precision, size))
    return _pad("*" * room, size - room, field) if long > room else _pad(text, size - long, field)


def _write(field: _Field, term: Term, depth: Term = UNLIMITED) -> str:
    if not is_integer(depth):
        raise Error("badarg")
    return _in_field(write(term, field.unicode, depth, field.ordered), field)


def _limited_write(field: _Field, term: Term, depth: Term, most: int) -> str:
    if not is_integer(depth):
        raise Error("badarg")
    return _in_field(pretty(term, 1, 0, depth, field.unicode, False, field.ordered, most), field)


def _limited_string(field: _Field, term: Term, most: int) -> str:
    text = _chars_of(term, field.unicode)
    if field.size is None or most < field.size:
        clusters = graphemes(text) if field.unicode else list(text)
        if len(clusters) > max(most, 3):
            text = "".join(clusters[: max(most - 3, 0)]) + DOTS
    return _placed(field if field.size is None else field._replace(size=max(3, min(field.size, most))), text)


def _string(field: _Field, term: Term) -> str:
    """`~s` and `~ts`."""
    return _placed(field, _chars_of(term, field.unicode))


def _placed(field: _Field, text: str) -> str:
    """At most `precision` characters in a field of its size."""
    if field.size is None and field.precision is None:
        return text
    if field.precision is None or field.size is None:
        size = field.precision if field.size is None else field.size
        return _fill(text, size or 0, field if field.size is not None else field._replace(left=True))
    if field.size < field.precision:
        raise Error("badarg")
    if field.size == field.precision:
        return _fill(text, field.size, field)
    return _pad(_fill(text, field.precision, field._replace(left=True)), field.size - field.precision, field)


def _fill(text: str, size: int, field: _Field) -> str:
    """`text` cut or padded to `size` characters."""
    long = width(text)
    if long <= size:
        return _pad(text, size - long, field)
    return "".join(graphemes(text)[:size]) if field.unicode else text[:size]


def _chars_of(term: Term, unicode: bool) -> str:
    """The characters of an atom, a binary or a deep list of characters and binaries."""
    if isinstance(term, (str, bool)):
        text = kinds.atom_text(term)
        if not unicode and any(char > "\xff" for char in text):
            raise Error("badarg")
        return text
    return _iolist(term, unicode)


def _iolist(term: Term, unicode: bool) -> str:
    texts: list[str] = []
    todo = [term]
    while todo:
        each = todo.pop()
        if isinstance(each, list):
            todo += reversed(each)
        elif isinstance(each, bytes):
            texts.append(_bytes_text(each, unicode))
        elif isinstance(each, Improper) and isinstance(each.tail, bytes):
            todo += (each.tail, *reversed(each.items))
        elif is_integer(each) and each is not term and each >= 0 and (each <= 0xFF or unicode):
            texts.append(_text([each]))
        else:
            raise Error("badarg")
    return "".join(texts)


def _bytes_text(data: bytes, unicode: bool) -> str:
    if unicode:
        try:
            return data.decode()
        except UnicodeDecodeError:
            pass
    return data.decode("latin-1")


def _real(printer: Callable[[_Field, float], str]) -> Callable[..., str]:
    def print_real(field: _Field, value: Term) -> str:
        if not isinstance(value, float) or not math.isfinite(value):
            raise Error("badarg")
        text = printer(field, value)
        return text if field.size is None else _in_field(text, field._replace(precision=field.size))

    return print_real


def _precision(field: _Field, least: int) -> int:
    precision = _DEFAULT_PRECISION if field.precision is None else field.precision
    if precision < least:
        raise Error("badarg")
    return precision


def _scientific(field: _Field, value: float) -> str:
    return numbers.scientific(value, _precision(field, 2))


def _fixed(field: _Field, value: float) -> str:
    return numbers.fixed(value, _precision(field, 1))


def _general(field: _Field, value: float) -> str:
    printer, precision = numbers.general(value, _precision(field, 1))
    return printer(value, precision)


def _integer(field: _Field, value: Term, prefix: str, upper: bool) -> str:
    base = 10 if field.precision is None else field.precision
    if not is_integer(value) or not 2 <= base <= 36:
        raise Error("badarg")
    digits = _digits(abs(value), base)
    text = ("-" if value < 0 else "") + prefix + (digits.upper() if upper else digits)
    return _in_field(text, field._replace(precision=None))


def _digits(value: int, base: int) -> str:
    if base == 10:
        return numbers.decimal(value)
    if base == 16:
        return f"{value:x}"
    digits = ""
    while value or not digits:
        value, digit = divmod(value, base)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits


def _unprefixed(upper: bool) -> Callable[..., str]:
    return lambda field, value: _integer(field, value, "", upper)


def _prefixed(upper: bool) -> Callable[..., str]:
    return lambda field, value, prefix: _integer(field, value, _prefix(prefix), upper)


def _prefix(term: Term) -> str:
    """An atom or a deep list of characters; here, and only here, OTP takes no binaries."""
    if isinstance(term, (str, bool)):
        return kinds.atom_text(term)
    if not isinstance(term, list):
        raise Error("badarg")
    codes: list[int] = []
    todo: list[Term] = [term]
    while todo:
        each = todo.pop()
        if isinstance(each, list):
            todo += reversed(each)
        elif is_integer(each):
            codes.append(each)
        else:
            raise Error("badarg")
    return _text(codes)


def _based(upper: bool) -> Callable[..., str]:
    return lambda field, value: _integer(field, value, f"{field.precision or 10}#", upper)


_NO_CHARACTER = "\ud800"


def _character(field: _Field, code: Term) -> str:
    """`~c`: `precision` times the character, else as often as its field is wide."""
    if not is_integer(code):
        raise Error("badarg")
    size, precision = field.size, field.precision
    count = precision if precision is not None else 1 if size is None else size
    if not field.unicode:
        code &= 0xFF
    # What is no character is written all the same, and refused where the text is encoded: as a lone surrogate here.
    text = (chr(code) if 0 <= code < 0x110000 else _NO_CHARACTER) * count
    if size is None or precision is None:
        return text
    if size < precision:
        raise Error("badarg")
    return _pad(text, size - precision, field)


def _newline(field: _Field) -> str:
    if field.left:
        raise Error("badarg")
    return "\n" * (1 if field.size is None else field.size)


def _tilde(field: _Field) -> str:
    return _character(field, ord("~"))


def _ignore(field: _Field, term: Term) -> str:
    return ""


_ARGUMENTS = {"W": 2, "x": 2, "X": 2, "~": 0, "n": 0}
_CONTROLS: dict[str, Callable[..., str]] = {
    "w": _write,
    "W": _write,
    "p": _ignore,  # printed by _Build.pretty, which knows the column
    "P": _ignore,
    "s": _string,
    "e": _real(_scientific),
    "f": _real(_fixed),
    "g": _real(_general),
    "b": _unprefixed(False),
    "B": _unprefixed(True),
    "x": _prefixed(False),
    "X": _prefixed(True),
    "+": _based(False),
    "#": _based(True),
    "c": _character,
    "~": _tilde,
    "n": _newline,
    "i": _ignore,
}
