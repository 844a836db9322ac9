"""How public functions take wrong arguments, asked of Erlang/OTP 25.2.3 and compared.

`cases` says which functions and arguments, `record` asks an `erl` with `wrong.erl` and writes `answers.json`,
`ours` asks erlsim the same, and `test_wrong` compares.
"""
