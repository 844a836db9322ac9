"""Erlang's own text: `erl_scan`, `erl_parse` and `erl_anno`, over erlsim's reader."""

from erlsim.erl.library.syntax import erl_anno, erl_parse, erl_scan

__all__ = ["erl_anno", "erl_parse", "erl_scan"]
