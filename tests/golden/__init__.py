"""Scenarios recorded on Erlang/OTP 25.2.3, replayed in erlsim and compared.

`data/AREA.jsonl` holds one scenario a line: `{"name", "steps", "observed"}`, in the tagged JSON of
`erlsim.porting.scenarios`, which also compares. `world` runs the steps in a fresh simulation,
`areas` runs many, `cli` is `python -m tests.golden`, and `twins` are the
Python versions of the Erlang modules in `erl/`. Nothing here knows a scenario: only steps.
"""
