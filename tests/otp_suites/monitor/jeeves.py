"""The butler that some cases of monitor_SUITE employ: he monitors whom he is told to, and tells of it."""

from __future__ import annotations

from typing import Any

from erlsim import erlang
from tests.otp_suites.kit import expect


async def jeeves(parent: Any, name: str | None, ref: Any) -> None:
    """Serves his master by monitoring whom he is told to."""
    if name is not None:
        erlang.register(name, erlang.self())
    erlang.send(parent, (erlang.self(), ref))
    while True:
        _, request = await erlang.receive((parent, ...))
        match request:
            case "monitors":
                erlang.send(parent, (erlang.self(), ("monitors", monitors())))
            case ("monitor_process", item):
                erlang.send(parent, (erlang.self(), ("monitor_process", erlang.monitor("process", item))))
            case ("demonitor", reference):
                erlang.send(parent, (erlang.self(), ("demonitor", erlang.demonitor(reference))))
            case "stop":
                return
            case ("exit", reason):
                erlang.exit(reason)


def monitors() -> tuple[list[Any], list[Any]]:
    """Whom the caller monitors, and who monitors him."""
    info = erlang.process_info(erlang.self(), ["monitors", "monitored_by"])
    return info[0][1], info[1][1]


async def start_jeeves(name: str | None = None) -> Any:
    """A butler, perhaps by a name."""
    ref = erlang.make_ref()
    pid = erlang.spawn(jeeves, [erlang.self(), name, ref])
    await expect((pid, ref))
    return pid


def tell_jeeves(pid: Any, what: Any) -> None:
    """Give an order."""
    erlang.send(pid, (erlang.self(), what))


async def ask_jeeves(pid: Any, what: Any) -> Any:
    """Give an order and wait for what came of it."""
    tell_jeeves(pid, what)
    return (await erlang.receive((pid, ...), after=1000))[1]
