"""Programs whose processes race with exit signals, links and monitors."""

from __future__ import annotations

from functools import partial

from erlsim import TIMEOUT, Error, Exit
from tests.search.programs.kit import block, erlang, ets, go, matched, program, read, write


async def _one_message():
    await erlang.receive("ok")


def _nothing():
    pass


def _down(ref, pid):
    return ("DOWN", ref, "process", pid, ...)


def _sends_ok(to):
    return partial(erlang.send, to, "ok")


def _kills(pid, reason):
    return partial(erlang.exit, pid, reason)


@program("basic_tests/kill_running_waiting:test")
async def sender_and_receiver_killed():
    """One sends to another; both are killed, or too late."""
    receiver = erlang.spawn(_one_message)
    sender = erlang.spawn(_sends_ok(receiver))
    go(_kills(receiver, "abnormal"), _kills(sender, "abnormal"))


@program("basic_tests/many_kill:test")
async def killed_by_three():
    """Whose signal is first is the reason."""
    target = erlang.spawn(block)
    go(_kills(target, "not_normal"), _kills(target, "also_not_normal"), _kills(target, "not_normal"))


@program("dpor_tests/many_kill_2:test")
async def killed_by_either():
    """Two kill for the same reason; one has written before."""
    ets.new("table", ["named_table", "public"])
    target, ref = erlang.spawn_monitor(block)

    def kills(writes):
        if writes:
            ets.insert("table", ("foo",))
        erlang.exit(target, "not_normal")

    go(partial(kills, True), partial(kills, False))
    await erlang.receive(("DOWN", ref, "process", target, "not_normal"))
    matched(ets.lookup("table", "foo") != [], True)


@program("basic_tests/many_links:many_links")
async def two_links():
    """A process that traps exits links itself to two that end."""
    erlang.process_flag("trap_exit", True)
    for pid in go(_nothing, _nothing):
        erlang.link(pid)
    await block()


@program("basic_tests/many_monitors:many_monitors")
async def two_monitors():
    """A process monitors two that end."""
    for pid in go(_nothing, _nothing):
        erlang.monitor("process", pid)
    await block()


async def _traps_and_looks():
    erlang.process_flag("trap_exit", True)
    if await erlang.receive(after=0) is not TIMEOUT:
        erlang.throw("untrapped")


@program("basic_tests/link_after:link_after")
async def linked_while_it_looks():
    """A child traps exits and looks into its mailbox; its parent links itself to it and ends."""
    child = erlang.spawn(_traps_and_looks)
    try:
        erlang.link(child)
    except Error:
        pass


@program("basic_tests/monitor_demonitor:monitor_demonitor")
async def monitor_and_demonitor():
    """Two children, each told to end by one that monitors it; one of these takes its monitor back."""

    first = erlang.spawn(_one_message)

    async def monitors():
        erlang.send(first, "ok")
        ref = erlang.monitor("process", first)
        await erlang.receive(("DOWN", ref, "process", first, "normal"))

    erlang.spawn(monitors)
    second = erlang.spawn(_one_message)

    async def takes_back():
        ref = erlang.monitor("process", second)
        erlang.send(second, "ok")
        erlang.demonitor(ref)
        if await erlang.receive(("DOWN", ref, "process", second, "normal"), after=0) is not TIMEOUT:
            await block()

    erlang.spawn(takes_back)


@program("basic_tests/monitor_missing_messages:monitor_missing_messages")
async def down_or_not_yet():
    """A child's DOWN is looked for once."""
    erlang.spawn_monitor(_nothing)
    if await erlang.receive(after=0) is not TIMEOUT:
        erlang.throw("boo")


@program("basic_tests/monitor_order:test")
async def monitors_of_each_other():
    """Three processes monitor one another and take it back; one of them is killed on the way."""

    async def first():
        held = None
        while True:
            message = await erlang.receive(("p2", ...), "p3", "demonitor_p2", "clear")
            if message == "p3":
                if held is not None:
                    erlang.send(held[0], "ok")
            elif message == "demonitor_p2":
                if held is None:
                    erlang.exit("test")
                erlang.demonitor(held[1], ["flush"])
                held = None
            elif message == "clear":
                held = None
            else:
                erlang.send(erlang.self(), "clear")
                held = (message[1], erlang.monitor("process", message[1]))

    async def second(one):
        ref = erlang.monitor("process", one)
        erlang.send(one, ("p2", erlang.self()))
        await erlang.receive("ok")
        erlang.send(one, "demonitor_p2")
        erlang.demonitor(ref, ["flush"])

    def third(one):
        ref = erlang.monitor("process", one)
        erlang.send(one, "p3")
        erlang.demonitor(ref, ["flush"])

    one = erlang.spawn(first)
    erlang.spawn(second, [one])
    erlang.exit(erlang.spawn(third, [one]), "test")


