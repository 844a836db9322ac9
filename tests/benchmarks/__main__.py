"""`python -m tests.benchmarks`."""

from tests.benchmarks.cli import main

if __name__ == "__main__":
    main()
