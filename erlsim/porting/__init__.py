"""From a prototype to Erlang and Elixir: what ports, whether the port does the same, and drafts of ports.

Each part is a package of its own: `portable` says what ports; `scenarios` runs what is done to a program on a prototype
and on its port, and compares; `drafts` writes a first draft of the port.
"""

from __future__ import annotations

from erlsim.porting import drafts, portable

__all__ = ["drafts", "portable"]
