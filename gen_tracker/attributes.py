"""What is known about the children: reading and writing their attributes, and the process that writes.

Reading only touches ETS. `setattr` and `delattr` go through `ZONE_setter`, which writes one thing after the
other and only for children that exist; `increment` writes straight to the table, where it is atomic.
The setter is linked to the tracker and ends with it.

Between its look at the child's row and its writing the child may die and its rows be deleted: what it writes then
outlives the child, and is found again under the next child of that name. So it is in the original. With the option
`tidy` it is the setter that deletes, too (`forget`): it does one thing after the other, so that nothing comes between.
"""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, overload

from erlsim import erlang, ets, timer
from erlsim.errors import Error, Exit
from erlsim.otp import gen_server, logger, proc_lib
from erlsim.terms import ABSENT, Improper, Pid, Ref, Term, eq, matchable
from gen_tracker import tables
from gen_tracker.options import Options
from gen_tracker.tables import ATTRIBUTE, LAUNCHING, PAIR, PID, RESTARTING, Terms, attr_table, attributes, find_row

__erlang_module__ = "gen_tracker"

WAIT_STEP = 1000
"""How many ms pass between two looks of a `getattr` that waits."""

_PLAIN = frozenset((int, float, bool, bytes, Pid, Ref))

# ---- reading and counting: ETS alone -----------------------------------------------------------


def attrs(zone: Term, name: Term) -> Terms:
    """`[(key, value), ...]` of a child; `[]` for one that does not exist. `gen_tracker:attrs/2`."""
    return attributes(zone, name)


def info(zone: Term, name: Term, keys: Term = ABSENT) -> Terms:
    """`[(key, value), ...]` of a child, all of them or those of a list of keys. `gen_tracker:info/2,3`.

    With keys, name and keys stand in a match specification as they are: a tuple among them is taken for an
    operation, and raises `badarg`, as in the original. `function_clause` when `keys` is no list.
    """
    if keys is ABSENT:
        return attributes(zone, name)
    if type(keys) is list and not keys:
        return []
    if is_plain(name) and keys_are_plain(keys):
        return only(attributes(zone, name), keys)
    # A quirk that is kept: with `("const", name)` tuples would do as well.
    guard = ("andalso", ("==", "$1", name), _any_of(keys))
    pairs: Terms = ets.select(attr_table(zone), [(ATTRIBUTE, [guard], [PAIR])])
    return pairs


def only(pairs: Terms, keys: Terms) -> Terms:
    """The pairs with one of these keys."""
    return [pair for pair in pairs if any(eq(pair[0], key) for key in keys)]


def is_plain(term: Term) -> bool:
    """Whether a term surely stands for itself in a match specification, which is then not needed."""
    return term[:1] != "$" if type(term) is str else type(term) in _PLAIN


def keys_are_plain(keys: Term) -> bool:
    """The same for all keys of a list; `function_clause` when it is none."""
    if type(keys) is not list:
        raise Error("function_clause")
    return all(map(is_plain, keys))


def _any_of(keys: Terms) -> Term:
    guard: Term
    *first, guard = [("==", "$2", key) for key in keys]
    for condition in reversed(first):
        guard = ("orelse", condition, guard)
    return guard


@overload
def getattr(zone: Term, name: Term, key: Term) -> Term: ...
@overload
def getattr(zone: Term, name: Term, key: Term, timeout: Term) -> Coroutine[Any, Any, Term]: ...
def getattr(zone: Term, name: Term, key: Term, timeout: Term = ABSENT) -> Term:
    """`("ok", value)` of one attribute, or `"undefined"`. `gen_tracker:getattr/3,4`.

    With a timeout it is to be awaited, and waits for the attribute to appear: it looks at once and then every
    1000 ms as long as `timeout` has not run out by more than that, so that with 0 it looks at 0 and at 1000 ms
    and gives up at 2000. `"infinity"` waits for ever.
    """
    if timeout is not ABSENT:
        return _awaited(zone, name, key, timeout)
    found = ets.lookup(attr_table(zone), (name, key))
    return ("ok", found[0][1]) if found else "undefined"


async def _awaited(zone: Term, name: Term, key: Term, timeout: Term) -> Term:
    # DIVERGES(gen_tracker): `infinity` waits; the original fails with badarith at its second look.
    while timeout == "infinity" or timeout >= -WAIT_STEP:
        found = getattr(zone, name, key)
        if found != "undefined":
            return found
        await timer.sleep(WAIT_STEP)
        if timeout != "infinity":
            timeout -= WAIT_STEP
    return "undefined"


@overload
def increment(zone: Term, name: Term, key: Term, by: Term) -> Term: ...
@overload
def increment(zone: Term, name: Term, key: Term, by: Term, default: Term) -> Term: ...
def increment(zone: Term, name: Term, key: Term, by: Term, default: Term = ABSENT) -> Term:
    """Add to a counter at once, past the setter: its new value. `gen_tracker:increment/4,5`.

    Without `default` the counter must exist and be an integer, else `badarg`. With it a counter that does not
    exist starts there, and no child needs to exist. `by` is anything that `ets:update_counter` takes.
    """
    if default is ABSENT:
        return ets.update_counter(attr_table(zone), (name, key), by)
    return ets.update_counter(attr_table(zone), (name, key), by, ((name, key), default))


