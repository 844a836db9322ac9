"""The tables of one simulation: names, references, rights, owners and heirs.

Invariants: `owned` lists every living table exactly once, under its owner, in the order in which
the owner came by them; a named table is in `named` under its present name. A process that owns or
fixes a table is watched: when it dies its tables go to their heirs or go away, oldest first,
before anybody hears of its death.
"""

from __future__ import annotations

from collections.abc import Iterator

from erlsim.ets import owners
from erlsim.ets.operations import EXIT_TABLE, Operation
from erlsim.ets.options import Options, badarg
from erlsim.ets.stores import BagTable, DuplicateBagTable, OrderedTable, SetTable, Table
from erlsim.terms import Pid, Ref, Term, copy

STORES: dict[str, type[Table]] = {
    "set": SetTable,
    "ordered_set": OrderedTable,
    "bag": BagTable,
    "duplicate_bag": DuplicateBagTable,
}


class Registry:
    """All living tables."""

    def __init__(self) -> None:
        self.named: dict[str, Table] = {}
        self.numbered: dict[int, Table] = {}
        self.owned: dict[Pid, dict[int, Table]] = {}
        self.fixed: dict[Pid, dict[int, Table]] = {}
        self.gone: set[int] = set()

    def find(self, name: Term) -> Table | None:
        """The table called by a name or a reference."""
        if isinstance(name, str):
            return self.named.get(name)
        if isinstance(name, Ref):
            return self.numbered.get(name.number)
        return self.named.get(atom(name)) if isinstance(name, bool) else None

    def create(self, name: str, options: Options, owner: Pid) -> Table:
        """A new table of `owner`; `badarg` if its name is taken."""
        if options.named_table and name in self.named:
            badarg("already_exists")
        if not owners.is_alive(options.heir):
            options.heir = None
        options.heir_data = copy(options.heir_data)
        table = STORES[options.type](Ref(owners.new_number()), name, options, owner)
        self.numbered[table.tid.number] = table
        if table.named:
            self.named[name] = table
        owners.label(table.tid.number, name if table.named else None)
        self._set_owner(table, owner)
        return table

    def drop(self, table: Table) -> None:
        """The table is no more; its reference is remembered as that of a table."""
        table.alive = False
        del self.numbered[table.tid.number]
        self.gone.add(table.tid.number)
        if table.named:
            del self.named[table.name]
        self._remove_owner(table)

    def rename(self, table: Table, name: str) -> None:
        """Give a table another name; `badarg` if it is that of a named table."""
        if table.named:
            if name in self.named:
                badarg()
            del self.named[table.name]
            self.named[name] = table
        table.name = name

    def give(self, table: Table, new_owner: Pid, data: Term) -> None:
        """Pass a table on and tell its new owner."""
        former = table.owner
        self._remove_owner(table)
        self._set_owner(table, new_owner)
        owners.hand_over(new_owner, table.handle, former, data)

    def died(self, pid: Pid) -> None:
        """`pid` is dying: its tables are inherited or vanish, its fixations end."""
        for table in list(self.owned.get(pid, {}).values()):
            self._inherit(table)
        self._let_go(pid)

    def dies(self, pid: Pid) -> Iterator[tuple[Operation, tuple[Table]]]:
        """As `died`, table by table: each is yielded before its turn."""
        for table in list(self.owned.get(pid, {}).values()):
            yield EXIT_TABLE, (table,)
            if table.alive and table.owner == pid:
                self._inherit(table)
        self._let_go(pid)

    def _inherit(self, table: Table) -> None:
        heir = table.options.heir
        if heir is None or not owners.is_alive(heir):
            self.drop(table)
        else:
            # The heir stays the heir: a table that it gives away may come back to it.
            self.give(table, heir, table.options.heir_data)

    def _let_go(self, pid: Pid) -> None:
        for table in self.fixed.pop(pid, {}).values():
            table.unfix(pid, altogether=True)

    def fix(self, table: Table, pid: Pid) -> None:
        """`pid` fixes the table, once more perhaps."""
        table.fix(pid, (owners.timestamp(), owners.monotonic()))
        self.fixed.setdefault(pid, {})[table.tid.number] = table
        owners.watch(pid, self.died, self.dies)

    def unfix(self, table: Table, pid: Pid) -> None:
        """`pid` takes back one fixation, if it has any."""
        table.unfix(pid)
        if pid not in table.fixers:
            self.fixed.get(pid, {}).pop(table.tid.number, None)

    def _set_owner(self, table: Table, owner: Pid) -> None:
        table.owner = owner
        self.owned.setdefault(owner, {})[table.tid.number] = table
        owners.watch(owner, self.died, self.dies)

    def _remove_owner(self, table: Table) -> None:
        mine = self.owned[table.owner]
        del mine[table.tid.number]
        if not mine:
            del self.owned[table.owner]


def atom(term: Term) -> str:
    """The text of an atom, `badarg` for what is none."""
    if isinstance(term, str):
        return term
    if isinstance(term, bool):
        return "true" if term else "false"
    return badarg()


def tables(operation: Operation | None = None, table: Term = None, argument: Term = None) -> Registry:
    """The registry of the current simulation, for an operation on some table or on none."""
    return owners.state(Registry, operation, table, argument)


def why_not(table: Table | None, name: Term, refused: str = "access") -> str:
    """The cause of a table that the caller cannot have: it may not use it, it does not exist, or `name` names none."""
    if table is not None:
        return refused
    if isinstance(name, str | bool):
        return "id"
    return "id" if isinstance(name, Ref) and name.number in owners.state(Registry).gone else "type"


def cause_of_table(name: Term, to_write: bool = False) -> str | None:
    """The cause of a table that the caller may not read, or write; `None` if it may."""
    table = owners.state(Registry).find(name)
    refused = table is not None and (not table.public if to_write else table.private) and table.owner != owners.caller()
    return why_not(table, name) if table is None or refused else None


def readable(name: Term, operation: Operation, argument: Term = None) -> Table:
    """The table that the caller wants to read; `badarg` if there is none, or if it is another's private one.

    `operation` is what it will do, `argument` with which key or rows.
    """
    registry = owners.state(Registry, operation, name, argument)
    table = registry.named.get(name) if type(name) is str else registry.find(name)
    if table is None or (table.private and not owners.is_caller(table.owner)):
        badarg(why_not(table, name))
    return table


def writable(name: Term, operation: Operation, argument: Term = None) -> Table:
    """The table that the caller wants to write; `badarg` if there is none, or if it is neither public nor its own."""
    registry = owners.state(Registry, operation, name, argument)
    table = registry.named.get(name) if type(name) is str else registry.find(name)
    if table is None or (not table.public and not owners.is_caller(table.owner)):
        badarg(why_not(table, name))
    return table


def owned(name: Term, operation: Operation, argument: Term = None) -> Table:
    """The table that the caller wants to change in a way that only its owner may; `badarg` unless it is the owner."""
    table = tables(operation, name, argument).find(name)
    if table is None or table.owner != owners.caller():
        badarg(why_not(table, name, "not_owner" if table is not None and table.public else "access"))
    return table
