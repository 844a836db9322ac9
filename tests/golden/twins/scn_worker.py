"""Twin of `scn_worker`: workers whose behaviour is chosen by the start function and its arguments.

Options are maps: `trap`, `on_terminate`, `notify` and `id`, `timeout`, `continue`, `init_sleep`; see the
Erlang module, whose clauses these are.
"""

from __future__ import annotations

from erlsim import code, erlang, terms
from erlsim.terms import Term

ME = "scn_worker"


async def gen_start(function: str, *args: Term) -> Term:
    return await code.call("gen_server", function, list(args))


async def sleep(ms: Term) -> Term:
    return await code.call("timer", "sleep", [ms])


def has(state: Term, *names: str) -> bool:
    """Whether `state` is a map with these keys: the pattern `#{name := _}`."""
    return isinstance(state, dict) and all(name in state for name in names)


def maps_get(name: str, state: Term, default: Term) -> Term:
    return state.get(name, default) if isinstance(state, dict) else erlang.error(("badmap", state))


def property_of(name: str, properties: list[Term]) -> Term:
    """`proplists:get_value/2`."""
    for each in properties:
        match each:
            case str() if each == name:
                return True
            case (first, *rest) if first == name:
                return rest[0] if len(rest) == 1 else "undefined"
    return "undefined"


def is_property(name: str, each: Term) -> bool:
    return each == name or (isinstance(each, tuple) and each[:1] == (name,))


@code.module(name=ME)
class ScnWorker:
    """The module `scn_worker`."""

    async def start_link(options: Term = {}) -> Term:
        return await gen_start("start_link", ME, options, [])

    async def start_named(name: Term) -> Term:
        return await gen_start("start_link", ("local", name), ME, {}, [])

    async def start_extra(extra: Term) -> Term:
        match await ScnWorker.start_link():
            case ("ok", pid):
                return ("ok", pid, extra)
            case other:
                return erlang.error(("badmatch", other))

    def start_ignore() -> Term:
        return "ignore"

    def start_error(reason: Term) -> Term:
        return ("error", reason)

    def start_crash(reason: Term) -> Term:
        return erlang.error(reason)

    def start_exit(reason: Term) -> Term:
        return erlang.exit(reason)

    def start_throw(reason: Term) -> Term:
        return erlang.throw(reason)

    def start_bad(result: Term) -> Term:
        return result

    def start_restart(ms: Term) -> Term:
        return ("restart", ms)

    async def start_slow(ms: Term) -> Term:
        return await gen_start("start_link", ME, {"init_sleep": ms}, [])

    def start_raw() -> Term:
        return ("ok", erlang.spawn_link(raw))

    async def start_unlinked() -> Term:
        return await gen_start("start", ME, {}, [])

    async def start_flaky(key: Term, fails: list[Term]) -> Term:
        """Fails on the calls whose ordinal is in `fails`."""
        count = await code.call("ets", "update_counter", ["scn_state", key, 1, (key, 0)])
        if any(terms.exact_eq(count, each) for each in fails):
            return ("error", ("flaky", count))
        return await ScnWorker.start_link()

    async def init(options: Term) -> Term:
        match options:
            case {"stop": reason}:
                return ("stop", reason)
            case {"ignore": True}:
                return "ignore"
            case {"crash": reason}:
                return erlang.error(reason)
            case {"bad": result}:
                return result
        trap = maps_get("trap", options, False)
        if type(trap) is not bool:
            # The recorder's `andalso` takes nothing else.
            return erlang.error(("badarg", trap))
        if trap:
            erlang.process_flag("trap_exit", True)
        if has(options, "init_sleep"):
            await sleep(options["init_sleep"])
        match options:
            case {"timeout": timeout}:
                return ("ok", options, timeout)
            case {"continue": term}:
                return ("ok", options, ("continue", term))
        return ("ok", options)

    async def handle_call(request: Term, _from: Term, state: Term) -> Term:
        match request:
            case ("echo", term):
                return ("reply", term, state)
            case ("sleep", ms):
                await sleep(ms)
                return ("reply", "ok", state)
            case ("return", result):
                return result
            case ("error", reason):
                return erlang.error(reason)
            case ("exit", reason):
                return erlang.exit(reason)
            case ("throw", reason):
                return erlang.throw(reason)
            case ("stop", reason, reply):
                return ("stop", reason, reply, state)
            case ("stop", reason):
                return ("stop", reason, state)
            case "hang":
                return ("noreply", state)
        return erlang.error("function_clause")

    def handle_cast(request: Term, state: Term) -> Term:
        match request:
            case ("error", reason):
                return erlang.error(reason)
            case ("exit", reason):
                return erlang.exit(reason)
            case ("throw", reason):
                return erlang.throw(reason)
            case ("stop", reason):
                return ("stop", reason, state)
            case ("return", result):
                return result
            case ("send", to, message):
                erlang.send(to, message)
                return ("noreply", state)
        return erlang.error("function_clause")

    def handle_info(info: Term, state: Term) -> Term:
        match info:
            case ("exit", reason):
                return erlang.exit(reason)
            case "stop":
                return ("stop", "normal", state)
            case "timeout" if has(state, "notify"):
                erlang.send(state["notify"], ("timed_out", erlang.self()))
        return ("noreply", state)

    async def terminate(reason: Term, state: Term) -> Term:
        if has(state, "notify", "id"):
            erlang.send(state["notify"], ("terminated", state["id"], reason))
            return "ok"
        match state:
            case {"on_terminate": ("sleep", ms)}:
                return await sleep(ms)
            case {"on_terminate": "crash"}:
                return erlang.error("terminate_crash")
            case {"on_terminate": ("exit", why)}:
                return erlang.exit(why)
        return "ok"

    def code_change(_version: Term, state: Term, _extra: Term) -> Term:
        return ("ok", state)

    def after_terminate(name: Term, attributes: list[Term]) -> Term:
        listener = property_of("report_to", attributes)
        if listener == "undefined":
            return "ok"
        rest = [each for each in attributes if not is_property("report_to", each)]
        return erlang.send(listener, ("after_terminate", name, terms.sort(rest)))


async def raw() -> Term:
    match await erlang.receive("stop", ("exit", ...)):
        case ("exit", reason):
            return erlang.exit(reason)
    return "ok"
