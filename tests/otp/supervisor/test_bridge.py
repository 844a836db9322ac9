"""supervisor_bridge: a process that stands for a subsystem that is none of OTP's."""

import pytest

import erlsim
from erlsim import erlang, terms
from erlsim.otp import application, gen_server, logger, supervisor, supervisor_bridge
from tests.otp.supervisor.kit import heard

pytestmark = pytest.mark.usefixtures("trapping_exits")


@erlsim.module(name="kit_bridged")
class Bridged:
    """init starts a process that dies when told; terminate tells who asked."""

    def init(arg):
        if arg != "process":
            return arg

        async def subsystem():
            _, reason = await erlang.receive(("die", ...))
            erlang.exit(reason)

        return ("ok", erlang.spawn(subsystem), erlang.whereis("tester"))

    def terminate(reason, tester):
        erlang.send(tester, ("terminated", reason))


async def bridge():
    if erlang.whereis("tester") == "undefined":
        erlang.register("tester", erlang.self())
    _, pid = await supervisor_bridge.start_link(("local", "bridge"), "kit_bridged", "process")
    subsystem = next(p for p in erlang.process_info(pid, "links")[1] if p != erlang.self())
    return pid, subsystem


@pytest.mark.parametrize(("answer", "result"), [("ignore", "ignore"), (("error", "testing"), ("error", "testing"))])
@pytest.mark.erlsim(crashes=True)
async def test_init_may_refuse(answer, result):
    assert await supervisor_bridge.start_link("kit_bridged", answer) == result


@pytest.mark.erlsim(crashes=True)
async def test_any_other_answer_of_init_is_a_case_clause():
    kind, (reason, _stack) = await supervisor_bridge.start_link("kit_bridged", ("ok", 1, 2))
    assert (kind, reason) == ("error", ("case_clause", ("ok", 1, 2)))


@pytest.mark.parametrize("reason", ["normal", "shutdown", ("shutdown", 1), "boom"])
@pytest.mark.erlsim(crashes=True)
async def test_the_bridge_dies_of_the_reason_of_its_process_without_terminate(reason):
    pid, subsystem = await bridge()
    erlang.send(subsystem, ("die", reason))
    assert await heard() == [("EXIT", pid, reason)]


async def test_the_end_of_the_bridge_terminates_the_subsystem_through_the_module():
    pid, _ = await bridge()
    erlang.exit(pid, "shutdown")
    assert await heard() == [("terminated", "shutdown"), ("EXIT", pid, "shutdown")]


async def test_a_bridge_answers_which_children_and_nothing_else():
    await bridge()
    assert await supervisor.which_children("bridge") == []
    assert await gen_server.call("bridge", "x") == ("error", "badcall")
    gen_server.cast("bridge", "x")
    erlang.send("bridge", "x")
    assert await supervisor.which_children("bridge") == []


@pytest.mark.erlsim(crashes=True)
async def test_a_bridge_reports_progress_and_the_crash_of_its_process():
    events = []

    class Handler:
        def log(self, event, config):
            events.append(event)

    logger.set_primary_config("level", "info")
    logger.add_handler("kit_log", Handler(), {"level": "all"})
    _, subsystem = await bridge()
    erlang.send(subsystem, ("die", "boom"))
    await heard()
    reports = [e["msg"][1] for e in events if e["msg"][1].get("label", ("",))[0] == "supervisor"]
    assert reports == [
        {
            "label": ("supervisor", "progress"),
            "report": [
                ("supervisor", ("local", "bridge")),
                ("started", [("pid", subsystem), ("mfa", ("kit_bridged", "init", ["process"]))]),
            ],
        },
        {
            "label": ("supervisor", "error"),
            "report": [
                *[("supervisor", ("local", "bridge")), ("errorContext", "child_terminated"), ("reason", "boom")],
                ("offender", [("pid", subsystem), ("mod", "kit_bridged")]),
            ],
        },
    ]
    single = bytes(supervisor_bridge.format_log(reports[1], {"single_line": True}))
    assert single.startswith(b"Supervisor: {local,bridge}. Context: child_terminated. Reason: boom. Offender: pid=<0.")
    text, args = supervisor_bridge.format_log(reports[0])
    assert bytes(text) == b"    supervisor: ~tp~n    started: ~tp~n" and len(args) == 2


def test_the_old_reports_of_a_bridge_are_as_deep_as_the_kernel_says(sim):
    """As OTP 25 answered; of a child that was started only the arguments are cut."""
    deep = terms.parse("[1,[2,[3,[4,[5,[6,[7,[8,[9,[10,[11,[12]]]]]]]]]]]]")
    cut, less = terms.parse("{[1,[2,[3,[4,[5,'...']]]]], [1,[2,[3,['...']]]]}")
    offender = [("pid", deep), ("mod", "m")]
    errors = [("supervisor", deep), ("errorContext", deep), ("reason", deep), ("offender", offender)]
    started = [("pid", deep), ("mfa", ("m", "init", [deep]))]

    def main():
        application.set_env("kernel", "error_logger_format_depth", 10)
        both = [("error", errors), ("progress", [("supervisor", deep), ("started", started)])]
        reports = [{"label": ("supervisor", label), "report": report} for label, report in both]
        return [supervisor_bridge.format_log(report)[1] for report in reports]

    assert sim.run(main) == [
        [deep, 10, cut, 10, cut, 10, [("pid", less), ("mod", "m")], 10],
        [deep, 10, [("pid", deep), ("mfa", ("m", "init", [cut]))], 10],
    ]
