"""Modules about the node itself: which modules it has, and its memory."""

from erlsim.erl.library.emulator import code_, dbg, erts_debug

__all__ = ["code_", "dbg", "erts_debug"]
