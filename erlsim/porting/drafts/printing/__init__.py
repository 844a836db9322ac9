"""From forms to text: `layout` breaks lines, `erlang` and `elixir` write forms, `..._modules` sources."""

from erlsim.porting.drafts.printing.elixir_modules import module_text as elixir_module
from erlsim.porting.drafts.printing.erlang_modules import module_text as erlang_module

__all__ = ["elixir_module", "erlang_module"]
