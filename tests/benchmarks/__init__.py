"""How fast erlsim is, beside its peers in the same process run and beside the BEAM.

`python -m tests.benchmarks [NAMES...]`. A benchmark is a `Benchmark` in one of the modules named in
`registry.MODULES`: its unit, one function for each contestant, and the targets that erlsim has to meet.
"""
