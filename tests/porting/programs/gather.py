"""Plain processes: a ring that passes a token, a counter in a loop, and one who gathers answers."""

import erlsim
from erlsim import erlang, timer
from erlsim.terms import Pid, Term


@erlsim.module(name="gather")
class Gather:
    """Functions for those who spawn."""

    async def ring(size: int, rounds: int) -> Term:
        """How often the token has come back to us."""
        first: Pid = erlang.self()
        for number in range(1, size):
            first = erlang.spawn_link(Gather.member, [first, number])
        back = 0
        while back < rounds:
            erlang.send(first, ("token", back))
            await erlang.receive(("token", ...))
            back += 1
        erlang.send(first, "stop")
        return back

    async def member(following: Pid, number: int) -> Term:
        while True:
            match await erlang.receive():
                case ("token", count):
                    erlang.send(following, ("token", count))
                case "stop" if number == 1:
                    return "last"
                case other:
                    erlang.send(following, other)
                    return "done"

    async def countdown(left: int) -> Term:
        while left > 0:
            await timer.sleep(10)
            if left == 3:
                left = left - 2
                continue
            left -= 1
        return "lift_off"

    async def answers(jobs: list[int], patience: int) -> Term:
        """The squares of some numbers, each by a process of its own; `"late"` for who takes too long."""
        me = erlang.self()
        workers = [erlang.spawn_monitor(Gather.square, [me, job]) for job in jobs]
        total = 0
        best = "none"
        for pid, _ in workers:
            answer = await Gather.answer(pid, patience)
            if isinstance(answer, int):
                total += answer
                best = "some"
        for _, ref in workers:
            erlang.demonitor(ref, ["flush"])
        return (best, total)

    async def answer(pid: Pid, patience: int) -> Term:
        match await erlang.receive(("square", pid, ...), ("DOWN", ..., "process", pid, ...), after=patience):
            case ("square", _, value):
                return value
            case ("DOWN", _, _, _, reason):
                return reason
            case erlsim.TIMEOUT:
                return "late"

    async def square(whom: Pid, number: int) -> Term:
        if number < 0:
            erlang.exit("negative")
        await timer.sleep(number)
        return erlang.send(whom, ("square", erlang.self(), number * number))

    def signs(numbers: list[int]) -> Term:
        """What is done with each, and how many there are of each kind."""
        small, large = 0, 0
        for number in numbers:
            match number:
                case 0:
                    continue
                case n if n < 10:
                    small += 1
                case _:
                    large += 1
        name = "few" if small + large < 3 else "many"
        return (name, small, large)

    async def guarded(number: int) -> Term:
        try:
            value = await Gather.risky(number)
        except erlsim.Throw as thrown:
            return ("thrown", thrown.reason)
        except erlsim.Error as error:
            match error.reason:
                case ("bad", what):
                    return ("bad", what)
                case other:
                    return ("other", other)
        return ("fine", value)

    async def risky(number: int) -> Term:
        if number == 1:
            erlang.throw("one")
        elif number == 2:
            erlang.error(("bad", number))
        elif number == 3:
            erlang.error("three")
        return number