# ---- writing: through the setter ---------------------------------------------------------------


@overload
async def setattr(zone: Term, name: Term, attributes: Term, /) -> str: ...
@overload
async def setattr(zone: Term, name: Term, key: Term, value: Term, /) -> str: ...
async def setattr(zone: Term, name: Term, key: Term, value: Term = ABSENT, /) -> str:
    """`setattr(zone, name, [(key, value), ...])` or `setattr(zone, name, key, value)`: `"ok"`.

    Raises `error:("void_setting", zone, name, keys)` (the key itself in the second form) when there is no
    such child, or none any more. Elements of the list that are no pairs are passed over; `("bad_generator", _)`
    for what is no list. `gen_tracker:setattr/3,4`.
    """
    request: Term
    if value is not ABSENT:
        request, keys = ("set", name, key, value), key
    else:
        pairs = _pairs(key)
        request, keys = ("set", name, pairs), [pair[0] for pair in pairs]
    if await gen_server.call(attr_process(zone), request) != "ok":
        raise Error(("void_setting", zone, name, keys))
    return "ok"


async def delattr(zone: Term, name: Term, key: Term) -> Term:
    """Delete one attribute, if it is there: `"ok"`. `gen_tracker:delattr/3`."""
    return await gen_server.call(attr_process(zone), ("delete", name, key))


def attr_process(zone: Term) -> str:
    """The name of the setter; `badarg` for what is no atom."""
    if type(zone) is not str:
        raise Error("badarg")
    return zone + "_setter"


def _pairs(attributes: Term) -> Terms:
    # DIVERGES(gen_tracker): a bad list fails in the caller; the original's setter dies of it, for good.
    if isinstance(attributes, Improper):
        raise Error(("bad_generator", attributes.tail))
    if type(attributes) is not list:
        raise Error(("bad_generator", attributes))
    return [pair for pair in attributes if type(pair) is tuple and len(pair) == 2]


# ---- forgetting: by whoever clears up, or through the setter ------------------------------------------------


async def forget(zone: Term, name: Term, options: Options, proxy: Term = "undefined") -> None:
    """Delete the rows of a child that is no more; with `tidy` as one step among the setter's.

    A `proxy` speaks for its own child only: when the setter comes to it the name may be another's.
    """
    if not (options.tidy and await _by_setter(zone, ("forget", name, proxy))):
        tables.forget(zone, name)


async def forget_failed(zone: Term, name: Term, options: Options) -> None:
    """Delete the row of a child that the calling proxy could not start; with `tidy` its attributes as well."""
    if not (options.tidy and await _by_setter(zone, ("forget", name, erlang.self()))):
        tables.drop(zone, name)


async def forget_all(zone: Term, options: Options) -> None:
    """Empty both tables; with `tidy` as one step among the setter's."""
    if not (options.tidy and await _by_setter(zone, "forget_all")):
        tables.forget_all(zone)


async def _by_setter(zone: Term, request: Term) -> bool:
    """Whether the setter has done it. One that is dead does not, and writes nothing any more either."""
    try:
        await gen_server.call(attr_process(zone), request, "infinity")
        return True
    except Exit:
        # It has died with the tracker, or was killed. In the first case the tables are gone, too.
        return erlang.whereis(zone) == "undefined"


# ---- the setter --------------------------------------------------------------------------------


async def init_setter(zone: Term) -> None:
    """The setter's code: registers its name, then serves until the tracker ends."""
    erlang.register(attr_process(zone), erlang.self())
    proc_lib.init_ack(("ok", erlang.self()))
    erlang.put("name", ("setter", zone))
    table = attr_table(zone)
    while True:
        message = await erlang.receive()
        match matchable(message):
            case ("$gen_call", client, request) if (reply := _serve(zone, table, request)) is not None:
                gen_server.reply(client, reply)
            case _:
                logger.info({"unknown_msg": message, "table": table, "zone": zone})


def _serve(zone: Term, table: str, request: Term) -> Term:
    match matchable(request):
        case ("set", name, key, value):
            return _write(zone, name, table, ((name, key), value))
        case ("set", name, pairs):
            return _write(zone, name, table, [((name, key), value) for key, value in pairs])
        case ("delete", name, key):
            ets.delete(table, (name, key))
            return "ok"
        case ("forget", name, proxy):
            row = find_row(zone, name)
            if type(proxy) is not Pid or (row is not None and row[tables.PROXY] == proxy):
                tables.forget(zone, name)
            return "ok"
        case "forget_all":
            tables.forget_all(zone)
            return "ok"
    # DIVERGES(gen_tracker): a strange call is logged like any strange message; the original's setter dies of it,
    # for good.
    return None


def _write(zone: Term, name: Term, table: str, rows: Term) -> Term:
    child = find_row(zone, name)
    if child is None or not (type(child[PID]) is Pid or child[PID] in (LAUNCHING, RESTARTING)):
        return ("error", "enoent")
    ets.insert(table, rows)
    return "ok"
