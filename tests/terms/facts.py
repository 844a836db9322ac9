"""The facts that OTP stated, read with the library's own reader."""

from pathlib import Path

from erlsim import terms

_FILE = Path(__file__).parent / "data" / "facts.terms"


def facts(kind):
    """The facts `(kind, ...)`, without their kind."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()[1:]
    return [fact[1:] for fact in map(terms.parse, lines) if fact[0] == kind]


def text(chars):
    """A list of code points as Python text."""
    return "".join(map(chr, chars))
