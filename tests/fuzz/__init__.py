"""A fuzzer: random scenarios, run here and on a real Erlang at once, until the two answer differently.

`make fuzz AREA=... MINUTES=...` is its door. `draw` has the generators of each area, `node` a real Erlang that lives
long, `hunt` compares and confirms, `shrink` makes a difference small, `side_by_side` prints it in both languages.
"""
