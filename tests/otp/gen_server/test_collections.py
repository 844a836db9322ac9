"""Collections of requests, calls to many nodes."""

import pytest

from erlsim import erlang, timer
from erlsim.errors import Error
from erlsim.otp import gen_server
from tests.otp.kit import gives, heard, server, start

pytestmark = pytest.mark.usefixtures("trapping_exits")


async def answering_after(ms):
    async def handle_call(request, from_, state):
        await timer.sleep(ms)
        return ("reply", request, state)

    return await start(server(handle_call=handle_call))


async def collection(*delays):
    requests = gen_server.reqids_new()
    for delay in delays:
        requests = gen_server.send_request(await answering_after(delay), f"r{delay}", delay, requests)
    return requests


async def test_responses_of_a_collection_come_with_their_labels_as_they_arrive():
    requests = await collection(20, 10)
    assert gen_server.reqids_size(requests) == 2
    result, label, requests = await gen_server.receive_response(requests, 100, True)
    assert (result, label) == (("reply", "r10"), 10)
    result, label, requests = await gen_server.wait_response(requests, 100, True)
    assert (result, label) == (("reply", "r20"), 20)
    assert await gen_server.wait_response(requests, 100, True) == "no_request"


async def test_a_request_may_stay_in_its_collection():
    requests = await collection(10)
    _, _, after = await gen_server.wait_response(requests, 100, False)
    assert after == requests
    assert gen_server.reqids_to_list(after) == list(requests.items())


async def test_a_timeout_of_wait_response_leaves_a_collection_alive():
    requests = await collection(20)
    assert await gen_server.wait_response(requests, 5, True) == "timeout"
    assert (await gen_server.wait_response(requests, 100, True))[0] == ("reply", "r20")


async def test_a_timeout_of_receive_response_abandons_a_collection():
    requests = await collection(20, 10)
    assert await gen_server.receive_response(requests, 5, True) == "timeout"
    assert await heard(50) == []


async def test_check_response_finds_the_request_of_a_message():
    requests = await collection(1)
    (message,) = await heard()
    assert gen_server.check_response("other", requests, True) == "no_reply"
    assert gen_server.check_response(message, requests, True) == (("reply", "r1"), 1, {})
    assert gen_server.check_response(message, {}, True) == "no_request"


async def test_an_absolute_time_may_limit_the_waiting():
    requests = await collection(20)
    now = erlang.monotonic_time("millisecond")
    assert await gen_server.wait_response(requests, ("abs", now + 5), True) == "timeout"
    assert erlang.monotonic_time("millisecond") == now + 5
    assert await gen_server.wait_response(requests, ("abs", now - 5), True) == "timeout"


@pytest.mark.parametrize(
    "fun",
    [
        lambda: gen_server.reqids_size("x"),
        lambda: gen_server.reqids_to_list(1),
        lambda: gen_server.reqids_add("x", 1, {}),
        lambda: gen_server.reqids_add(erlang.make_ref(), 1, []),
        lambda: gen_server.check_response("m", "x"),
    ],
)
async def test_what_is_no_request_or_collection_is_badarg(fun):
    with pytest.raises(Error, match="badarg"):
        fun()


async def test_a_request_goes_into_a_collection_once():
    ref = erlang.make_ref()
    requests = gen_server.reqids_add(ref, 1, {})
    with pytest.raises(Error, match="badarg"):
        gen_server.reqids_add(ref, 2, requests)


@pytest.mark.parametrize("timeout", [(), (100,)])
async def test_multi_call_collects_the_replies_and_the_bad_nodes(timeout):
    await start(server(handle_call=lambda request, from_, state: ("reply", request, state)), name=("local", "srv"))
    nodes = ["nonode@nohost", "other@host"]
    replies = await gen_server.multi_call(nodes, "srv", "hi", *timeout)
    assert replies == ([("nonode@nohost", "hi")], ["other@host"])
    assert await gen_server.multi_call(nodes, "nobody", "hi", *timeout) == ([], nodes)
    assert await gen_server.multi_call("srv", "hi") == ([("nonode@nohost", "hi")], [])
    assert await heard() == []


async def test_a_multi_call_that_takes_too_long_leaves_nothing_behind():
    await start(server(handle_call=lambda request, from_, state: ("noreply", state)), name=("local", "srv"))
    assert await gen_server.multi_call(["nonode@nohost"], "srv", "hi", 20) == ([], ["nonode@nohost"])
    assert await heard() == []


async def test_abcast_reaches_the_name_on_this_node():
    to = erlang.self()

    def handle_cast(request, state):
        erlang.send(to, request)
        return ("noreply", state)

    await start(server(handle_cast=handle_cast), name=("local", "srv"))
    assert gen_server.abcast("srv", "a") == "abcast"
    assert gen_server.abcast(["nonode@nohost", "other@host"], "srv", "b") == "abcast"
    assert gen_server.abcast("nobody", gives(0)) == "abcast"
    assert await heard() == ["a", "b"]


@pytest.mark.parametrize("longest", [4294967295, ("abs", 4294967295)])
async def test_a_wait_may_be_as_long_as_a_timer_and_no_longer(longest):
    assert erlang.monotonic_time("millisecond") == 0
    too_long = ("abs", longest[1] + 1) if isinstance(longest, tuple) else longest + 1
    assert await gen_server.wait_response({}, longest, True) == "no_request"
    with pytest.raises(Error, match="badarg"):
        await gen_server.wait_response({}, too_long, True)
