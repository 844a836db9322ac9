"""Numbers as OTP 25 prints them: integers of any size, the shortest text of a float, and `~e`, `~f`, `~g`.

Invariants: `from_digits(decimal(n)) == n`, `float(shortest(x)) == x`. The fixed formats round the first 21
significant digits half up, as `io_lib_format` does, not the exact value.
"""

from __future__ import annotations

import math
from collections.abc import Callable

_DIGITS = 21
_EXACT_INTEGERS = float(2**53)


_CHUNK = 4000  # Python refuses to convert integers of more than 4300 digits in one go
_CHUNK_VALUE = 10**_CHUNK


def decimal(value: int) -> str:
    """The decimal digits of an integer of any size."""
    rest = abs(value)
    chunks: list[str] = []
    while rest >= _CHUNK_VALUE:
        rest, chunk = divmod(rest, _CHUNK_VALUE)
        chunks.append(f"{chunk:0{_CHUNK}d}")
    return ("-" if value < 0 else "") + f"{rest:d}" + "".join(reversed(chunks))


def from_digits(digits: str, base: int = 10) -> int:
    """The integer that `digits`, without a sign, stands for; `ValueError` for a digit that the base does not have."""
    if len(digits) <= _CHUNK:
        return int(digits, base)
    parts = [digits[max(end - _CHUNK, 0) : end] for end in range(len(digits), 0, -_CHUNK)]
    values = [int(part, base) for part in parts]
    # Halves that grow: multiplying large numbers by large ones is what Python does fast, and by powers of two faster.
    twos = (base & -base).bit_length() - 1
    power, shift = (base >> twos) ** _CHUNK, twos * _CHUNK
    while True:
        if len(values) % 2:
            values.append(0)
        values = [low + (high * power << shift) for low, high in zip(values[::2], values[1::2], strict=True)]
        if len(values) == 1:
            return values[0]
        power, shift = power * power, 2 * shift


def shortest(value: float) -> str:
    """`float_to_list(Value, [short])`: plain notation where it is no longer than scientific, 1.0e3 otherwise."""
    sign = "-" if math.copysign(1.0, value) < 0 else ""
    if value == 0.0:
        return sign + "0.0"
    if not math.isfinite(value):
        return f"#Py<{value}>"  # Python's own: Erlang has no such floats
    mantissa, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0)
    if whole == "0":
        point -= len(fraction) - len(fraction.lstrip("0")) + 1
    digits = digits.rstrip("0") or "0"
    scientific = f"{digits[0]}.{digits[1:] or '0'}e{point - 1}"
    if abs(value) >= _EXACT_INTEGERS:
        return sign + scientific
    plain = _plain(digits, point)
    return sign + (plain if len(plain) <= len(scientific) else scientific)


def _plain(digits: str, point: int) -> str:
    if point <= 0:
        return "0." + "0" * -point + digits
    if point >= len(digits):
        return digits + "0" * (point - len(digits)) + ".0"
    return digits[:point] + "." + digits[point:]


def _sign_digits_point(value: float) -> tuple[str, int, int]:
    """The sign, the first 21 significant digits as an integer, and the position of the decimal point in them."""
    mantissa, _, exponent = f"{abs(value):.{_DIGITS - 1}e}".partition("e")
    sign = "-" if math.copysign(1.0, value) < 0 else ""
    return sign, int(mantissa.replace(".", "")), int(exponent) + 1


def _shift_half_up(digits: int, places: int) -> str:
    """The text of `digits` times ten to the power of `places`, rounded half up."""
    if places >= 0:
        return f"{digits}" + "0" * places if digits else "0"
    scale = 10**-places
    return f"{(2 * digits + scale) // (2 * scale)}"


def scientific(value: float, precision: int) -> str:
    """`~.Pe`: `precision` significant digits, at least two."""
    sign, digits, point = _sign_digits_point(value)
    text = _shift_half_up(digits, precision - _DIGITS).rjust(precision, "0")
    # A zero has the point of its printed exponent; a carry has made one digit too many.
    exponent = point - 1 + (len(text) - precision)
    text = text[:precision]
    return f"{sign}{text[0]}.{text[1:]}e{exponent:+d}"


def fixed(value: float, decimals: int) -> str:
    """`~.Df`: `decimals` digits behind the point, at least one."""
    sign, digits, point = _sign_digits_point(value)
    text = _shift_half_up(digits, point + decimals - _DIGITS).rjust(decimals + 1, "0")
    return f"{sign}{text[:-decimals]}.{text[-decimals:]}"


def general(value: float, precision: int) -> tuple[Callable[[float, int], str], int]:
    """`~.Pg`: which of the two formats prints `value` in `precision` significant digits, and its precision."""
    size = abs(value)
    exponent = -2 if size < 0.1 else sum(size >= limit for limit in (1.0, 10.0, 100.0, 1000.0)) - 1
    if size < 1.0e4 and exponent >= -1 and (precision - 1 > exponent or (precision <= 1 and exponent == -1)):
        return fixed, precision - 1 - exponent
    return scientific, max(precision, 2)
