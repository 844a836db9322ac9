"""The module `unicode`, in part: characters to binaries and lists."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any, Literal

from erlsim.erl.running.cells import Cell, outward
from erlsim.erl.running.failures import Failed
from erlsim.terms import Improper, Term

__in_stacks__ = False

_ENCODINGS = {
    "utf8": "utf-8",
    "unicode": "utf-8",
    "latin1": "latin-1",
    "utf16": "utf-16-be",
    "utf32": "utf-32-be",
    ("utf16", "big"): "utf-16-be",
    ("utf16", "little"): "utf-16-le",
    ("utf32", "big"): "utf-32-be",
    ("utf32", "little"): "utf-32-le",
}


class _Stopped(Exception):
    """What follows is no text in the encoding: what was read, the kind of failure, and the rest."""

    def __init__(self, text: str, kind: str, rest: Term) -> None:
        super().__init__(kind)
        self.text, self.kind, self.rest = text, kind, rest


def _badarg(function: str, *args: Term) -> Failed:
    return Failed("badarg", ("unicode", function, [outward(each) for each in args], []))


def _is_known(encoding: Term) -> bool:
    return type(encoding) in (str, tuple) and encoding in _ENCODINGS


def _text(chars: Term, encoding: str) -> str:
    """The text of chardata whose binaries are in an encoding; raises `_Stopped`, or `TypeError` for what is none."""
    found: list[str] = []
    if type(chars) is int:
        raise TypeError
    waiting = [chars]
    while waiting:
        each = waiting.pop()
        if type(each) is list:
            waiting.extend(reversed(each))
        elif type(each) is Cell:
            waiting += [each.tail, each.head]
        elif type(each) is Improper and type(each.tail) is not int:
            waiting += [each.tail, *reversed(each.items)]
        elif type(each) is int:
            if not 0 <= each <= 0x10FFFF or 0xD800 <= each <= 0xDFFF:
                raise _Stopped("".join(found), "error", [each, *reversed(waiting)])
            found.append(chr(each))
        elif type(each) is bytes:
            try:
                found.append(each.decode(encoding))
            except UnicodeDecodeError as exc:
                found.append(each[: exc.start].decode(encoding))
                cut_off = exc.end >= len(each) and "unexpected end" in exc.reason
                rest: Term = each[exc.start :]
                left = [part for part in reversed(waiting) if part != []]
                raise _Stopped(
                    "".join(found), "incomplete" if cut_off else "error", [rest, *left] if left else rest
                ) from None
        else:
            raise TypeError
    return "".join(found)


def characters_to_list(chars: Term, encoding: Term = "utf8") -> Term:
    """`characters_to_list/1,2`."""
    if not _is_known(encoding):
        raise _badarg("characters_to_list", chars, encoding)
    try:
        return list(map(ord, _text(chars, _ENCODINGS[encoding])))
    except _Stopped as stopped:
        return (stopped.kind, list(map(ord, stopped.text)), outward(stopped.rest))
    except TypeError:
        raise _badarg("characters_to_list", chars, encoding) from None


def characters_to_binary(chars: Term, encoding: Term = "utf8", out: Term = "utf8") -> Term:
    """`characters_to_binary/1,2,3`."""
    if not _is_known(encoding) or not _is_known(out):
        raise _badarg("characters_to_binary", chars, encoding, out)
    try:
        return _text(chars, _ENCODINGS[encoding]).encode(_ENCODINGS[out])
    except _Stopped as stopped:
        return (stopped.kind, stopped.text.encode(_ENCODINGS[out]), outward(stopped.rest))
    except UnicodeEncodeError as exc:
        text = exc.object
        return ("error", text[: exc.start].encode(_ENCODINGS[out]), list(map(ord, text[exc.start :])))
    except TypeError:
        raise _badarg("characters_to_binary", chars, encoding, out) from None


Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
_FORMS: tuple[Form, ...] = ("NFC", "NFD", "NFKC", "NFKD")

# ---- normal forms: those of Python's Unicode, which for all characters of OTP 25's (14.0) are the same


def _normal(form: Form, is_binary: bool) -> Callable[[Term], Term]:
    def normal(chars: Term) -> Term:
        try:
            text = unicodedata.normalize(form, _text(chars, "utf-8"))
        except _Stopped as stopped:
            start = unicodedata.normalize(form, stopped.text)
            return ("error", start.encode() if is_binary else list(map(ord, start)), outward(stopped.rest))
        except TypeError:
            name = f"characters_to_{form.lower()}_{'binary' if is_binary else 'list'}"
            raise Failed("badarg", ("unicode", name, [outward(chars)], [])) from None
        return text.encode() if is_binary else list(map(ord, text))

    return normal


MORE: dict[tuple[str, int], Any] = {
    (f"characters_to_{form.lower()}_{kind}", 1): _normal(form, kind == "binary")
    for form in _FORMS
    for kind in ("list", "binary")
}

_MARKS: list[tuple[bytes, Term]] = [
    (b"\xef\xbb\xbf", "utf8"),
    (b"\x00\x00\xfe\xff", ("utf32", "big")),
    (b"\xff\xfe\x00\x00", ("utf32", "little")),
    (b"\xfe\xff", ("utf16", "big")),
    (b"\xff\xfe", ("utf16", "little")),
]


def bom_to_encoding(data: Term) -> Term:
    """`bom_to_encoding/1`: `{Encoding, Length}` by the mark at the beginning."""
    if type(data) is not bytes:
        raise _badarg("bom_to_encoding", data)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return (encoding, len(mark))
    return ("latin1", 0)


def encoding_to_bom(encoding: Term) -> bytes:
    """`encoding_to_bom/1`."""
    alias = {"unicode": "utf8", "utf16": ("utf16", "big"), "utf32": ("utf32", "big")}.get(encoding, encoding)
    for mark, each in _MARKS:
        if each == alias:
            return mark
    if encoding == "latin1":
        return b""
    raise _badarg("encoding_to_bom", encoding)
