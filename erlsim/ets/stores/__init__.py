"""Where rows are kept: what all tables have in common, and a store for each type of table.

`table` has the interface, `hashed` the stores of set, bag and duplicate_bag (`walk` the order in which they are
traversed), `ordered` that of ordered_set; `sizes` tells how much memory they would take. Stores check nothing: rights
are decided in `registry`, arguments are checked by the functions of ETS.
"""

from __future__ import annotations

from erlsim.ets.stores.hashed import BagTable, DuplicateBagTable, Hashed, SetTable
from erlsim.ets.stores.ordered import OrderedTable
from erlsim.ets.stores.sizes import memory
from erlsim.ets.stores.table import END, Row, Table

__all__ = ["END", "BagTable", "DuplicateBagTable", "Hashed", "OrderedTable", "Row", "SetTable", "Table", "memory"]
