"""Reading Erlang source: scanner, preprocessor, parser. Mirrors `erl_scan`, `epp` and `erl_parse` of OTP 25.

`parse_file` and `parse_text` give a source's forms, as `epp:parse_file/2` does, lines and columns included. What is
wrong with a source is a form `("error", info)`; `located` tells of it as erlc does.
"""

from erlsim.erl.reading.annotations import with_terms
from erlsim.erl.reading.failures import ErrorInfo, Failure, format_error, located
from erlsim.erl.reading.parser import parse_exprs, parse_form, parse_term
from erlsim.erl.reading.places import Places
from erlsim.erl.reading.preprocessor import parse_file, parse_text
from erlsim.erl.reading.scanner import Scanner

__all__ = [
    "ErrorInfo",
    "Failure",
    "Places",
    "Scanner",
    "format_error",
    "located",
    "parse_exprs",
    "parse_file",
    "parse_form",
    "parse_term",
    "parse_text",
    "with_terms",
]