@program("basic_tests/process_flag_link:process_flag_link")
async def message_and_exit():
    """One sends, another links itself and ends; a certain order is expected."""
    me = erlang.self()
    erlang.process_flag("trap_exit", True)
    go(partial(erlang.send, me, "message"), partial(erlang.link, me))
    first = await erlang.receive()
    await erlang.receive()
    matched(first, "message")


async def _a_trapping_link():
    me = erlang.self()

    async def child():
        erlang.process_flag("trap_exit", True)
        erlang.send(me, "ok")
        await block()

    erlang.spawn_link(child)
    await erlang.receive("ok")


def _link_if_alive(pid):
    try:
        erlang.link(pid)
    except Error:
        pass


@program("basic_tests/send_vs_trap_exit:send_vs_trap_exit")
async def message_to_oneself_and_exit():
    """A process sends to itself while its linked parent ends."""
    await _a_trapping_link()

    async def child():
        erlang.process_flag("trap_exit", True)
        erlang.send(erlang.self(), "banana")
        message = await erlang.receive()
        if message != "banana":
            erlang.throw(message)

    _link_if_alive(erlang.spawn(child))


@program("basic_tests/after_vs_trap_exit:after_vs_trap_exit")
async def look_and_exit():
    """A process looks into its mailbox while its linked parent ends."""
    await _a_trapping_link()

    async def child():
        erlang.process_flag("trap_exit", True)
        message = await erlang.receive(after=0)
        if message is not TIMEOUT:
            erlang.throw(message)

    _link_if_alive(erlang.spawn(child))


@program("basic_tests/signals_vs_messages:test")
async def signal_and_message():
    """One kills, one sends, one asks for the name."""
    me = erlang.self()
    erlang.register("p", me)
    go(_kills(me, "die"), _sends_ok(me), partial(erlang.whereis, "p"))
    await erlang.receive("ok")


@program("basic_tests/signals_vs_messages:test1")
async def normal_exit_and_message():
    """A linked child ends normally, another sends."""
    me = erlang.self()
    erlang.spawn_link(_nothing)
    erlang.spawn(_sends_ok(me))
    await erlang.receive("ok")


async def _foo_then_bar():
    await erlang.receive("foo")
    await erlang.receive("bar")
    await block()


def _foo_and_die(to):
    def both():
        erlang.send(to, "foo")
        erlang.exit(to, "die")

    return both


@program("basic_tests/receive_exit:test")
async def bar_and_foo_die():
    """One sends bar; another sends foo and kills."""
    to = erlang.spawn(_foo_then_bar)
    go(partial(erlang.send, to, "bar"), _foo_and_die(to))


@program("basic_tests/receive_exit:test1")
async def foo_die_and_bar():
    """The same the other way round."""
    to = erlang.spawn(_foo_then_bar)
    go(_foo_and_die(to), partial(erlang.send, to, "bar"))


@program("basic_tests/receive_exit:test2")
async def die_foo_bar():
    """Three: one kills, one sends foo, one bar."""
    to = erlang.spawn(_foo_then_bar)
    go(_kills(to, "die"), partial(erlang.send, to, "foo"), partial(erlang.send, to, "bar"))


@program("basic_tests/receive_exit:test3")
async def parent_kills():
    """The parent kills while two children send."""
    to = erlang.spawn(_foo_then_bar)
    go(partial(erlang.send, to, "bar"), partial(erlang.send, to, "foo"))
    erlang.exit(to, "die")


@program("basic_tests/receive_without_trapping:receive_without_trapping")
async def linked_child_ends_well():
    """A linked child ends normally: nothing comes of it."""
    me = erlang.self()

    async def any_message():
        await erlang.receive()

    linked = erlang.spawn_link(any_message)

    async def other():
        await erlang.receive()
        erlang.send(linked, "ok")
        erlang.send(me, "ok")

    erlang.send(erlang.spawn(other), "ok")
    await erlang.receive()


async def _traps_and_takes():
    erlang.process_flag("trap_exit", True)
    await erlang.receive()


