"""From forms to text: `layout` breaks lines, `erlang` and `elixir` write forms, `..._modules` sources."""

from erlsim.porting.drafts.printing.erlang_modules import module_text as erlang_module

__all__ = ["erlang_module"]
