"""Programs in which processes ask about others."""

from __future__ import annotations

from functools import partial

from tests.search.programs.kit import block, erlang, go, matched, program


def _registers():
    erlang.register("foo", erlang.self())


@program("basic_tests/process_info:test1")
async def asked_for_its_name():
    """A child registers itself while it is asked for its name; it may be gone, too."""
    erlang.exit(erlang.process_info(erlang.spawn(_registers), "registered_name"))


@program("basic_tests/process_info:test3")
async def asked_when_dead():
    """A process that is known to have ended has no name."""
    child, _ = erlang.spawn_monitor(lambda: None)
    await erlang.receive()
    matched(erlang.process_info(child, ["registered_name", "group_leader"]), "undefined")


async def _takes_ok():
    await erlang.receive(("ok", ...))
    await block()


def _asked(item):
    to = erlang.spawn(_takes_ok)

    def both():
        erlang.send(to, ("bar", erlang.self()))
        erlang.send(to, ("ok", erlang.self()))

    go(
        both,
        lambda: erlang.send(to, ("ok", erlang.self())),
        partial(erlang.process_info, to, [item]),
    )


@program("basic_tests/process_info:test_messages")
async def asked_for_its_messages():
    """A mailbox is looked at while two fill it and its owner takes something out."""
    _asked("messages")


@program("basic_tests/process_info:test_message_queue_len")
async def asked_for_the_length():
    """Its length is asked for."""
    _asked("message_queue_len")


@program("basic_tests/process_info:test_mql_flush")
async def asked_while_flushing():
    """A DOWN comes and is flushed while the length of the queue is asked for."""

    async def watcher():
        _, ref = erlang.spawn_monitor(lambda: None)
        erlang.demonitor(ref, ["flush"])
        await block()

    child = erlang.spawn(watcher)
    erlang.spawn(partial(erlang.process_info, child, "message_queue_len"))


@program("dpor_tests/process_info:links")
async def asked_for_its_links():
    """Two link themselves to a process that asks for its own links."""
    me = erlang.self()

    def by_name():
        erlang.whereis("name")
        erlang.link(me)

    def after_a_message():
        erlang.send(me, "foo")
        erlang.link(me)

    go(by_name, after_a_message)
    await erlang.receive("foo")
    erlang.process_info(me, "links")
    erlang.register("name", me)
    await block()


@program("basic_tests/exit_message_unpredicted:exit_message_unpredicted")
async def alive_or_down():
    """A monitored child is asked whether it lives while another sends."""
    me = erlang.self()
    watched, _ = erlang.spawn_monitor(lambda: None)
    erlang.spawn(partial(erlang.send, me, "ok"))
    erlang.is_process_alive(watched)
    await erlang.receive()
    await block()
