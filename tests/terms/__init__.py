"""Terms: equality and order, keys, copies, printing and reading.

`data/facts.terms` holds what OTP answered; `record_facts.escript` asks again. What must hold of every term is
checked with generated ones (`strategies`), what a rule says with a table of examples.
"""
