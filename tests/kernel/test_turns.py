"""Who gets a turn because of a signal, and when one ends that has taken a deadly one: as OTP 25 with one scheduler."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import erlang, timer
from erlsim.testing import RandomWalk


def played(program):
    """What `program(log)` has logged, in order."""
    lines = []

    async def main():
        await program(lines.append)
        await timer.sleep(50)

    erlsim.run(main)
    return lines


def woken(act, before=lambda pid: None):
    """Whether `act(pid, what before gave)` gives the process `pid`, which waits, a turn.

    The caller has spawned a process that tells another one, and then `pid`, before it acts: did `pid` answer first?
    """

    async def program(log):
        def server(name):
            async def serve():
                while await erlang.receive("go"):
                    log(name)

            return erlang.spawn(serve)

        pid, other = server("pid"), server("other")

        async def acting():
            given = before(pid)
            await erlang.receive("start")
            erlang.spawn(lambda: [erlang.send(each, "go") for each in (other, pid)])
            act(pid, given)
            await erlang.receive("never")

        actor = erlang.spawn(acting)
        await timer.sleep(10)
        erlang.send(actor, "start")
        await timer.sleep(10)
        erlang.exit(actor, "kill")

    first, second = played(program)
    assert {first, second} == {"pid", "other"}
    return first == "pid"


def test_who_is_told_first_answers_first():
    assert not woken(lambda pid, given: None)


def test_a_link_gives_its_other_end_a_turn():
    assert woken(lambda pid, given: erlang.link(pid))


def test_a_link_that_is_there_gives_nobody_a_turn():
    assert not woken(lambda pid, given: erlang.link(pid), before=erlang.link)


def test_an_unlink_gives_its_other_end_a_turn():
    assert woken(lambda pid, given: erlang.unlink(pid), before=erlang.link)


def test_an_unlink_of_nothing_gives_nobody_a_turn():
    assert not woken(lambda pid, given: erlang.unlink(pid))


def test_a_monitor_gives_whom_it_watches_a_turn():
    assert woken(lambda pid, given: erlang.monitor("process", pid))


def test_an_exit_signal_that_does_nothing_gives_a_turn():
    assert woken(lambda pid, given: erlang.exit(pid, "normal"))


def test_a_look_at_a_name_gives_nobody_a_turn():
    assert not woken(lambda pid, given: erlang.process_info(pid, "registered_name"))


def test_a_monitor_is_on_its_way_until_its_owner_waits_so_that_who_was_spawned_behind_it_runs_first():
    async def program(log):
        async def serve():
            while await erlang.receive("go"):
                log("pid")

        async def other():
            await erlang.receive("go")
            log("other")

        def acting():
            erlang.monitor("process", pid)
            erlang.spawn(lambda: [erlang.send(each, "go") for each in (second, pid)])

        pid, second = erlang.spawn(serve), erlang.spawn(other)
        await timer.sleep(1)
        erlang.spawn(acting)
        await timer.sleep(1)

    assert played(program) == ["pid", "other"]


@pytest.mark.parametrize(("act", "first"), [(erlang.unlink, "me"), (erlang.link, "other")])
def test_the_answer_to_an_unlink_gives_the_caller_a_turn(act, first):
    async def program(log):
        async def peer():
            await erlang.receive("never")

        async def second():
            await erlang.receive("go")
            log("other")

        async def acting():
            me = erlang.self()
            if act is erlang.unlink:
                erlang.link(linked)
            await erlang.receive("start")
            act(linked)
            erlang.spawn(lambda: [erlang.send(each, "go") for each in (other, me)])
            await erlang.receive("go")
            log("me")

        linked, other = erlang.spawn(peer), erlang.spawn(second)
        actor = erlang.spawn(acting)
        await timer.sleep(10)
        erlang.send(actor, "start")

    assert played(program)[0] == first


# ---- the end of one that runs -------------------------------------------------------------------


def ended(finish, trap=True):
    """What is logged when a process, told to `go`, spawns a linked child and then does `finish(log)`."""

    async def program(log):
        async def acting():
            erlang.process_flag("trap_exit", trap)
            await erlang.receive("go")
            erlang.spawn_link(lambda: log("child"))
            await finish(log)

        pid = erlang.spawn(acting)
        await timer.sleep(10)
        erlang.send(pid, "go")
        await timer.sleep(10)
        assert not erlang.is_process_alive(pid)

    return played(program)


def doomed(then=None):
    """One that traps exits no more when it takes the signal that it has sent to itself, in a receive."""

    async def finish(log):
        erlang.exit(erlang.self(), "oops")
        erlang.process_flag("trap_exit", False)
        log("doomed")
        if then is not None:
            erlang.send(erlang.self(), then)
        await erlang.receive("x", after=0 if then else "infinity")
        log("received")

    return finish


def test_who_takes_a_deadly_signal_in_a_receive_ends_after_those_who_can_run():
    assert ended(doomed()) == ["doomed", "child"]


def test_who_takes_a_deadly_signal_in_a_receive_gets_no_message_any_more():
    assert ended(doomed(then="x")) == ["doomed", "child"]


def test_who_finds_a_deadly_signal_when_its_turn_comes_ends_at_once():
    async def finish(log):
        me = erlang.self()

        def deadly():
            erlang.exit(me, "oops")
            log("sent")

        erlang.spawn(deadly)
        await erlang.yield_()
        log("never")

    assert ended(finish, trap=False) == ["child", "sent"]


def test_who_exits_ends_at_once():
    async def finish(log):
        erlang.exit("oops")

    assert ended(finish) == []


# ---- questions ------------------------------------------------------------------------------------


def test_who_asks_another_process_goes_on_right_behind_the_answer():
    async def program(log):
        async def silent():
            await erlang.receive("stop")

        async def last():
            await erlang.receive("go")
            log("woken meanwhile")

        async def waking():
            await erlang.receive("go")
            erlang.send(woken, "go")

        async def asking():
            await erlang.receive("start")
            erlang.send(waker, "go")
            assert await erlang.ask_process_info(asked, "links") == ("links", [])
            log("answered")

        asked, woken, waker = (erlang.spawn(each) for each in (silent, last, waking))
        asker = erlang.spawn(asking)
        await timer.sleep(5)
        erlang.send(asker, "start")

    assert played(program) == ["answered", "woken meanwhile"]


def test_the_end_of_who_watches_another_gives_that_a_turn_behind_those_who_were_linked():
    async def program(log):
        def server(name):
            async def serve():
                erlang.process_flag("trap_exit", True)
                while True:
                    log((name, await erlang.receive())[0])

            return erlang.spawn(serve)

        watched, other, linked = server("watched"), server("other"), server("linked")

        async def acting():
            erlang.monitor("process", watched)
            erlang.link(linked)
            await erlang.receive("start")
            erlang.spawn(lambda: [erlang.send(each, "go") for each in (other, watched)])
            erlang.exit("over")

        actor = erlang.spawn(acting)
        await timer.sleep(5)
        erlang.send(actor, "start")

    assert played(program) == ["linked", "watched", "other"]


def heard_of_the_last_moment(*last_acts):
    """What is heard of `pid`, which has sent itself an exit signal, by those who do `last_acts` to it before it ends.

    With it the numbers of the turns of another process, which gives way over and over.
    """

    async def program(log):
        async def doomed():
            await erlang.receive("go")
            erlang.exit(erlang.self(), "bye")

        def hears(name, act):
            async def hear():
                erlang.process_flag("trap_exit", True)
                await erlang.receive("go")
                act(pid)
                while True:
                    log(name + (await erlang.receive())[0])

            return erlang.spawn(hear)

        async def count():
            await erlang.receive("go")
            for number in range(1, 8):
                log(str(number))
                await erlang.yield_()

        pid = erlang.spawn(doomed)
        others = [hears(name, act) for name, act in zip("abc", last_acts, strict=False)]
        counter = erlang.spawn(count)
        await timer.sleep(5)
        for each in (pid, *others, counter):
            erlang.send(each, "go")

    return " ".join(played(program))


def watch(pid):
    erlang.monitor("process", pid)


def link_for_a_moment_and_watch(pid):
    erlang.link(pid)
    erlang.unlink(pid)
    watch(pid)


def watch_and_link(pid):
    watch(pid)
    erlang.link(pid)


def say_hello_and_link(pid):
    erlang.send(pid, "hello")
    erlang.link(pid)


@pytest.mark.parametrize(
    ("last_acts", "heard"),
    [
        ([watch], "1 2 aDOWN 3 4 5 6 7"),
        ([watch_and_link], "1 2 aDOWN 3 aEXIT 4 5 6 7"),
        ([watch, say_hello_and_link, watch], "1 2 aDOWN 3 bEXIT 4 cDOWN 5 6 7"),
        ([watch, erlang.link, link_for_a_moment_and_watch], "1 2 aDOWN 3 bEXIT 4 5 6 cDOWN 7"),
    ],
)
def test_who_ends_answers_one_signal_a_turn_that_came_behind_its_last_one(last_acts, heard):
    assert heard_of_the_last_moment(*last_acts) == heard


def test_who_watches_and_links_in_the_last_moment_takes_the_down_before_the_link_ends_it():
    async def program(log):
        async def doomed():
            await erlang.receive("go")
            erlang.exit(erlang.self(), "bye")

        async def plain():
            await erlang.receive("go")
            watch_and_link(pid)
            while True:
                log((await erlang.receive())[0])

        pid = erlang.spawn(doomed)
        other = erlang.spawn(plain)
        await timer.sleep(5)
        erlang.send(pid, "go")
        erlang.send(other, "go")
        await timer.sleep(5)
        log(erlang.is_process_alive(other))

    assert played(program) == ["DOWN", False]


def test_nobody_is_twice_in_the_run_queue():
    class Watches(RandomWalk):
        def choose(self, kind, options):
            if kind == "run":
                assert len(set(options)) == len(options)
            return super().choose(kind, options)

    async def main():
        me = erlang.self()

        async def server():
            erlang.process_flag("trap_exit", True)
            erlang.send(me, "ready")
            while True:
                match await erlang.receive(after=3):
                    case (who, what):
                        erlang.send(who, what)

        servers = [erlang.spawn(server) for _ in range(4)]
        for _ in servers:
            await erlang.receive("ready")
        for number in range(30):
            for pid in servers:
                erlang.send(pid, (me, number))
                erlang.send_after(number % 3, pid, (me, "late"))
                erlang.link(pid)
                erlang.exit(pid, "no reason")
                erlang.demonitor(erlang.monitor("process", pid))
            erlang.suspend_process(servers[0])
            await erlang.receive(number)
            erlang.resume_process(servers[0])
            erlang.unlink(servers[number % 4])
            await erlang.yield_()
            await timer.sleep(number % 4)
        return len(erlang.processes())

    for seed in range(5):
        assert erlsim.run(main, chooser=Watches(seed), trace=False) == 6
