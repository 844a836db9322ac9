"""OTP's behaviours and what they stand on, written against the public functions of `erlsim` alone.

Each module has the name, the functions and the return values of its model in Erlang/OTP 25:
`proc_lib`, `sys`, `gen`, `gen_server`, `supervisor`, `logger`, `error_logger`. Nothing here knows the kernel:
what these modules need and cannot reach is missing from `erlsim.erlang`, and belongs there.
"""
