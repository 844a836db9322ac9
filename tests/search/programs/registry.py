"""Programs whose processes race for a registered name."""

from __future__ import annotations

from functools import partial

from erlsim import TIMEOUT, Error
from tests.search.programs.kit import block, erlang, ets, go, matched, program


@program("basic_tests/registered_1:registered_1")
async def name_free_again():
    """A child takes its parent's name; the parent may still have it."""
    erlang.register("parent", erlang.self())

    async def child():
        await erlang.receive("go")
        erlang.register("parent", erlang.self())

    erlang.send(erlang.spawn(child), "go")


@program("basic_tests/registered_2:registered_2")
async def one_name_for_two():
    """A parent and its child register themselves by one name; then the parent registers the child, if it lives."""
    child = erlang.spawn(lambda: erlang.register("parent", erlang.self()))
    erlang.register("parent", erlang.self())
    erlang.register("child", child)


@program("basic_tests/registered_send_1:registered_send_1")
async def sent_before_registered():
    """A child tells that it is there before it has registered."""
    me = erlang.self()

    async def child():
        erlang.send(me, "ok")
        erlang.register("child", erlang.self())
        await erlang.receive("ok")

    erlang.spawn(child)
    await erlang.receive("ok")
    erlang.send("child", "ok")


@program("basic_tests/registered_send_2:registered_send_2")
async def the_dead_cannot_be_registered():
    """A child that does nothing is registered, if it lives."""
    erlang.register("child", erlang.spawn(lambda: None))


async def _one_message():
    await erlang.receive("ok")


@program("basic_tests/registered_send_3:registered_send_3")
async def sent_to_a_name_that_ends():
    """A child is told to end, registered, and written to by name."""
    child = erlang.spawn(_one_message)
    erlang.send(child, "ok")
    erlang.register("child", child)
    erlang.send("child", "foo")


@program("basic_tests/register_link:test")
async def registered_and_linked():
    """One registers a process, another links itself to it."""
    target = erlang.spawn(_one_message)
    erlang.spawn_monitor(lambda: erlang.register("foo", target))
    erlang.spawn_monitor(lambda: erlang.link(target))
    await erlang.receive()
    await erlang.receive()
    erlang.send(target, "ok")


@program("basic_tests/send_named_vs_send:send_named_vs_send")
async def a_name_changes_hands():
    """A name is taken over while another sends to it."""
    erlang.register("name", erlang.self())
    erlang.spawn(lambda: erlang.send("name", "message_1"))

    async def robber():
        erlang.unregister("name")
        erlang.register("name", erlang.self())
        erlang.spawn(lambda: erlang.send("name", "message_2"))
        if await erlang.receive("message_2", "message_1") == "message_1":
            erlang.throw("error")

    erlang.spawn(robber)
    await erlang.receive()
    await block()


@program("basic_tests/send_using_names:send_using_names")
async def by_pid_and_by_name():
    """One sends to a pid, another to its name; a certain order is expected."""
    me = erlang.self()
    erlang.register("name", me)
    go(partial(erlang.send, me, "msg1"), partial(erlang.send, "name", "msg2"))
    messages = [await erlang.receive(), await erlang.receive()]
    matched(["msg1", "msg2"], messages)


@program("basic_tests/unregister_deadlocked:test1")
async def sent_to_a_name_or_none():
    """A child registers itself while its parent sends to the name."""
    erlang.whereis("one")

    async def child():
        erlang.register("one", erlang.self())
        await block()

    erlang.spawn(child)
    erlang.send("one", "boo")


@program("basic_tests/is_process_alive_1:is_process_alive_1")
async def alive_a_moment_ago():
    """A child is registered if it lives; it may end in between."""
    child = erlang.spawn(lambda: None)
    if erlang.is_process_alive(child):
        erlang.register("child", child)


