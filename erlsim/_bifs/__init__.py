"""The functions of Erlang's module `erlang`, by subject; `erlsim.erlang` shows them to the world."""
