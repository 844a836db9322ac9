"""The tables themselves: making, naming, giving away, and what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from erlsim import erlang
from erlsim.ets import owners
from erlsim.ets.operations import ALL, GIVE_AWAY, INFO, NEW, RENAME, SETOPTS, WHEREIS
from erlsim.ets.options import badarg, parse, parse_changes
from erlsim.ets.registry import atom, owned, tables, writable
from erlsim.ets.stores import Hashed, Table, memory
from erlsim.terms import ABSENT, Pid, Ref, Term, copy
from erlsim.terms.atoms import TableOption


def new(name: str, options: Sequence[TableOption]) -> Term:
    """Make a table owned by the caller: `name` if it is a named table, else its reference.

    Options: `"set"`, `"ordered_set"`, `"bag"`, `"duplicate_bag"`; `"public"`, `"protected"`, `"private"`;
    `"named_table"`; `("keypos", n)`; `("heir", pid, data)`, `("heir", "none")`; tuning options, which are
    noted and change nothing. `badarg` for anything else or a name that is taken. Mirrors `ets:new/2`.
    """
    known, parsed = atom(name), parse(options)
    return tables(NEW, name, options).create(known, parsed, owners.caller()).handle


def rename(table: Term, name: str) -> Term:
    """Give the table another name: `name` if it is a named table, else its reference. Mirrors `ets:rename/2`."""
    found = writable(table, RENAME, name)
    tables().rename(found, atom(name))
    return found.handle


def give_away(table: Term, pid: Pid, data: Term) -> bool:
    """Make `pid` the owner of the caller's table and send it `("ETS-TRANSFER", table, caller, data)`: `True`.

    `badarg` if the caller is not the owner, or `pid` is the caller or dead. Mirrors `ets:give_away/3`.
    """
    found = owned(table, GIVE_AWAY, (pid, data))
    if pid == found.owner:
        badarg("owner")
    if not owners.is_alive(pid):
        badarg()
    tables().give(found, pid, data)
    return True


def setopts(table: Term, options: Term) -> bool:
    """Change the heir or the protection of the caller's table, by one option or a list: `True`. Mirrors the BIF."""
    found = owned(table, SETOPTS, options)
    changes = parse_changes(options)
    if "heir" in changes:
        heir, data = changes["heir"]
        found.options.heir = heir if owners.is_alive(heir) else None
        found.options.heir_data = copy(data)
    if "protection" in changes:
        found.protect(changes["protection"])
    return True


def whereis(name: str) -> Term:
    """The reference of the named table `name`, or `"undefined"`. Mirrors `ets:whereis/1`."""
    known = atom(name)
    found = tables(WHEREIS, name).named.get(known)
    return "undefined" if found is None else found.tid


def all() -> list[Term]:
    """All tables, by name or reference, the oldest first. Mirrors `ets:all/0`."""
    return [table.handle for table in tables(ALL).numbered.values()]


def info(table: Term, item: str = ABSENT) -> Term:
    """What is known of a table: a list of pairs, or one item; `"undefined"` if there is no such table.

    Anybody may ask. `badarg` for an unknown item, or for what never was a table. Mirrors `ets:info/1,2`.
    """
    found = tables(INFO, table, item).find(table)
    if found is None:
        return _of_no_table(table)
    if item is ABSENT:
        return [(name, _ITEMS[name](found)) for name in _LISTED]
    if not isinstance(item, str) or item not in _ITEMS:
        badarg()
    return _ITEMS[item](found)


def _of_no_table(table: Term) -> str:
    if isinstance(table, Ref) and table.number not in tables().gone:
        badarg("type")
    if not isinstance(table, str | bool | Ref):
        badarg("type")
    return "undefined"


def _fixed(table: Table, which: int) -> Term:
    if table.fixed_since is None:
        return False
    return table.fixed_since[which], list(table.fixers.items())


_ITEMS: dict[str, Callable[[Table], Term]] = {
    "id": lambda table: table.tid,
    "decentralized_counters": lambda table: table.options.decentralized_counters,
    "read_concurrency": lambda table: table.options.read_concurrency,
    "write_concurrency": lambda table: table.options.write_concurrency,
    "compressed": lambda table: table.options.compressed,
    "memory": memory,
    "owner": lambda table: table.owner,
    "heir": lambda table: table.options.heir or "none",
    "name": lambda table: table.name,
    "size": lambda table: table.size(),
    "node": lambda table: erlang.node(table.owner),
    "named_table": lambda table: table.named,
    "type": lambda table: table.options.type,
    "keypos": lambda table: table.keypos,
    "protection": lambda table: table.protection,
    "fixed": lambda table: bool(table.fixers),
    "safe_fixed": lambda table: _fixed(table, 0),
    "safe_fixed_monotonic_time": lambda table: _fixed(table, 1),
    # DIVERGES(otp): there are no buckets and no shared binaries: every key has a place of its own, `binary` is empty.
    "stats": lambda table: table.stats() if isinstance(table, Hashed) else False,
    "binary": lambda table: [],
}
_LISTED = tuple(_ITEMS)[:15]
