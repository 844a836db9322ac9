"""Reading: from a text in Erlang's syntax to the term that it stands for."""

from erlsim.terms.reading.parsing import ParseError, parse

__all__ = ["ParseError", "parse"]
