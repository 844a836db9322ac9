"""Makes scenarios of new areas and records them with a real Erlang: `python -m tests.golden.making`.

`script` is how a scenario is written down, `events` and `machines` draw scenarios at random from a seed, and
`record` has them recorded. The same seed gives the same scenarios.
"""
