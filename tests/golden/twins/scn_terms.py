"""Twin of `scn_terms`: printing, comparing and reading terms, and wrong arguments."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import erlsim
from erlsim import code, erlang, terms
from erlsim.errors import ErlangException
from erlsim.terms import Term
from tests.golden.twins.scn_prog import outcome

FUN = re.compile("#Fun<[^>]*>")
# What depends on the emulator is only said to have been returned.
VOLATILE = {
    *(("erlang", each) for each in ("monotonic_time", "system_time", "unique_integer", "system_info", "process_info")),
    *(("erlang", each) for each in ("spawn_opt", "process_flag")),
    ("timer", "tc"),
}


async def apart(work: Callable[[], Awaitable[Term]], patience: int) -> Term:
    """What comes of work in a process of its own: its outcome, `{died, Reason}` or `TIMEOUT`."""
    me = erlang.self()

    async def body() -> None:
        erlang.send(me, (erlang.self(), await work()))

    pid, ref = erlang.spawn_monitor(body)
    answer = await erlang.receive((pid, ...), ("DOWN", ref, "process", pid, ...), after=patience)
    if answer is erlsim.TIMEOUT:
        erlang.exit(pid, "kill")
    elif answer[0] == "DOWN":
        return ("died", answer[4])
    erlang.demonitor(ref, ["flush"])
    return answer if answer is erlsim.TIMEOUT else answer[1]


def text(directives: Term, args: Term) -> Term:
    """The text in UTF-8, or `{incomplete, error}` if it holds what is no character."""
    try:
        return FUN.sub("#Fun<F>", terms.format(directives, args)).encode()
    except UnicodeEncodeError:
        return ("incomplete", "error")


@code.module(name="scn_terms")
class ScnTerms:
    """The module `scn_terms`."""

    async def format(directives: Term, args: Term) -> Term:
        async def work() -> Term:
            try:
                return ("value", text(directives, args))
            except ErlangException as exc:
                return (exc.kind, exc.reason)

        match await apart(work, 2000):
            case ("value", value):
                return value
            case ("exit", reason):
                return erlang.exit(reason)
            case ("throw", reason):
                return erlang.throw(reason)
            case (_, reason):
                return erlang.error(reason)
        return "hangs"

    def cmp(a: Term, b: Term) -> Term:
        order = terms.compare(a, b)
        return (order < 0, order <= 0, terms.eq(a, b), terms.exact_eq(a, b))

    def sort(items: Term) -> Term:
        return terms.sort(items)

    def parse(characters: Term) -> Term:
        try:
            return ("ok", terms.parse("".join(map(chr, characters)) + "."))
        except terms.ParseError:
            return "error"

    def write(term: Term) -> Term:
        return terms.format("~w", [term]).encode()

    def big(number: Term) -> Term:
        """A map of so many keys."""
        return {each: each * each for each in range(1, number + 1)}

    def keys(map_: Term) -> Term:
        return list(map_)

    async def bad(module: Term, function: Term, args: Term) -> Term:
        """How a function takes wrong arguments."""
        answer = await apart(lambda: outcome(module, function, args), 100)
        if answer is erlsim.TIMEOUT:
            return "parks"
        if answer[0] == "value" and (module, function) == ("proc_lib", "format"):
            # A list of characters and lists there, a text here: which characters is what counts.
            return ("value", answer[1].encode())
        return "returned" if (module, function) in VOLATILE and answer[0] == "value" else answer
