"""Programs with behaviours of OTP in them."""

from __future__ import annotations

import erlsim
from erlsim.otp import gen_server
from tests.search.programs.kit import matched, program


@erlsim.module(name="search_stoppable")
class Stoppable:
    """A gen_server that stops when it is called."""

    def init(_):
        return ("ok", "undefined")

    def handle_call(request, _from, state):
        return ("stop", "normal", "ok", state)


async def _start_and_stop(start):
    answer = await start()
    matched(answer, ("ok", answer[1]))
    await gen_server.call(answer[1], "stop", "infinity")


@program("advanced_tests/gen_server_bug:test_register")
async def stopped_and_started_by_name():
    """A server is stopped and another started by the same name: the name may not be free yet."""
    for _ in range(2):
        await _start_and_stop(lambda: gen_server.start(("local", "gen_server_bug"), Stoppable, [], []))


@program("advanced_tests/gen_server_bug:test_without_register")
async def stopped_and_started():
    """The same without a name."""
    for _ in range(2):
        await _start_and_stop(lambda: gen_server.start(Stoppable, [], []))
