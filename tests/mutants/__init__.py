"""Small mistakes planted in the code, one at a time: does a test find them?

`python -m tests.mutants` (`make mutants`). cosmic-ray makes the mistakes, in copies of the repository. Only those tests
run on a mistake that reach its statement, the quick ones first: which these are is measured once, before.
"""
