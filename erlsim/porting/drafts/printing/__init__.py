"""From forms to text: `layout` breaks lines, `erlang` and `elixir` write forms, `..._modules` sources."""
