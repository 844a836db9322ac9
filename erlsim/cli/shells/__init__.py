"""The commands that are prompts: `erlsim erl` and `erlsim repl`."""
