"""gen_server_SUITE: requests that are not waited for, one by one and in collections."""

import pytest

from erlsim import TIMEOUT, erlang, terms, timer
from erlsim.errors import ErlangException
from erlsim.otp import gen_server
from tests.otp_suites.gen_server.kit import NAME, DummyVia, case, dies_of, start, start_link
from tests.otp_suites.kit import recv_msgs

VIA = ("via", "dummy_via", "other")


async def answer_of(server, request):
    return await gen_server.wait_response(gen_server.send_request(server, request), "infinity")


async def failure_of(server, request="started_p"):
    """Why there is no answer."""
    kind, (reason, _) = await answer_of(server, request)
    assert kind == "error"
    return reason


async def answers_in_time(pid):
    assert await answer_of(NAME, "started_p") == ("reply", "ok")
    assert await answer_of(pid, ("delayed_answer", 1)) == ("reply", "delayed")
    first = gen_server.send_request(NAME, ("call_within", 1000))
    second = gen_server.send_request(NAME, "next_call")
    assert await gen_server.wait_response(first, "infinity") == ("reply", "ok")
    assert await gen_server.wait_response(second, "infinity") == ("reply", "ok")
    third = gen_server.send_request(NAME, ("call_within", 1000))
    assert gen_server.check_response(("foo", "bar"), third) == "no_reply"
    message = await erlang.receive((terms.Improper, ...), after=1000)
    assert message is not TIMEOUT and message[0].items == ("alias",)
    assert gen_server.check_response(message, third) == ("reply", "ok")
    await timer.sleep(1500)
    assert await answer_of(NAME, "next_call") == ("reply", False)
    late = gen_server.send_request(NAME, ("delayed_answer", 50))
    assert await gen_server.wait_response(late, 0) == "timeout"
    assert await gen_server.wait_response(late, "infinity") == ("reply", "delayed")


@case()
async def test_send_request():
    erlang.process_flag("trap_exit", True)
    pid = await start_link(name=("local", NAME))
    await answers_in_time(pid)
    assert await failure_of(NAME, "badreturn") == ("bad_return_value", "badreturn")
    assert (await failure_of(pid), await failure_of(NAME)) == ("noproc", "noproc")
    # A node that is not distributed does not even try to connect.
    assert await failure_of((NAME, "foo@node")) == ("nodedown", "foo@node")
    assert await failure_of(("global", "non_existing")) == "noproc"
    with pytest.raises(ErlangException) as failure:
        gen_server.send_request(VIA, "started_p")
    assert (failure.value.kind, failure.value.reason) == ("error", "badarg")
    await answers_by_name()


async def answers_by_name():
    """With the one node there is in the place of the other one."""
    via = DummyVia.reset()
    other = await start(name=("global", "other"))
    DummyVia.register_name("other", other)
    for server in (other, ("global", "other"), VIA):
        assert await answer_of(server, "started_p") == ("reply", "ok")
    assert await failure_of(("global", "other"), "stop_shutdown") == "shutdown"
    for server in (("global", "other"), VIA, ("via", "dummy_via", "non_existing")):
        assert await failure_of(server) == "noproc"
    await start(name=("local", "other"))
    server = ("other", erlang.node())
    assert await answer_of(server, "started_p") == ("reply", "ok")
    assert await failure_of(server, "stop_shutdown") == "shutdown"
    assert await failure_of(server) == "noproc"
    erlang.exit(via, "foo2")
    await dies_of(via, "foo2")


# -- collections -----------------------------------------------------------------------------------


class Three:
    """Three servers and a request to the first of them which is in no collection."""

    async def make():
        self = Three()
        self.pids = [await start_link(name=("local", f"{NAME}{n}")) for n in (1, 2, 3)]
        self.alone = gen_server.send_request(self.pids[0], "started_p")
        self.kept = {}
        return self

    def ask(self, number, delay, label, collection):
        """Send the request in one of the two ways, and keep its id."""
        pid, request = self.pids[number - 1], ("delayed_answer", delay)
        if number == 2:
            return gen_server.send_request(pid, request, label, collection)
        self.kept[label] = gen_server.send_request(pid, request)
        return gen_server.reqids_add(self.kept[label], label, collection)

    def ask_all(self, *delays):
        collection = gen_server.reqids_new()
        for number, delay in enumerate(delays, 1):
            collection = self.ask(number, delay, f"req{number}", collection)
            assert gen_server.reqids_size(collection) == number
        return collection

    def ask_with_one_that_stops(self):
        """The second server ends without an answer."""
        collection = self.ask(1, 400, "req1", gen_server.reqids_new())
        with pytest.raises(ErlangException) as failure:
            gen_server.reqids_add(self.kept["req1"], "req2", collection)
        assert failure.value.reason == "badarg"
        erlang.unlink(self.pids[1])
        collection = gen_server.send_request(self.pids[1], "stop_shutdown", "req2", collection)
        return self.ask(3, 200, "req3", collection)

    def end(self):
        for pid in self.pids:
            erlang.unlink(pid)
            erlang.exit(pid, "kill")
            assert not erlang.is_process_alive(pid)


