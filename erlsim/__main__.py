"""`python -m erlsim`: the command line."""

from erlsim.cli import main

main(prog_name="erlsim")
