"""Cases of OTP's own test suites, under their own names, in virtual time.

One folder an area; a test named `test_<case>` and marked `otp_case(suite, case)` asserts what the case
asserts, `partial=` says what of it is left out. `cases.tsv` lists the cases of the suites and how far a
simulator of one node can meet them (A: wholly, P: in part, N: not at all, and why).
"""
