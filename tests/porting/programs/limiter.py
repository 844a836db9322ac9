"""A rate limiter: token buckets, one for each client, refilled as time passes."""

from __future__ import annotations

from erlsim import erlang
from erlsim.otp import gen_server
from erlsim.terms import Term

CAPACITY = 3
REFILL_MS = 100
IDLE_MS = 1000


async def start_link(capacity: int = CAPACITY) -> Term:
    """Start the limiter, known as `limiter`."""
    return await gen_server.start_link(("local", "limiter"), "limiter", capacity, [])


async def allow(client: Term, cost: int = 1) -> Term:
    """Ask for tokens: `"ok"`, or `("error", ("wait", ms))`."""
    return await gen_server.call("limiter", ("allow", client, cost))


async def stats() -> Term:
    return await gen_server.call("limiter", "stats")


def forget(client: Term) -> Term:
    """Drop the bucket of a client."""
    return gen_server.cast("limiter", ("forget", client))


def init(capacity: int):
    erlang.send_after(REFILL_MS, erlang.self(), "refill")
    return ("ok", {"capacity": capacity, "buckets": {}, "refused": 0}, IDLE_MS)


def handle_call(request, from_, state):
    match request:
        case ("allow", client, cost) if cost > state["capacity"]:
            return ("reply", ("error", "too_much"), state, IDLE_MS)
        case ("allow", client, cost):
            buckets = state["buckets"]
            tokens = buckets.get(client, state["capacity"])
            if tokens >= cost:
                new = {**buckets, client: tokens - cost}
                return ("reply", "ok", {**state, "buckets": new}, IDLE_MS)
            late = (cost - tokens) * REFILL_MS
            return ("reply", ("error", ("wait", late)), {**state, "refused": state["refused"] + 1}, IDLE_MS)
        case "stats":
            return ("reply", {"clients": len(state["buckets"]), "refused": state["refused"]}, state, IDLE_MS)
        case _:
            return ("reply", ("error", "badarg"), state)


def handle_cast(message, state):
    match message:
        case ("forget", client):
            buckets = {key: value for key, value in state["buckets"].items() if key != client}
            return ("noreply", {**state, "buckets": buckets}, IDLE_MS)


def handle_info(message, state):
    match message:
        case "refill":
            erlang.send_after(REFILL_MS, erlang.self(), "refill")
            capacity = state["capacity"]
            buckets = {client: min(tokens + 1, capacity) for client, tokens in state["buckets"].items()}
            return ("noreply", {**state, "buckets": buckets})
        case "timeout":
            return ("stop", "normal", state)


def terminate(_reason, _state):
    return "ok"