@program("basic_tests/exit:test1")
async def normal_to_one_that_traps():
    """exit/2 with normal: taken as a message if the flag is set already."""
    erlang.exit(erlang.spawn(_traps_and_takes), "normal")


@program("basic_tests/exit:test2")
async def foo_to_one_that_traps():
    """exit/2 with another reason: a message, or the end."""
    erlang.exit(erlang.spawn(_traps_and_takes), "foo")


@program("basic_tests/exit:test3")
async def kill_to_one_that_traps():
    """exit/2 with kill."""
    erlang.exit(erlang.spawn(_traps_and_takes), "kill")


def _crashes(reason):
    return partial(erlang.exit, reason)


@program("basic_tests/exit:test6")
async def three_linked_crash():
    """Two linked children and their parent crash: whose reason is whose."""
    erlang.spawn_link(_crashes("crash_1"))
    erlang.spawn_link(_crashes("crash_2"))
    erlang.exit("crash_main")


@program("basic_tests/self_exits:test1")
async def exit_2_to_oneself_normal():
    """exit(self(), normal) ends a process that does not trap exits."""
    child, ref = erlang.spawn_monitor(partial(_exits_itself, "normal", "abnormal"))
    matched((await erlang.receive(_down(ref, child)))[4], "normal")


@program("basic_tests/self_exits:test3")
async def exit_2_to_oneself_abnormal():
    """exit(self(), abnormal) ends it at once."""
    child, ref = erlang.spawn_monitor(partial(_exits_itself, "abnormal", "normal"))
    matched((await erlang.receive(_down(ref, child)))[4], "abnormal")


def _exits_itself(reason, otherwise):
    try:
        erlang.exit(erlang.self(), reason)
    except (Error, Exit):
        pass
    erlang.exit(otherwise)


@program("basic_tests/deeper_exit:test")
async def both_ends_of_a_request_killed():
    """One asks, one answers; their parent kills both."""

    async def serves():
        client = await erlang.receive()
        erlang.send(client, "ok")

    async def asks(server):
        erlang.send(server, erlang.self())
        await erlang.receive("ok")

    server = erlang.spawn(serves)
    client = erlang.spawn(asks, [server])
    erlang.exit(server, "kill")
    erlang.exit(client, "kill")


@program("basic_tests/messed_deliveries:test")
async def two_signals_to_one_that_traps():
    """Two send exit signals to a process that traps them, while it sends to another."""
    me = erlang.self()
    erlang.process_flag("trap_exit", True)

    async def looks():
        await erlang.receive(after=0)

    other = erlang.spawn(looks)
    go(_kills(me, "die"), _kills(me, "die"))
    erlang.send(other, "ok")


@program("advanced_tests/source_killer:test")
async def killed_between_reads():
    """A process reads two rows; another writes one of them, and a third kills it when it has read that."""
    ets.new("table", ["public", "named_table"])

    def reads():
        read("v")
        read("k")

    target = erlang.spawn(reads)

    def kills():
        read("k")
        erlang.exit(target, "kill")

    go(partial(write, "k", 1), kills)
    await block()


@program("advanced_tests/receive_deps_kill:test")
async def killed_after_its_message():
    """A process sends and then writes; whoever has the message kills it and looks."""
    me = erlang.self()
    ets.new("table", ["public", "named_table"])

    def sends_and_writes(number):
        erlang.send(me, number)
        if number == 1 or ets.lookup("table", "k") != []:
            write("k", number)

    erlang.spawn(sends_and_writes, [1])
    await erlang.receive()
    second = erlang.spawn(sends_and_writes, [2])
    await erlang.receive()
    erlang.exit(second, "boo")
    read("k")
    await block()


@program("basic_tests/timers_afters_exits_crashes:my_exit_ok")
async def normal_has_no_effect():
    """exit/2 with normal to one that does not trap exits."""
    child = erlang.spawn(_any_message)
    erlang.exit(child, "normal")
    await block()


async def _any_message():
    await erlang.receive()


@program("basic_tests/timers_afters_exits_crashes:my_exit_bad")
async def whatever_ends_it():
    """exit/2 with another reason."""
    child = erlang.spawn(_any_message)
    erlang.exit(child, "whatever")
    await block()


@program("basic_tests/timers_afters_exits_crashes:both_crash")
async def parent_and_child_crash():
    """Both crash, and are not linked."""
    erlang.spawn(partial(erlang.error, "child"))
    erlang.error("parent")


