"""Events, with two handlers: one counts, one keeps the last ones."""

from dataclasses import dataclass, field, replace

import erlsim
from erlsim import erlang
from erlsim.otp import gen_event
from erlsim.terms import Term


@dataclass(frozen=True)
class Log:
    limit: int = 3
    entries: list[Term] = field(default_factory=list)
    dropped: int = 0


@erlsim.module(name="audit")
class Audit:
    """The event manager."""

    async def start_link() -> Term:
        return await gen_event.start_link(("local", "audit"))

    async def setup() -> Term:
        await gen_event.add_handler("audit", CountHandler, [])
        await gen_event.add_handler("audit", (LogHandler, "main"), 2)
        return "ok"

    def event(kind: str, detail: Term) -> Term:
        return gen_event.notify("audit", (kind, detail))

    async def sync_event(kind: str, detail: Term) -> Term:
        return await gen_event.sync_notify("audit", (kind, detail))

    async def counts() -> Term:
        return await gen_event.call("audit", CountHandler, "counts")

    async def last() -> Term:
        return await gen_event.call("audit", (LogHandler, "main"), "last")

    async def remove() -> Term:
        return await gen_event.delete_handler("audit", (LogHandler, "main"), "bye")


@erlsim.module(name="count_handler")
class CountHandler:
    """Counts events by kind."""

    def init(_args):
        return ("ok", {})

    def handle_event(event, counts):
        match event:
            case ("boom", _):
                return erlang.error("boom")
            case ("ignore", _):
                return ("ok", counts)
            case (kind, _):
                return ("ok", {**counts, kind: counts.get(kind, 0) + 1})
            case "stop":
                return "remove_handler"

    def handle_call(request, counts):
        match request:
            case "counts":
                return ("ok", counts, counts)
            case ("count", kind):
                return ("ok", counts.get(kind, 0), counts)


@erlsim.module(name="log_handler")
class LogHandler:
    """Keeps the last events."""

    def init(limit: int):
        return ("ok", Log(limit=limit))

    def handle_event(event, log: Log):
        if len(log.entries) < log.limit:
            return ("ok", replace(log, entries=[event, *log.entries]))
        kept = [event, *log.entries[:-1]]
        return ("ok", replace(log, entries=kept, dropped=log.dropped + 1))

    def handle_call(request, log: Log):
        match request:
            case "last":
                return ("ok", (log.entries, log.dropped), log)

    def handle_info(_message, log: Log):
        return ("ok", log)

    def terminate(reason, log: Log):
        return (reason, len(log.entries))
