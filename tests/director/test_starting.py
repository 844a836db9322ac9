"""Starting a director: names, what `init` may return, what goes wrong, and how it ends with its parent."""

import pytest

import director
import erlsim
from erlsim import Error, Exit, erlang, terms, timer
from erlsim.otp import supervisor
from tests.director.support import Foo, ended, run, run_plain, spec, state_of


def started(argument, *more):
    """What `start_link` returns, and the exit message that follows, if one does."""

    async def main():
        erlang.process_flag("trap_exit", True)
        answer = await director.start_link("dt_foo", argument, *more)
        message = await erlang.receive(("EXIT", ..., ...), after=50)
        return answer, None if message is erlsim.TIMEOUT else message[2]

    return run_plain(main)


@pytest.mark.parametrize("name", [("local", "foo_sup"), ("global", ("any", 1))])
def test_a_director_may_have_a_name(name):
    async def main():
        ok, pid = await director.start_link(name, Foo, ("ok", []))
        address = "foo_sup" if name[0] == "local" else name
        taken = await director.start_link(name, Foo, ("ok", []))
        return ok, await director.which_children(address), taken == ("error", ("already_started", pid))

    assert run_plain(main) == ("ok", [], True)


def test_a_director_needs_no_name():
    answer, _ = started(("ok", []))
    assert answer[0] == "ok"
    assert started(("ok", []), [("debug", [])])[0][0] == "ok"


def test_start_links_nobody():
    async def main():
        _, pid = await director.start(Foo, ("ok", []))
        return erlang.process_info(pid, "links")

    assert run_plain(main) == ("links", [])


def test_init_may_ignore():
    assert started("ignore") == ("ignore", "normal")


def test_init_may_stop():
    assert started(("stop", "not_today")) == (("error", "not_today"), "not_today")


def test_an_init_that_returns_anything_else_is_told():
    bad = [("module", "dt_foo"), ("function", "init"), ("arguments", ["garbage"]), ("returne_value", "garbage")]
    assert started("garbage") == (("error", ("bad_return", bad)), ("bad_return", bad))


def test_an_init_that_returns_an_error_has_returned_garbage():
    answer = ("error", "r")
    bad = [("module", "dt_foo"), ("function", "init"), ("arguments", [answer]), ("returne_value", answer)]
    assert started(answer)[0] == ("error", ("bad_return", bad))


def test_an_init_that_returns_an_exit_term_has_failed_with_its_reason():
    assert started(("EXIT", "r")) == (("error", "r"), "r")


def test_an_init_that_returns_no_list_of_childspecs_is_told_the_rest_of_what_it_returned():
    assert started(("ok", "x"))[0] == ("error", ("childspecs_type", [("childspecs", "x")]))
    assert started(("ok", ("a", "b"), {}))[0] == ("error", ("childspecs_type", [("childspecs", ("a", "b"))]))
    rest = ("ok", terms.Improper([spec()], "x"))
    assert started(rest)[0] == ("error", ("childspecs_type", [("childspecs", "x")]))


def test_an_init_that_crashes_is_told_with_its_stack():
    def crashes():
        raise Error("init_boom")

    (_, (reason, stack)), _ = started(crashes)
    assert (reason, type(stack)) == ("init_boom", list)


def test_an_init_that_exits_is_told():
    def exits():
        raise Exit("init_boom")

    assert started(exits) == (("error", "init_boom"), "init_boom")


def test_a_bad_childspec_starts_nothing():
    started_children = []

    def start():
        started_children.append(1)
        return "ignore"

    @erlsim.module(name="dt_counting")
    class Counting:
        start_link = staticmethod(start)

    good = {"id": 1, "start": ("dt_counting", "start_link")}
    answer, reason = started(("ok", [good, {"id": 2}]))
    assert answer == ("error", ("key_not_found", [("key", "start"), ("childspec", {"id": 2})]))
    assert (reason, started_children) == (answer[1], [])


def test_an_id_given_twice_is_refused():
    assert started(("ok", [spec(), spec()]))[0] == ("error", ("duplicate_id", [("id", "bar_id")]))


def test_a_bad_default_childspec_is_refused():
    refused = ("childspec_value", [("key", "count"), ("reason", ("count_range_or_type", [("count", -1)]))])
    assert started(("ok", [], {"count": -1}))[0] == ("error", refused)