# ---- demonitor: has the monitor's message come before? -----------------------------------------------------


async def _got(ref, pid):
    return await erlang.receive(_down(ref, pid), after=0) is not TIMEOUT


def _impossible(got):
    if got:
        erlang.error("impossible")


@program("dpor_tests/precise_demonitor:demonitor_empty")
async def demonitor():
    """Look, demonitor, look again, and again."""
    pid, ref = erlang.spawn_monitor(_nothing)
    if not await _got(ref, pid):
        erlang.demonitor(ref, [])
        await _got(ref, pid)
        _impossible(await _got(ref, pid))


@program("dpor_tests/precise_demonitor:demonitor_flush")
async def demonitor_flush():
    """Look, demonitor with flush, look again."""
    pid, ref = erlang.spawn_monitor(_nothing)
    if not await _got(ref, pid):
        erlang.demonitor(ref, ["flush"])
        _impossible(await _got(ref, pid))


@program("dpor_tests/precise_demonitor:demonitor_info")
async def demonitor_info():
    """Look, demonitor with info; it tells whether the monitor was there."""
    pid, ref = erlang.spawn_monitor(_nothing)
    if await _got(ref, pid):
        return
    if erlang.demonitor(ref, ["info"]):
        _impossible(await _got(ref, pid))
    else:
        matched(erlang.is_process_alive(pid), False)
        await _got(ref, pid)
        _impossible(await _got(ref, pid))


@program("dpor_tests/precise_demonitor:demonitor_flush_info")
async def demonitor_flush_info():
    """Both options."""
    pid, ref = erlang.spawn_monitor(_nothing)
    if not await _got(ref, pid):
        erlang.demonitor(ref, ["flush", "info"])
        _impossible(await _got(ref, pid))


@program("basic_tests/monitor_info:test1")
async def info_tells_what_came():
    """If demonitor says that the monitor is gone, its message has come or will come."""
    _, ref = erlang.spawn_monitor(_nothing)
    before = await erlang.receive(after=0) is not TIMEOUT
    if erlang.demonitor(ref, ["info"]):
        if await erlang.receive(after=0) is not TIMEOUT:
            erlang.error("never")
    elif not before:
        await erlang.receive()


@program("basic_tests/monitor_info:test2")
async def flushed_in_any_case():
    """After flush nothing comes, whatever info says."""
    _, ref = erlang.spawn_monitor(_nothing)
    erlang.demonitor(ref, ["flush", "info"])
    if await erlang.receive(after=0) is not TIMEOUT:
        erlang.error("never")


@program("basic_tests/demonitor_flush:test2")
async def demonitor_and_look():
    """Demonitor without options, then look."""
    pid, ref = erlang.spawn_monitor(_nothing)
    erlang.demonitor(ref, [])
    await _got(ref, pid)
    await block()


def _ok_and_go(me):
    def both():
        erlang.send(me, "ok")
        erlang.send(me, "go")

    return both


async def _ok_or_down(ref, pid):
    if (message := await erlang.receive("ok", _down(ref, pid), after=0)) not in ("ok", TIMEOUT):
        _impossible(message)


@program("basic_tests/demonitor_flush:test4")
async def flush_among_messages():
    """The DOWN that flush takes may lie among other messages."""
    me = erlang.self()
    pid, ref = erlang.spawn_monitor(_nothing)
    erlang.spawn(_ok_and_go(me))
    await erlang.receive("go")
    erlang.demonitor(ref, ["flush"])
    await _ok_or_down(ref, pid)


@program("basic_tests/demonitor_flush:test6")
async def look_and_flush_among_messages():
    """The same, with a look before."""
    me = erlang.self()
    erlang.spawn(_ok_and_go(me))
    pid, ref = erlang.spawn_monitor(_nothing)
    await erlang.receive("go")
    await _got(ref, pid)
    erlang.demonitor(ref, ["flush"])
    await _ok_or_down(ref, pid)


@program("basic_tests/demonitor_sane_opts:test3")
async def anothers_monitor():
    """A reference of somebody else's monitor takes nothing back."""
    first, one = erlang.spawn_monitor(_one_message)
    second, two = erlang.spawn_monitor(lambda: matched(erlang.demonitor(one), True))
    await erlang.receive(("DOWN", two, "process", second, "normal"))
    erlang.send(first, "ok")
    await erlang.receive(("DOWN", one, "process", first, "normal"))
