"""Functions of stdlib on values: random numbers, base 64, dates."""

from erlsim.erl.library.values import base64_, calendar_, rand

__all__ = ["base64_", "calendar_", "rand"]
