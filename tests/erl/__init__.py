"""Erlang source read, compiled and run."""
