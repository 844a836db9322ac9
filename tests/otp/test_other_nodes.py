"""Servers, machines and what asks them on different nodes."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from erlsim import erlang, timer
from erlsim.otp import gen_event, gen_server, gen_statem, proc_lib
from tests.otp.kit import Log, outcome, server

pytestmark = pytest.mark.erlsim(crashes=True)

HERE, THERE = "here@localhost", "there@localhost"


@pytest.fixture
def two_nodes(sim):
    """`two_nodes(main)` runs `main` as the shell of the first of two nodes."""

    def run(main):
        async def named():
            erlang.setnode(HERE)
            assert erlang.start_node(THERE)
            return await main()

        return sim.run(named)

    return run


def stops(state):
    return ("stop", "gone", state)


def machine():
    return SimpleNamespace(
        init=lambda arg: ("ok", "s", arg),
        callback_mode=lambda: "handle_event_function",
        handle_event=lambda kind, content, state, data: ("stop", "gone"),
    )


@pytest.mark.parametrize(("behaviour", "request_"), [(gen_server, stops), (gen_statem, "stop")])
@pytest.mark.parametrize(
    ("single_line", "sentence"),
    [(False, "** Client {} is remote on node {}\n"), (True, " Client {} is remote on node {}.")],
)
def test_a_client_on_another_node_is_said_to_be_remote(two_nodes, behaviour, request_, single_line, sentence):
    async def main():
        log = Log()
        ok, pid = await behaviour.start(server() if behaviour is gen_server else machine(), 0, [])

        async def client():
            erlang.send(shell, erlang.self())
            await behaviour.call(pid, request_)

        shell = erlang.self()
        erlang.spawn(THERE, client)
        client_pid = await erlang.receive()
        await timer.sleep(10)
        report = log.reports()[0]
        assert report["client_info"] == (client_pid, "remote")
        return behaviour.format_log(report, {"single_line": single_line}), client_pid

    text, client_pid = two_nodes(main)
    assert text.endswith(sentence.format(repr(client_pid), THERE))


def test_a_call_to_a_global_name_on_a_node_that_goes_down_is_noproc_and_to_its_pid_nodedown(two_nodes):
    async def main():
        shell = erlang.self()
        silent = server(handle_call=lambda request, from_, state: ("noreply", state))

        async def begin():
            ok, pid = await gen_server.start(("global", "g"), silent, 0, [])
            erlang.send(shell, pid)
            await erlang.receive()

        erlang.spawn(THERE, begin)
        pid = await erlang.receive()

        async def ask(name):
            erlang.send(shell, (await outcome(gen_server.call(name, "hi", 1000)))[1][0])

        for name in (("global", "g"), pid):
            erlang.spawn(ask, [name])
        await timer.sleep(5)
        erlang.disconnect_node(THERE)
        return [await erlang.receive(after=1000) for _ in range(2)]

    assert two_nodes(main) == ["noproc", ("nodedown", THERE)]


def test_a_named_server_on_another_node_is_called_and_cast_to_and_missing_ones_are_told(two_nodes):
    async def main():
        shell = erlang.self()

        async def begin():
            ok, pid = await gen_server.start(("local", "srv"), server(), 0, [])
            erlang.send(shell, pid)
            await erlang.receive()

        erlang.spawn(THERE, begin)
        await erlang.receive()
        told = [await gen_server.call(("srv", THERE), lambda state: ("reply", erlang.node(), state))]
        told.append(gen_server.cast(("srv", THERE), lambda state: ("noreply", "cast")))
        told.append(gen_server.abcast([HERE, THERE, "no@node"], "srv", lambda state: ("noreply", (state, "abcast"))))
        told.append(await gen_server.call(("srv", THERE), lambda state: ("reply", state, state)))
        for nodes in ([THERE], [HERE, THERE], [THERE, "no@node", HERE], ["no@node"]):
            for timeout in ("infinity", 50):
                answered = await gen_server.multi_call(
                    nodes, "srv", lambda state: ("reply", erlang.node(), state), timeout
                )
                told.append(answered)
        return told, [
            (await outcome(gen_server.call(name, "hi", 10)))[1][0] for name in (("no", THERE), ("srv", "no@node"))
        ]

    told, missing = two_nodes(main)
    there = [(THERE, THERE)]
    assert told[:4] == [THERE, "ok", "abcast", ("cast", "abcast")]
    assert told[4:] == [
        (there, []),
        (there, []),
        (there, [HERE]),
        (there, [HERE]),
        (there, ["no@node", HERE]),
        (there, ["no@node", HERE]),
        ([], ["no@node"]),
        ([], ["no@node"]),
    ]
    assert missing == ["noproc", ("nodedown", "no@node")]


def test_all_nodes_are_asked_where_none_are_named(two_nodes):
    async def main():
        shell = erlang.self()

        async def begin():
            ok, pid = await gen_server.start(("local", "srv"), server(), 0, [])
            erlang.send(shell, pid)
            await erlang.receive()

        for node in (HERE, THERE):
            erlang.spawn(node, begin)
            await erlang.receive()
        gen_server.abcast("srv", lambda state: ("noreply", "told"))
        return await gen_server.multi_call("srv", lambda state: ("reply", state, state))

    assert two_nodes(main) == ([(HERE, "told"), (THERE, "told")], [])


def test_a_machine_on_another_node_answers_by_way_of_a_process_in_between_or_not(two_nodes):
    async def main():
        shell = erlang.self()
        slow = SimpleNamespace(
            init=lambda arg: ("ok", "s", arg),
            callback_mode=lambda: "handle_event_function",
            handle_event=lambda kind, content, state, data: (
                "keep_state_and_data",
                [("reply", kind[1], kind[1][0] == shell)],
            ),
        )

        async def begin():
            ok, pid = await gen_statem.start(("local", "m"), slow, 0, [])
            erlang.send(shell, pid)
            await erlang.receive()

        erlang.spawn(THERE, begin)
        pid = await erlang.receive()
        return [
            await gen_statem.call(to, "who", timeout)
            for to in (pid, ("m", THERE))
            for timeout in ("infinity", 100, ("clean_timeout", 100), ("dirty_timeout", 100))
        ]

    assert two_nodes(main) == [True, False, False, True] * 2


def test_events_and_handlers_cross_between_nodes(two_nodes):
    async def main():
        shell = erlang.self()
        handler = SimpleNamespace(
            init=lambda arg: ("ok", arg),
            handle_event=lambda event, state: (erlang.send(shell, (erlang.node(), event)), ("ok", state))[1],
            handle_call=lambda request, state: ("ok", (request, erlang.node()), state),
        )

        async def begin():
            ok, pid = await gen_event.start(("local", "events"))
            erlang.send(shell, await gen_event.add_handler(pid, handler, 0))
            await erlang.receive()

        erlang.spawn(THERE, begin)
        await erlang.receive()
        manager = ("events", THERE)
        told = [gen_event.notify(manager, "a"), await gen_event.sync_notify(manager, "b")]
        told.append(await gen_event.call(manager, handler, "c"))
        return told, [await erlang.receive() for _ in range(2)]

    told, heard = two_nodes(main)
    assert told == ["ok", "ok", ("c", THERE)]
    assert heard == [(THERE, "a"), (THERE, "b")]


def test_neighbours_on_other_nodes_are_in_a_crash_report_while_their_nodes_are_there(two_nodes):
    async def main():
        log = Log()
        shell = erlang.self()

        async def wait():
            erlang.put("$initial_call", ("m", "f", 2))
            erlang.send(shell, "ready")
            await erlang.receive()

        async def crash():
            pid = proc_lib.spawn_link(THERE, wait)
            await erlang.receive("go")
            erlang.send(shell, pid)
            erlang.exit("gone")

        crashing = proc_lib.spawn(crash)
        await erlang.receive("ready")
        erlang.send(crashing, "go")
        neighbour = await erlang.receive()
        await timer.sleep(20)
        return log.reports()[0]["report"], neighbour, crashing

    (own, neighbours), pid, crashing = two_nodes(main)
    ((tag, told),) = neighbours
    assert tag == "neighbour" and told[0] == ("pid", pid)
    assert dict(told)["initial_call"] == ("m", "f", ["Argument__1", "Argument__2"])
    assert dict(told)["links"] == [crashing] and dict(own)["links"] == [pid]
    assert dict(told)["ancestors"][0] == crashing


def test_nodes_that_do_not_answer_cost_the_timeout_once_whatever_their_number(two_nodes):
    async def main():
        shell = erlang.self()
        silent = server(handle_call=lambda request, from_, state: ("noreply", state))

        async def begin():
            await gen_server.start(("local", "srv"), silent, 0, [])
            erlang.send(shell, "begun")
            await erlang.receive()

        for node in (HERE, THERE):
            erlang.spawn(node, begin)
            await erlang.receive()
        answer = await gen_server.multi_call([HERE, THERE, HERE, THERE], "srv", "hi", 50)
        return answer, erlang.monotonic_time("millisecond")

    assert two_nodes(main) == (([], [HERE, THERE, HERE, THERE]), 50)


def test_replies_and_bad_nodes_stand_in_the_order_in_which_the_nodes_were_named(two_nodes):
    async def main():
        shell = erlang.self()
        counting = server(handle_call=lambda request, from_, state: ("reply", state, state + 1))

        async def begin():
            await gen_server.start(("local", "srv"), counting, 0, [])
            erlang.send(shell, "begun")
            await erlang.receive()

        for node in (HERE, THERE):
            erlang.spawn(node, begin)
            await erlang.receive()
        nodes = [HERE, "a@x", THERE, "b@x", HERE, "c@x", THERE]
        return [await gen_server.multi_call(nodes, "srv", "hi", timeout) for timeout in ("infinity", 50)]

    (replies, bad), (later, also_bad) = two_nodes(main)
    # Of two replies of one node the first goes to whom it has been asked last, as in OTP.
    assert replies == [(HERE, 1), (THERE, 1), (HERE, 0), (THERE, 0)]
    assert later == [(HERE, 3), (THERE, 3), (HERE, 2), (THERE, 2)]
    assert bad == also_bad == ["a@x", "b@x", "c@x"]
