"""Collections of stdlib, in the terms that they are made of there: programs look into them, print and send them."""

from erlsim.erl.library.containers import array, dict_, gb_sets, gb_trees, orddict, ordsets, queue, sets_

__all__ = ["array", "dict_", "gb_sets", "gb_trees", "orddict", "ordsets", "queue", "sets_"]
