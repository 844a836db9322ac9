"""From Python's syntax to forms. `Reader` reads one function; `scope` says what is known around it."""

from erlsim.porting.drafts.reading.functions import Reader, read_module
from erlsim.porting.drafts.reading.scope import Facts

__all__ = ["Facts", "Reader", "read_module"]
