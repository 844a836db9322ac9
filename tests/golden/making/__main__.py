"""`python -m tests.golden.making`."""

from tests.golden.making.record import main

main()
