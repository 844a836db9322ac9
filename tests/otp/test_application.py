"""`application`: what OTP's application_controller and application_master do (answers asked of OTP 25)."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import erlang, terms, timer
from erlsim.otp import application, supervisor

chars = terms.chars


def plain(name, *pairs):
    return ("application", name, list(pairs))


class Sup:
    @staticmethod
    def init(_arg):
        return ("ok", ({"strategy": "one_for_one", "intensity": 0, "period": 1}, []))


def callback(**functions):
    """A callback module that starts a supervisor, with some functions of its own."""

    async def start(_type, _args):
        return await supervisor.start_link(("local", "top"), Sup, [])

    def stop(_state):
        return "ok"

    return type(
        "Callback", (), {name: staticmethod(f) for name, f in ({"start": start, "stop": stop} | functions).items()}
    )


def test_an_application_without_processes_is_started_listed_and_stopped_once(sim):
    async def body():
        spec = plain("foo", ("description", chars("d")), ("vsn", chars("1")), ("env", [("k", "v")]))
        return [
            application.load(spec),
            await application.start("foo"),
            await application.start("foo"),
            application.get_env("foo", "k"),
            application.get_env("foo", "z"),
            application.get_env("foo", "z", "d"),
            application.which_applications(),
            application.unload("foo"),
            await application.stop("foo"),
            await application.stop("foo"),
            application.unload("foo"),
            application.unload("foo"),
        ]

    assert sim.run(body) == [
        "ok",
        "ok",
        ("error", ("already_started", "foo")),
        ("ok", "v"),
        "undefined",
        "d",
        [("foo", chars("d"), chars("1"))],
        ("error", ("running", "foo")),
        "ok",
        ("error", ("not_started", "foo")),
        "ok",
        ("error", ("not_loaded", "foo")),
    ]


def test_an_application_that_nobody_knows_is_no_such_file(sim):
    async def body():
        return await application.start("nope"), await application.ensure_all_started("nope")

    missing = (chars("no such file or directory"), chars("nope.app"))
    assert sim.run(body) == (("error", missing), ("error", ("nope", missing)))


def test_what_an_application_needs_is_started_before_it_by_ensure_all_started_alone(sim):
    async def body():
        application.learn(plain("a", ("applications", ["kernel", "b"])))
        application.learn(plain("b", ("applications", ["stdlib", "c"])))
        application.learn(plain("c"))
        return (
            await application.start("a"),
            await application.ensure_all_started("a"),
            await application.ensure_all_started("a"),
            [row[0] for row in application.which_applications()],
        )

    assert sim.run(body) == (
        ("error", ("not_started", "b")),
        ("ok", ["c", "b", "a"]),
        ("ok", []),
        ["a", "b", "c"],
    )


def test_what_was_started_is_stopped_again_when_the_rest_cannot_be(sim):
    async def body():
        application.learn(plain("a", ("applications", ["b", "missing"])))
        application.learn(plain("b"))
        return await application.ensure_all_started("a"), application.which_applications()

    missing = (chars("no such file or directory"), chars("missing.app"))
    assert sim.run(body) == (("error", ("missing", missing)), [])


def test_stop_ends_the_tree_with_shutdown_between_prep_stop_and_stop(sim):
    seen = []

    async def start(type_, args):
        seen.append(("start", type_, args))
        ok, pid = await supervisor.start_link(("local", "top"), Sup, [])
        return (ok, pid, "mine")

    def prep_stop(state):
        seen.append(("prep_stop", state, erlang.whereis("top") != "undefined"))
        return "prepared"

    def stop(state):
        seen.append(("stop", state, erlang.whereis("top")))
        return "ok"

    async def body():
        module = callback(start=start, stop=stop, prep_stop=prep_stop)
        application.load(plain("foo", ("mod", (module, ["x"]))))
        started = await application.start("foo")
        pid = erlang.whereis("top")
        ref = erlang.monitor("process", pid)
        stopped = await application.stop("foo")
        return started, stopped, await erlang.receive(("DOWN", ref, "process", pid, ...))

    started, stopped, down = sim.run(body)
    assert (started, stopped, down[4]) == ("ok", "ok", "shutdown")
    assert seen == [
        ("start", "normal", ["x"]),
        ("prep_stop", "mine", True),
        ("stop", "prepared", "undefined"),
    ]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (("error", "why"), lambda call: ("why", call)),
        ("nonsense", lambda call: ("bad_return", (call, "nonsense"))),
    ],
)
@pytest.mark.erlsim(crashes="application")
async def test_a_start_that_gives_no_pid_is_an_error_with_the_call(sim, answer, reason):
    module = callback(start=lambda _type, _args: answer)
    application.load(plain("foo", ("mod", (module, []))))
    assert await application.start("foo") == ("error", reason((module, "start", ["normal", []])))
    assert application.which_applications() == []


@pytest.mark.erlsim(crashes=True)
async def test_an_application_whose_top_supervisor_ends_is_no_longer_running(sim):
    module = callback()
    application.load(plain("foo", ("mod", (module, []))))
    assert await application.start("foo") == "ok"
    erlang.exit(erlang.whereis("top"), "kill")
    await timer.sleep(1)
    assert application.which_applications() == []
    assert await application.start("foo") == "ok"


def test_parameters_are_set_listed_and_forgotten(sim):
    application.load(plain("foo", ("env", [("a", 1)])))
    assert application.set_env("foo", "b", [2]) == "ok"
    assert application.get_all_env("foo") == [("a", 1), ("b", [2])]
    assert application.unset_env("foo", "a") == "ok"
    assert application.get_env("foo", "a") == "undefined"
    assert application.get_key("foo", "applications") == ("ok", [])
    assert application.get_key("bar", "vsn") == "undefined"
    assert [item for item, _ in application.get_all_key("foo")[1]][:3] == ["description", "id", "vsn"]


def test_the_end_of_an_application_is_reported_as_OTP_reports_it(sim):
    async def body():
        application.load(plain("foo"))
        await application.start("foo")
        await application.stop("foo")

    sim.run(body)
    (event,) = sim.reports.events
    _, report = event["msg"]
    assert report["report"] == [("application", "foo"), ("exited", "stopped"), ("type", "temporary")]
    text, args = application.format_log(report)
    assert terms.format(text, args) == "    application: foo\n    exited: stopped\n    type: temporary\n"
    assert erlsim.terms.format("~ts", [application.format_log(report, {"single_line": True})]) == (
        "Application: foo. Exited: stopped. Type: temporary."
    )
    deep = {**report, "report": [("application", "foo"), ("exited", [1, 2, 3, 4]), ("type", "temporary")]}
    assert erlsim.terms.format("~ts", [application.format_log(deep, {"single_line": True, "depth": 3})]) == (
        "Application: foo. Exited: [1,2|...]. Type: temporary."
    )
