"""A cache: a table that everybody reads and one process writes, with entries that grow old."""

import erlsim
from erlsim import erlang, ets
from erlsim.otp import gen_server, supervisor
from erlsim.terms import Term

TTL = 1000
SWEEP = 250


@erlsim.module(name="cache")
class Cache:
    """Owns the table `cache`. State: `{"puts": n, "swept": n}`."""

    async def start_link(options: dict[Term, Term]) -> Term:
        return await gen_server.start_link(("local", "cache"), "cache", options, [])

    def find(key: Term) -> Term:
        """`("ok", value)` or `"none"`; asks no process."""
        match ets.lookup("cache", key):
            case [(_, value, _)]:
                return ("ok", value)
            case []:
                return "none"

    async def put(key: Term, value: Term) -> Term:
        return await gen_server.call("cache", ("put", key, value))

    async def stats() -> Term:
        return await gen_server.call("cache", "stats")

    def init(options: dict[Term, Term]):
        ets.new("cache", ["named_table", "protected", ("read_concurrency", True)])
        erlang.send_after(SWEEP, erlang.self(), "sweep")
        return ("ok", {"puts": 0, "swept": 0, "ttl": 0}, ("continue", options))

    def handle_continue(options: dict[Term, Term], state: dict[Term, Term]):
        return ("noreply", {**state, "ttl": options.get("ttl", TTL)})

    def handle_call(request, _from, state: dict[Term, Term]):
        match request:
            case ("put", key, value):
                puts: int = state["puts"]
                ets.insert("cache", (key, value, 0))
                return ("reply", puts + 1, {**state, "puts": puts + 1})
            case "stats":
                return ("reply", (ets.info("cache", "size"), state), state)

    def handle_cast(_request, state: dict[Term, Term]):
        return ("noreply", state)

    def handle_info(message, state: dict[Term, Term]):
        match message:
            case "sweep":
                erlang.send_after(SWEEP, erlang.self(), "sweep")
                swept: int = state["swept"]
                return ("noreply", {**state, "swept": swept + Cache.swept(state["ttl"])})

    def swept(ttl: Term) -> int:
        """Entries grow older by a sweep; those that have become too old go."""
        old = [row for row in ets.tab2list("cache") if Cache.is_old(row, ttl)]
        for row in old:
            ets.delete("cache", Cache.key(row))
        for key in [Cache.key(each) for each in ets.tab2list("cache")]:
            ets.update_counter("cache", key, (3, SWEEP))
        return len(old)

    def is_old(row: Term, ttl: Term) -> bool:
        match row:
            case (_, _, age) if isinstance(age, int) and isinstance(ttl, int):
                return age + SWEEP >= ttl

    def key(row: tuple[Term, Term, int]) -> Term:
        return row[0]


@erlsim.module(name="cache_sup")
class Sup:
    """A cache that is lost is started empty."""

    async def start_link(ttl: int) -> Term:
        return await supervisor.start_link(("local", "cache_sup"), "cache_sup", ttl)

    def init(ttl):
        cache = {"id": "cache", "start": ("cache", "start_link", [{"ttl": ttl}]), "shutdown": 100}
        return ("ok", ({"intensity": 3, "period": 10}, [cache]))