async def in_order_of_answers(take):
    servers = await Three.make()
    collection = servers.ask_all(400, 1, 200)
    for left, (label, timeout) in enumerate((("req1", 5000), ("req3", 5678), ("req2", "infinity"))[::-1]):
        answer, answered, collection = await take(collection, timeout, True)
        assert (answer, answered) == (("reply", "delayed"), label)
        assert gen_server.reqids_size(collection) == 2 - left
    assert await take(collection, 5000, True) == "no_request"
    assert await take(servers.alone, "infinity") == ("reply", "ok")
    servers.end()


async def up_to_a_deadline(take):
    """Takes one answer, then lets the time run out: the collection and the deadline."""
    servers = await Three.make()
    collection = servers.ask_all(1000, 1, 500)
    deadline = erlang.monotonic_time("millisecond") + 100
    answer, label, left = await take(collection, ("abs", deadline), True)
    assert (answer, label, gen_server.reqids_size(left)) == (("reply", "delayed"), "req2", 2)
    assert await take(left, ("abs", deadline), True) == "timeout"
    assert sorted(label for _, label in gen_server.reqids_to_list(left)) == ["req1", "req3"]
    return servers, left, deadline


async def with_a_failure(take):
    servers = await Three.make()
    collection = servers.ask_with_one_that_stops()
    assert gen_server.reqids_size(collection) == 3
    (kind, (reason, _)), label, left = await take(collection, 2000, True)
    assert (kind, reason, label, gen_server.reqids_size(left)) == ("error", "shutdown", "req2", 2)
    for expected in ("req3", "req1"):
        assert await take(left, "infinity", False) == (("reply", "delayed"), expected, left)
    assert await take(servers.alone, "infinity") == ("reply", "ok")
    servers.end()


@case()
async def test_send_request_receive_reqid_collection():
    await in_order_of_answers(gen_server.receive_response)
    servers, left, deadline = await up_to_a_deadline(gen_server.receive_response)
    # The requests were abandoned: their answers never come.
    assert await gen_server.receive_response(left, ("abs", deadline + 1000), True) == "timeout"
    assert await gen_server.receive_response(servers.alone, "infinity") == ("reply", "ok")
    servers.end()
    await with_a_failure(gen_server.receive_response)


@case()
async def test_send_request_wait_reqid_collection():
    await in_order_of_answers(gen_server.wait_response)
    servers, left, deadline = await up_to_a_deadline(gen_server.wait_response)
    for label in ("req3", "req1"):
        answer = await gen_server.wait_response(left, ("abs", deadline + 1500), False)
        assert answer == (("reply", "delayed"), label, left)
    assert await gen_server.receive_response(servers.alone, "infinity") == ("reply", "ok")
    servers.end()
    await with_a_failure(gen_server.wait_response)


async def next_message():
    return (await recv_msgs(1))[0]


async def check_in_order_of_answers():
    servers = await Three.make()
    await timer.sleep(100)
    collection = servers.ask_all(400, 1, 200)
    stranger = await next_message()
    assert gen_server.check_response(stranger, collection, True) == "no_reply"
    for left, label in ((2, "req2"), (1, "req3"), (0, "req1")):
        answer, answered, collection = gen_server.check_response(await next_message(), collection, True)
        assert (answer, answered) == (("reply", "delayed"), label)
        assert gen_server.reqids_size(collection) == left
    assert gen_server.check_response(stranger, collection, True) == "no_request"
    assert gen_server.check_response(stranger, servers.alone) == ("reply", "ok")
    servers.end()


async def check_with_a_failure():
    servers = await Three.make()
    await timer.sleep(100)
    collection = servers.ask_with_one_that_stops()
    stranger = await next_message()
    assert gen_server.check_response(stranger, collection, True) == "no_reply"
    (kind, (reason, _)), label, left = gen_server.check_response(await next_message(), collection, True)
    assert (kind, reason, label, gen_server.reqids_size(left)) == ("error", "shutdown", "req2", 2)
    for expected in ("req3", "req1"):
        answer = gen_server.check_response(await next_message(), left, False)
        assert answer == (("reply", "delayed"), expected, left)
    assert gen_server.check_response(stranger, servers.alone) == ("reply", "ok")
    servers.end()


@case()
async def test_send_request_check_reqid_collection():
    await check_in_order_of_answers()
    await check_with_a_failure()
