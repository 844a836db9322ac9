"""The module `base64`."""

from __future__ import annotations

import base64
import string

from erlsim.erl.running.cells import listed, outward
from erlsim.erl.running.failures import Failed, bif_failed, no_clause
from erlsim.terms import Term

__in_stacks__ = False

_ALPHABET = frozenset((string.ascii_letters + string.digits + "+/=").encode())
_SPACE = frozenset(b" \t\n\r")


def _data(term: Term, function: str) -> bytes:
    if type(term) is bytes:
        return term
    found = listed(term)
    if found is None:
        raise no_clause("base64", function, term)
    if not all(type(each) is int and 0 <= each < 256 for each in found):
        raise bif_failed("badarg", "base64", function, [outward(term)])
    return bytes(found)


def encode(data: Term) -> bytes:
    """`encode/1`."""
    return base64.b64encode(_data(data, "encode"))


def encode_to_string(data: Term) -> list[int]:
    """`encode_to_string/1`."""
    return list(base64.b64encode(_data(data, "encode_to_string")))


def decode(data: Term) -> bytes:
    """`decode/1`: white space is skipped, everything else refused."""
    return _decoded(data, "decode")


def decode_to_string(data: Term) -> list[int]:
    """`decode_to_string/1`."""
    return list(_decoded(data, "decode_to_string"))


def _decoded(data: Term, function: str) -> bytes:
    text = bytes(each for each in _data(data, function) if each not in _SPACE)
    whole = text.rstrip(b"=")
    if any(each not in _ALPHABET for each in text) or b"=" in whole:
        raise Failed("badarg", ("base64", function, [data], []))
    if len(text) % 4 or len(text) - len(whole) > 2:
        raise no_clause("base64", function, data)
    return base64.b64decode(text)


def mime_decode(data: Term) -> bytes:
    """`mime_decode/1`: what is no digit is skipped."""
    text = bytes(each for each in _data(data, "mime_decode") if each in _ALPHABET and each != ord("="))
    return base64.b64decode(text + b"=" * (-len(text) % 4)) if len(text) % 4 != 1 else base64.b64decode(text[:-1])


def mime_decode_to_string(data: Term) -> list[int]:
    """`mime_decode_to_string/1`."""
    return list(mime_decode(data))
