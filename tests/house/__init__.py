"""The house rules, checked: layers, exports, banned calls, sizes, paths, docstrings, divergences.

`files` finds the sources; each of the other modules has rules, functions from a `Source` to the
complaints about it. A rule belongs here with a snippet that breaks it (`test_rules_can_fail`).
"""
