"""A list where a tuple is meant is no tuple, though Python's `match` would take it for one."""

from __future__ import annotations

import pytest

import director
import erlsim
from erlsim import erlang
from erlsim.errors import ErlsimError
from erlsim.otp import gen_server, supervisor


class Returning:
    """A callback module whose `init` returns its argument, and that keeps what it is told."""

    def init(arg):
        return arg

    def handle_info(message, state):
        return ("noreply", [*state, message])

    def handle_call(_request, _from, state):
        return ("reply", state, state)


FLAGS = {"strategy": "one_for_one", "intensity": 1, "period": 5}


def test_what_init_returns_as_a_list_is_a_bad_value():
    async def main():
        assert await gen_server.start(Returning, ["ok", []], []) == ("error", ("bad_return_value", ["ok", []]))
        erlang.process_flag("trap_exit", True)
        refused, reason = await supervisor.start_link(Returning, ["ok", [FLAGS, []]])
        assert (refused, reason[0], reason[1][1:]) == ("error", "bad_return", ("init", ["ok", [FLAGS, []]]))
        refused, reason = await director.start_link(Returning, ["ok", []])
        assert (refused, reason[0]) == ("error", "bad_return")

    erlsim.run(main)


def test_a_list_that_looks_like_an_exit_message_ends_nobody():
    async def main():
        erlang.process_flag("trap_exit", True)
        _, server = await gen_server.start_link(Returning, ("ok", []), [])
        _, above = await supervisor.start_link(Returning, ("ok", (FLAGS, [])))
        _, leading = await director.start_link(Returning, ("ok", []))
        fake = ["EXIT", erlang.self(), "shutdown"]
        for pid in (server, above, leading):
            erlang.send(pid, fake)
            erlang.send(pid, ["$gen_cast", "stop"])
        assert await gen_server.call(server, "get") == [fake, ["$gen_cast", "stop"]]
        assert await supervisor.which_children(above) == []
        assert await director.which_children(leading) == []

    erlsim.run(main)


def test_a_receive_that_gave_up_is_neither_true_nor_false():
    async def main():
        erlang.send(erlang.self(), [])
        found = []
        while (message := await erlang.receive(after=0)) is not erlsim.TIMEOUT:
            found.append(message)
        assert found == [[]]
        with pytest.raises(ErlsimError, match="neither true nor false"):
            assert not await erlang.receive(after=0)

    erlsim.run(main)