@program("basic_tests/main_and_backup:main_and_backup")
async def main_and_backup():
    """Two spawners each start a server; whoever finds the name taken makes his the backup."""
    erlang.register("parent", erlang.self())

    def spawner():
        if erlang.whereis("server") == "undefined":
            server = erlang.spawn(_one_message)
            try:
                erlang.register("server", server)
            except Error:
                erlang.register("server_backup", server)
        else:
            erlang.register("server_backup", erlang.spawn(_one_message))
        erlang.send("parent", "ok")

    go(spawner, spawner)
    await erlang.receive("ok")
    await erlang.receive("ok")
    erlang.send("server_backup", "ok")
    erlang.send("server", "ok")


async def _robbed(customer):
    erlang.register("bank", erlang.self())
    erlang.spawn(customer)
    witness = erlang.spawn(erlang.receive)

    async def robber():
        erlang.unregister("bank")
        erlang.register("bank", erlang.self())
        if await erlang.receive("money", after=0) is not TIMEOUT:
            erlang.send(witness, "robber_got_money")

    erlang.spawn(robber)
    await erlang.receive("money")
    erlang.send(witness, "bank_got_money")


@program("dpor_tests/register_again:register_again")
async def bank_and_robber():
    """A robber takes the bank's name; the customer pays whoever has it."""
    await _robbed(lambda: erlang.send("bank", "money"))


@program("dpor_tests/register_again_2:register_again_2")
async def bank_and_robber_and_careful_customer():
    """The customer does not mind if nobody has the name."""

    def customer():
        try:
            erlang.send("bank", "money")
        except Error:
            pass

    await _robbed(customer)


@program("basic_tests/i_hate_myself:i_hate_myself")
async def sent_before_the_name_is_there():
    """A child sends to a name that its parent is about to take."""
    erlang.spawn(lambda: erlang.send("name", "message"))
    erlang.register("name", erlang.self())
    await erlang.receive("message")


@program("basic_tests/monitor_named:test")
async def monitor_by_name():
    """A name is taken away while a monitor by that name is there."""
    child = erlang.spawn(_quits)
    erlang.register("child", child)
    ref = erlang.monitor("process", "child")
    erlang.unregister("child")
    erlang.send(child, "quit")
    await erlang.receive(("DOWN", ref, "process", ("child", ...), "normal"))


async def _quits():
    await erlang.receive("quit")


@program("basic_tests/ets_unnamed:test3")
async def three_register_after_writing():
    """Three processes, each with a table of its own, all want one name."""

    def child():
        table = ets.new("table", ["private"])
        ets.insert(table, (1, 2))
        ets.insert(table, (1, 3))
        erlang.register("tabler", erlang.self())

    go(child, child, child)


@program("advanced_tests/simple_registry:simple_registry")
async def simple_registry():
    """Three workers want to be the registered one; the registry asks whether the holder lives, and monitors it."""
    me = erlang.self()

    async def registry():
        erlang.register("registry", erlang.self())
        erlang.send(me, "ok")
        holder = None
        while (message := await erlang.receive("stop", ("reg", ...), ("DOWN", ..., ..., ..., ...))) != "stop":
            if message[0] == "DOWN":
                holder = None if holder == message[3] else holder
            elif holder is not None and erlang.is_process_alive(holder):
                erlang.send(message[1], False)
            else:
                holder = message[1]
                erlang.monitor("process", holder)
                erlang.send(holder, True)

    async def worker(link):
        erlang.send("registry", ("reg", erlang.self()))
        mine = await erlang.receive(lambda message: isinstance(message, bool))
        _, others = await erlang.receive(("token", ...))
        erlang.send(link, ("token", [mine, *others]))

    erlang.spawn(registry)
    await erlang.receive("ok")
    link = me
    for _ in range(3):
        link = erlang.spawn(worker, [link])
    erlang.send(link, ("token", []))
    await erlang.receive(("token", ...))
    erlang.send("registry", "stop")
