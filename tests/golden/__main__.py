"""`python -m tests.golden`."""

from tests.golden.cli import main

if __name__ == "__main__":
    main()
