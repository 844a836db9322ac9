"""The lines that a traced server prints."""

import pytest

import erlsim
from erlsim import erlang, io
from erlsim.otp import gen_server, sys
from tests.otp.kit import gives, heard, server, start

pytestmark = pytest.mark.usefixtures("trapping_exits")


async def printed():
    """A group leader for the caller that collects what is written; its text so far is `await text()`."""
    lines = []
    leader = erlang.spawn(lambda: io.user(lines.append))
    erlang.group_leader(leader, erlang.self())

    async def text():
        await heard()
        return "".join(lines)

    return text


async def test_a_traced_server_prints_what_comes_in_and_goes_out():
    text = await printed()
    pid = await start(options=[("debug", ["trace"])], name=("local", "srv"))
    await gen_server.call(pid, gives(("reply", [1], {"a": b"b"})), 100)
    me = erlang.self()
    first, second, last = (await text()).split("\n")
    assert first.startswith("*DBG* srv got call #Fun<")
    assert first.endswith(f"> from {me!r}")
    assert second == f'*DBG* srv sent [1] to {me!r}, new state #{{a => <<"b">>}}'
    assert last == ""


async def test_a_traced_server_prints_casts_messages_and_continuations():
    text = await printed()
    pid = await start(
        server(
            handle_cast=lambda message, state: ("noreply", message, ("continue", "more")),
            handle_continue=lambda term, state: ("noreply", term),
        ),
    )
    await sys.trace(pid, True)
    gen_server.cast(pid, "c")
    erlang.send(pid, ("odd", 1))
    name = repr(pid)
    assert await text() == (
        f"*DBG* {name} got cast c\n*DBG* {name} new state c\n"
        f"*DBG* {name} dbg  {{continue,more}}\n*DBG* {name} new state more\n"
        f"*DBG* {name} got {{odd,1}}\n*DBG* {name} new state more\n"
    )
    await sys.trace(pid, False)
    gen_server.cast(pid, "quiet")
    assert "quiet" not in await text()


async def test_events_may_be_written_to_a_file(tmp_path):
    pid = await start(server(handle_cast=lambda message, state: ("noreply", message)), name=("local", "srv"))
    path = tmp_path / "log"
    assert await sys.log_to_file(pid, str(path)) == "ok"
    gen_server.cast(pid, "c")
    await heard()
    assert path.read_text() == "*DBG* srv got cast c\n*DBG* srv new state c\n"
    assert await sys.log_to_file(pid, False) == "ok"
    assert await sys.log_to_file(pid, str(tmp_path / "no" / "such")) == ("error", "open_file")


def test_trace_lines_go_to_standard_output_without_another_group_leader(capsys):
    async def main():
        pid = await start(options=[("debug", ["trace"])], name=("local", "srv"))
        erlang.send(pid, "x")
        await heard()

    erlsim.run(main)
    assert capsys.readouterr().out == "*DBG* srv got x\n*DBG* srv new state 0\n"
