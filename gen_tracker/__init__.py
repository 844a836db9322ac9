"""gen_tracker: a supervisor whose children are found by one look into a table.

A tracker keeps its children, registered by any term, in a named ETS table, and what is known about them in a
second one; a child's module is told, with all of it, when the child is dead. This is the package's one door:

- `start_link` and, as a supervisor's child, `("streams", ("gen_tracker", "start_link", ["streams"]), ...)`
- `find`, `find_or_open`, `add_existing_child`, `list`, `which_children`, `wait`, `init_ack`: children
- `getattr`, `attrs`, `info`, `increment`, `setattr`, `delattr`: their attributes

A tracker is a supervisor to `supervisor.which_children`, `delete_child` and `terminate_child`. It mirrors the
gen_tracker of Erlang, as at 76d149d.
"""

from gen_tracker.attributes import attrs, delattr, getattr, increment, info, setattr
from gen_tracker.children import (
    add_existing_child,
    find,
    find_or_open,
    init_ack,
    list,
    wait,
    which_children,
)
from gen_tracker.server import start_link

__all__ = [
    "add_existing_child",
    "attrs",
    "delattr",
    "find",
    "find_or_open",
    "getattr",
    "increment",
    "info",
    "init_ack",
    "list",
    "setattr",
    "start_link",
    "wait",
    "which_children",
]
