"""The tasks of lesson 11: what is tried with a solution is tried under every interleaving."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from erlsim import erlang, ets
from erlsim.course.answers import Answer, Experiment, Run, check
from erlsim.terms import Term
from erlsim.testing import exhaust

# More runs than any task needs whose solution does not loop for ever.
MOST = 5_000
# So many random runs check each search: the programs are small, and keep nothing outside of erlsim.
CHECKS = 5
TIME = "one operation on a table is whole; between two of them others may come"


def _all(test: Callable[[], Awaitable[Term]]) -> list[Term]:
    """What `test` returns under every interleaving, each value once; what it raises is raised."""
    seen: list[Term] = []

    async def kept() -> None:
        value = await test()
        if value not in seen:
            seen.append(value)

    found = exhaust(kept, max_runs=MOST, check=CHECKS, progress=False)
    if found.failures:
        raise AssertionError(f"under the schedule {found.failures[0].schedule}: {found.failures[0].outcome}")
    if not found.complete:
        raise AssertionError(found.sentence())
    return sorted(seen)


async def _together(*functions: Callable[[], Term]) -> list[Term]:
    """What functions return that run in processes of their own, at the same time."""
    me = erlang.self()
    refs = []
    for number, function in enumerate(functions):
        refs.append(erlang.spawn_monitor(lambda n=number, call=function: erlang.send(me, (n, call())))[1])
    for ref in refs:
        _, _, _, _, reason = await erlang.receive(("DOWN", ref, ..., ..., ...))
        assert reason == "normal", f"a process died: {reason}"
    return [(await erlang.receive((number, ...)))[1] for number in range(len(functions))]


def check_deposit(deposit: Any) -> Answer:
    """`deposit(table, amount)` adds to the row `"balance"` of a public table and returns the new balance."""
    ends, told = "the balance at the end", "what the two were told, in all interleavings"
    return check(
        deposit,
        [
            Experiment("100, and a deposit of 20", _deposited(ends, 20), {ends: [120]}),
            Experiment(
                "100, and deposits of 20 and 30 at the same time", _deposited(ends, 20, 30), {ends: [150]}, TIME
            ),
            Experiment(
                "0, and 20 and 30 are put in at the same time",
                _told(told),
                {told: [(20, 50), (50, 30)]},
                "the new balance is what the same operation returns",
            ),
        ],
    )


def _deposited(name: str, *amounts: int) -> Run:
    async def run(deposit: Any) -> dict[str, Term]:
        async def test() -> Term:
            table = ets.new("accounts", ["public"])
            ets.insert(table, ("balance", 100))
            await _together(*(lambda amount=each: deposit(table, amount) for each in amounts))
            return ets.lookup_element(table, "balance", 2)

        return {name: _all(test)}

    return run


def _told(name: str) -> Run:
    async def run(deposit: Any) -> dict[str, Term]:
        async def test() -> Term:
            table = ets.new("accounts", ["public"])
            ets.insert(table, ("balance", 0))
            return tuple(await _together(lambda: deposit(table, 20), lambda: deposit(table, 30)))

        return {name: _all(test)}

    return run


def check_transfer(transfer: Any) -> Answer:
    """`transfer(table, giver, taker, amount)` moves money between the rows of a public table, or changes nothing."""
    answers, least, ends = "answers", "what ann may be seen to have", "balances at the end"
    once = {answers: [["ok"]], ends: [[("ann", 30), ("bob", 70)]]}
    refused = {answers: [["too_little"]], ends: [[("ann", 100), ("bob", 0)]]}
    return check(
        transfer,
        [
            Experiment("ann has 100 and gives bob 70", _moved([70]), once),
            Experiment("ann has 100 and gives bob 170", _moved([170]), refused),
            Experiment(
                "ann has 100 and gives bob 70, twice at the same time",
                _moved([70, 70]),
                {
                    answers: [["ok", "too_little"], ["too_little", "ok"]],
                    ends: [[("ann", 30), ("bob", 70)]],
                },
                "what was looked at may be otherwise when it is acted upon: " + TIME,
            ),
            Experiment(
                "the same with 20 and 30, and both are possible",
                _moved([20, 30]),
                {answers: [["ok", "ok"]], ends: [[("ann", 50), ("bob", 50)]]},
                TIME,
            ),
            Experiment(
                "ann has 100 and gives bob 170, and somebody looks meanwhile",
                _watched(least),
                {least: [100]},
                "somebody may look between any two operations",
            ),
        ],
    )


def _moved(amounts: list[int]) -> Run:
    async def run(transfer: Any) -> dict[str, Term]:
        async def test() -> Term:
            table = _accounts()
            said = await _together(*(lambda n=each: transfer(table, "ann", "bob", n) for each in amounts))
            return (said, sorted(ets.tab2list(table)))

        found = _all(test)
        answers: list[Term] = []
        ends: list[Term] = []
        for said, balances in found:
            answers += [said] if said not in answers else []
            ends += [balances] if balances not in ends else []
        return {"answers": answers, "balances at the end": ends}

    return run


def _watched(name: str) -> Run:
    async def run(transfer: Any) -> dict[str, Term]:
        async def test() -> Term:
            table = _accounts()
            *_, seen = await _together(
                lambda: transfer(table, "ann", "bob", 170),
                lambda: ets.lookup_element(table, "ann", 2),
            )
            return seen

        return {name: _all(test)}

    return run


def _accounts() -> Any:
    table = ets.new("accounts", ["public"])
    ets.insert(table, [("ann", 100), ("bob", 0)])
    return table


# ---- a test is the solution


def _whole(table: Any) -> int:
    return int(ets.update_counter(table, "next", 1))


def _in_two(table: Any) -> int:
    """Reads, and writes."""
    number = int(ets.lookup_element(table, "next", 2)) + 1
    ets.insert(table, ("next", number))
    return number


def _read_later(table: Any) -> int:
    """Adds, and reads."""
    ets.update_counter(table, "next", 1)
    return int(ets.lookup_element(table, "next", 2))


def check_ticket_test(test: Any) -> Answer:
    """`await test(take)` fails, under some interleaving, exactly if two who take at the same time may get the same."""
    passes, fails = "the test (it should pass)", "the test (it should fail)"
    rule = "a test finds what it lets happen: two processes that take at the same time"
    return check(
        test,
        [
            Experiment(
                "a take that is right: one operation",
                _judged(passes, _whole),
                {passes: "passes under all"},
                "which of two processes comes first is left open; which tickets there are is not",
            ),
            Experiment("a take that reads and then writes", _judged(fails, _in_two), {fails: "fails under some"}, rule),
            Experiment(
                "a take that adds and then reads", _judged(fails, _read_later), {fails: "fails under some"}, rule
            ),
        ],
    )


def _judged(name: str, take: Any) -> Run:
    async def run(test: Any) -> dict[str, Term]:
        found = exhaust(lambda: test(take), max_runs=MOST, check=CHECKS, progress=False)
        said = "fails under some" if found.failures else "passes under all" if found.complete else found.sentence()
        return {name: said}

    return run


__all__ = ["check_deposit", "check_ticket_test", "check_transfer"]