def test_a_child_that_does_not_start_ends_those_before_it_and_the_director():
    async def main():
        erlang.process_flag("trap_exit", True)
        before = erlang.processes()
        children = [spec("a"), spec("b", "start_return", [("error", "no_luck")])]
        answer = await director.start_link(("local", "foo_sup"), Foo, ("ok", children))
        await erlang.receive(("EXIT", ..., "no_luck"))
        await timer.sleep(1)
        return answer, erlang.whereis("foo_sup"), len(erlang.processes()) - len(before)

    assert run_plain(main) == (("error", "no_luck"), "undefined", 0)


def test_children_are_started_in_their_order():
    async def main(pid):
        pairs = await director.get_pids(pid)
        return [id_ for id_, _ in pairs], [child for _, child in pairs]

    ids, pids = run(main, spec("c"), spec("a"), spec("b"))
    assert ids == ["c", "a", "b"]
    assert terms.sort(pids) == pids


def test_a_director_ends_with_its_parent_and_the_parents_reason():
    async def main():
        starter = []

        async def parent():
            starter.append(await director.start_link(Foo, ("ok", [spec()])))
            await erlang.receive("die")
            erlang.exit("bye")

        pid = erlang.spawn(parent)
        await timer.sleep(1)
        _, sup = starter[0]
        (_, child) = (await director.get_pids(sup))[0]
        ref = erlang.monitor("process", sup)
        erlang.send(pid, "die")
        down = await erlang.receive(("DOWN", ref, "process", ..., ...))
        return down[4], erlang.is_process_alive(child)

    assert run_plain(main) == ("bye", False)


def test_stop_ends_a_director_in_order():
    async def main(pid):
        answer = await director.stop(pid)
        return answer, await ended(pid)

    assert run(main, spec()) == ("ok", "normal")


@pytest.mark.parametrize("name", [("global", "gg"), ("via", "global", "gg")])
def test_stop_knows_no_global_and_no_via_names(name):
    async def main():
        _, pid = await director.start_link(("global", "gg"), "dt_foo", ("ok", []))
        with pytest.raises(Error) as failure:
            await director.stop(name)
        return failure.value.reason, erlang.is_process_alive(pid)

    assert run_plain(main) == ("badarg", True)


def test_stop_knows_no_other_node():
    async def main(pid):
        with pytest.raises(Error) as failure:
            await director.stop(("foo_sup", "x@y"))
        return failure.value.reason

    assert run(main) == "badarg"


def test_stop_with_a_negative_timeout_exits_with_what_sys_says():
    async def main(pid):
        with pytest.raises(Exit) as failure:
            await director.stop("foo_sup", "normal", -1)
        (reason, stack), call = failure.value.reason
        return reason, call, erlang.is_process_alive(pid)

    assert run(main) == ("function_clause", ("sys", "terminate", ["foo_sup", "normal", -1]), True)


def test_a_tuple_before_two_arguments_must_be_a_name():
    async def main():
        with pytest.raises(Error) as failure:
            await director.start_link(("foo", "d"), "dt_foo", ("ok", []))
        return failure.value.reason

    assert run_plain(main) == "function_clause"


def test_a_director_under_a_supervisor_is_restarted():
    @erlsim.module(name="dt_top")
    class Top:
        def init(arg):
            start = ("director", "start_link", [("local", "inner"), "dt_foo", ("ok", [spec(plan=["stop"])])])
            child = {"id": "inner", "start": start, "type": "supervisor", "modules": ["dt_foo"]}
            return ("ok", ({"intensity": 1, "period": 5}, [child]))

    async def main():
        erlang.process_flag("trap_exit", True)
        await supervisor.start_link(Top, [])
        first = erlang.whereis("inner")
        erlang.exit((await director.get_pids("inner"))[0][1], "kill")
        await timer.sleep(10)
        return first != erlang.whereis("inner"), await state_of("inner")

    assert run_plain(main) == (True, "up")


def test_a_director_under_a_director_is_run_by_its_plan():
    inner = {
        "id": "inner",
        "start": ("director", "start_link", [("local", "inner"), "dt_foo", ("ok", [spec(plan=["stop"])])]),
        "type": "supervisor",
        "plan": [("restart", 100)],
    }

    async def main(pid):
        erlang.exit((await director.get_pids("inner"))[0][1], "kill")
        await timer.sleep(10)
        before = await state_of(pid, "inner")
        await timer.sleep(100)
        return before, await state_of(pid, "inner"), await state_of("inner")

    assert run(main, inner) == ("restarting", "up", "up")
