"""Erlang itself: unmodified .erl source on erlsim's processes, in virtual time.

`load` makes a module of a source. `reading` makes forms of sources, as OTP's own scanner, preprocessor and parser do;
`compiling` makes Python of forms; `library` has what compiled code may call; `testing` runs tests of EUnit and Common
Test. A layer of its own on the public modules: nothing below knows of it.
"""

from erlsim.erl import reading, testing
from erlsim.erl.installed import Installation
from erlsim.erl.loading import SourceError, lint, lint_text, load, load_text
from erlsim.erl.shell import load_ipython_extension

__all__ = [
    "Installation",
    "SourceError",
    "lint",
    "lint_text",
    "load",
    "load_ipython_extension",
    "load_text",
    "reading",
    "testing",
]
