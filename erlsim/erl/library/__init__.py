"""The library: what compiled Erlang may call.

`find` knows the functions that are written for compiled code. Others are those of modules that are loaded and of
erlsim's own Python modules.
"""

from erlsim.erl.library.dynamic import External, Remote, apply_mfa, find, native
from erlsim.erl.library.registry import bordered, colour_of, has, resolve

__all__ = ["External", "Remote", "apply_mfa", "bordered", "colour_of", "find", "has", "native", "resolve"]
