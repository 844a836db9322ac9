"""Erlang itself: unmodified .erl source on erlsim's processes, in virtual time.

`reading` makes forms of sources, as OTP's own scanner, preprocessor and parser do. A layer of its own on the public
modules: nothing below knows of it.
"""

from erlsim.erl import reading

__all__ = ["reading"]
