"""Levels, handlers, filters, formats: the logger as a user meets it."""

import pytest

import erlsim
from erlsim import erlang, terms
from erlsim.errors import Error
from erlsim.otp import error_logger, logger, logger_filters
from tests.otp.kit import Log

pytestmark = pytest.mark.usefixtures("trapping_exits")

LEVELS = ["emergency", "alert", "critical", "error", "warning", "notice", "info", "debug"]


class Keeper:
    """A handler that keeps what it is called with."""

    def __init__(self):
        self.calls = []

    def log(self, event, config):
        self.calls.append((event, config))

    def levels(self):
        return [event["level"] for event, _ in self.calls]


async def test_without_more_said_everything_from_notice_up_is_logged():
    keeper = Keeper()
    logger.add_handler("h", keeper, {})
    for level in LEVELS:
        assert getattr(logger, level)("text") == "ok"
    assert keeper.levels() == LEVELS[:6]


async def test_the_primary_level_decides_for_all_handlers():
    keeper = Keeper()
    logger.add_handler("h", keeper, {})
    assert logger.set_primary_config("level", "debug") == "ok"
    logger.debug("text")
    assert logger.set_primary_config("level", "none") == "ok"
    logger.emergency("text")
    assert keeper.levels() == ["debug"]


async def test_a_handler_may_want_less_than_the_primary_level_lets_through():
    keeper = Keeper()
    logger.add_handler("h", keeper, {"level": "error"})
    logger.warning("text")
    logger.error("text")
    assert keeper.levels() == ["error"]


async def test_a_module_may_have_a_level_of_its_own():
    log = Log()
    logger.set_module_level("m", "error")
    logger.warning("text", {"mfa": ("m", "f", 0)})
    logger.warning("text", {"mfa": ("other", "f", 0)})
    assert len(log.events) == 1
    assert logger.get_module_level() == [("m", "error")]
    logger.unset_module_level("m")
    logger.warning("text", {"mfa": ("m", "f", 0)})
    assert len(log.events) == 2


async def test_an_event_has_a_level_a_message_and_metadata():
    log = Log()
    logger.error("oops", {"k": "v"})
    (event,) = log.events
    assert event["level"] == "error"
    assert event["msg"] == ("string", terms.chars("oops"))
    assert event["meta"] == {
        "pid": erlang.self(),
        "gl": erlang.group_leader(),
        "time": erlang.system_time("microsecond"),
        "k": "v",
    }


MESSAGES = {
    "a map": ({"a": 1}, ("report", {"a": 1})),
    "pairs": ([("a", 1)], ("report", [("a", 1)])),
    "text": ("text", ("string", [116, 101, 120, 116])),
    "chars": ([116], ("string", [116])),
    "binary": (b"text", ("string", b"text")),
}


@pytest.mark.parametrize(("what", "msg"), list(MESSAGES.values()), ids=list(MESSAGES))
async def test_reports_and_strings_are_told_apart(what, msg):
    log = Log()
    logger.error(what)
    assert log.events[0]["msg"] == msg


async def test_a_format_comes_with_its_arguments():
    log = Log()
    logger.error("~p and ~p", [1, 2], {"k": 1})
    logger.log("error", "~p", [1])
    assert log.events[0]["msg"] == (terms.chars("~p and ~p"), [1, 2])
    assert log.events[0]["meta"]["k"] == 1
    assert log.events[1]["msg"] == (terms.chars("~p"), [1])


async def test_a_fun_is_called_only_if_its_event_is_logged():
    log = Log()
    called = []

    def lazy(arg):
        called.append(arg)
        return ("~p", [arg]) if arg != "skip" else "ignore"

    logger.debug(lazy, "debug")
    logger.error(lazy, "error")
    logger.error(lazy, "skip")
    assert called == ["error", "skip"]
    assert [event["msg"] for event in log.events] == [(terms.chars("~p"), ["error"])]


S = terms.chars("s")
ERROR = "LAZY_FUN ERROR: ~tp; Returned: ~tp"
CRASH = "LAZY_FUN CRASH: ~tp; Reason: ~tp"
# What a fun returns, the message that this is in OTP 25 and the metadata that it comes with.
LAZY = [
    (S, ("string", S), 0),
    ((S, ["arg"]), (S, ["arg"]), 0),
    ({"a": 1}, ("report", {"a": 1}), 0),
    ([("a", 1)], ("report", [("a", 1)]), 0),
    ((S, {"x": 1}), ("string", S), 1),
    (({"a": 1}, {"x": 1}), ("report", {"a": 1}), 1),
    (((S, ["arg"]), {"x": 1}), (S, ["arg"]), 1),
    (1, (ERROR, [..., 1]), 0),
    ((S, [], {}), (ERROR, [..., (S, [], {})]), 0),
    ((1, {"x": 1}), (ERROR, [..., 1]), 1),
    (b"b", ("string", b"b"), 0),
    ([], ("string", []), 0),
    ((S, "b"), (ERROR, [..., (S, "b")]), 0),
    ([1, 2], ("string", [1, 2]), 0),
]


@pytest.mark.parametrize(("returned", "message", "x"), LAZY)
async def test_what_a_fun_returns_is_logged_as_otp_does(returned, message, x):
    keeper = Keeper()
    logger.add_handler("h", keeper, {})
    logger.log("error", lambda arg: returned, "arg", {"x": 0})
    (((told, args), meta),) = [(event["msg"], event["meta"]) for event, _ in keeper.calls]
    if message[0] == ERROR:
        assert args[0][1] == "arg"
        told, args = str(told) if isinstance(told, str) else "".join(map(chr, told)), [..., args[1]]
    assert (told, args, meta["x"]) == (*message, x)


@pytest.mark.parametrize("text", ["a", "ignored", "text", "~p"])
async def test_a_fun_may_return_a_str_for_its_text(text):
    keeper = Keeper()
    logger.add_handler("h", keeper, {})
    logger.log("error", lambda _: text, "arg")
    logger.log("error", lambda _: (text, {"x": 1}), "arg")
    logger.log("error", lambda _: (text, [1]), "arg")
    logger.log("error", lambda _: "ignore", "arg")
    chars = terms.chars(text)
    assert [event["msg"] for event, _ in keeper.calls] == [*[("string", chars)] * 2, (chars, [1])]
    assert [event["meta"].get("x") for event, _ in keeper.calls] == [None, 1, None]


@pytest.mark.parametrize("answer", [5, "odd", ("ok",), ("ok", 1, 2), ("no", 1)])
async def test_what_a_handler_answers_oddly_is_why_it_is_not_added(answer):
    class Odd(Keeper):
        def adding_handler(self, config):
            return answer

    assert logger.add_handler("h", Odd(), {}) == ("error", ("handler_not_added", answer))
    assert logger.get_handler_ids() == ["default"]


@pytest.mark.parametrize("raises", [erlang.exit, erlang.throw, erlang.error])
async def test_a_fun_that_fails_is_logged_with_why(raises):
    keeper = Keeper()
    logger.add_handler("h", keeper, {})
    fun = lambda arg: raises("boom")  # noqa: E731
    logger.log("error", fun, "arg", {})
    ((event, _),) = keeper.calls
    told, args = event["msg"]
    assert (told if isinstance(told, str) else "".join(map(chr, told))) == CRASH
    assert args == [(fun, "arg"), (raises.__name__, "boom")]


@pytest.mark.parametrize("answer", [("error", "no"), ("xno", "no"), "no"])
async def test_a_handler_may_refuse_what_is_to_change(answer):
    class Refuses(Keeper):
        def changing_config(self, how, old, new):
            return answer

    logger.add_handler("h", Refuses(), {"mine": 1})
    assert logger.set_handler_config("h", {"mine": 2}) == answer
    assert logger.update_handler_config("h", "mine", 2) == answer
    assert logger.get_handler_config("h")[1]["mine"] == 1


class Checks:
    """A formatter that judges its configurations."""

    def check_config(config):
        if config == "crash":
            erlang.exit("boom")
        return ("error", ("no", "thanks")) if config == "refuse" else "ok"


@pytest.mark.parametrize(
    ("formatter", "reason"),
    [
        (("logger_formatter", {"depth": 0}), ("invalid_formatter_config", "logger_formatter", ("depth", 0))),
        (("logger_formatter", "x"), ("invalid_formatter_config", "logger_formatter", "x")),
        ("x", ("invalid_formatter", "x")),
        ((Checks, "refuse"), ("no", "thanks")),
        ((Checks, "crash"), ("callback_crashed", ("exit", "boom", ...))),
        ((Checks, "fine"), None),
        (("logger_formatter", {"depth": 9}), None),
    ],
)
def test_a_formatter_says_itself_what_is_wrong_with_its_configuration(formatter, reason):
    with erlsim.Simulation():
        answer = logger.add_handler("h", Keeper(), {"formatter": formatter})
        if reason is None:
            assert answer == "ok"
        elif reason[0] == "callback_crashed":
            assert answer[:1] + answer[1][:1] + answer[1][1][:2] == ("error", "callback_crashed", "exit", "boom")
        else:
            assert answer == ("error", reason)


@pytest.mark.parametrize("level", ["loud", "all", "none", 3])
async def test_what_is_no_level_is_a_function_clause(level):
    with pytest.raises(Error, match="function_clause"):
        logger.log(level, "text")


async def test_metadata_of_the_process_goes_into_its_events():
    log = Log()
    assert logger.set_process_metadata({"a": 1, "b": 1}) == "ok"
    logger.update_process_metadata({"b": 2})
    logger.error("text", {"c": 3})
    meta = log.events[0]["meta"]
    assert [meta["a"], meta["b"], meta["c"]] == [1, 2, 3]
    assert logger.unset_process_metadata() == "ok"
    assert logger.get_process_metadata() == "undefined"
    with pytest.raises(Error, match="badarg"):
        logger.set_process_metadata("nonsense")


async def test_a_handler_gets_its_configuration_without_the_loggers_own():
    keeper = Keeper()
    logger.add_handler("h", keeper, {"mine": 1, "level": "all"})
    logger.error("text")
    _, config = keeper.calls[0]
    assert config == {"id": "h", "module": keeper, "mine": 1, "formatter": ("logger_formatter", {})}


async def test_the_callbacks_of_a_handler_hear_of_its_life():
    heard = []

    class Handler:
        def adding_handler(config):
            heard.append("adding")
            return ("ok", {**config, "added": True})

        def changing_config(how, old, new):
            heard.append((how, new["mine"]))
            return ("ok", new)

        def removing_handler(config):
            heard.append("removing")
            return "ok"

        def log(event, config):
            heard.append(config["added"])

    assert logger.add_handler("h", Handler, {}) == "ok"
    logger.error("text")
    assert logger.update_handler_config("h", {"mine": 5}) == "ok"
    assert logger.set_handler_config("h", "mine", 6) == "ok"
    assert logger.remove_handler("h") == "ok"
    assert heard == ["adding", True, ("update", 5), ("set", 6), "removing"]


async def test_handlers_are_listed_newest_first():
    logger.add_handler("a", Keeper(), {})
    logger.add_handler("b", Keeper(), {})
    assert logger.get_handler_ids() == ["b", "a", "default"]
    assert [config["id"] for config in logger.get_handler_config()] == ["b", "a", "default"]


class NoHandler:
    """A module without `log/2`."""


async def test_bad_handlers_are_refused_with_otps_reasons():
    keeper = Keeper()
    assert logger.add_handler("h", keeper, {}) == "ok"
    assert logger.add_handler("h", keeper, {}) == ("error", ("already_exist", "h"))
    assert logger.add_handler(5, keeper, {}) == ("error", ("invalid_id", 5))
    assert logger.add_handler("i", 5, {}) == ("error", ("invalid_module", 5))
    assert logger.add_handler("i", keeper, "c") == ("error", ("invalid_config", "c"))
    assert logger.add_handler("i", keeper, {"level": "loud"}) == ("error", ("invalid_level", "loud"))
    assert logger.add_handler("i", keeper, {"filters": "f"}) == ("error", ("invalid_filters", "f"))
    assert logger.add_handler("i", keeper, {"filters": [1]}) == ("error", ("invalid_filter", 1))
    assert logger.add_handler("i", keeper, {"filter_default": 1}) == ("error", ("invalid_filter_default", 1))
    assert logger.add_handler("i", keeper, {"formatter": 1}) == ("error", ("invalid_formatter", 1))
    missing = ("invalid_handler", ("function_not_exported", ("no_handler", "log", 2)))
    assert logger.add_handler("i", NoHandler, {}) == ("error", missing)
    assert logger.remove_handler("i") == ("error", ("not_found", "i"))
    assert logger.get_handler_config("i") == ("error", ("not_found", "i"))
    changed = ("illegal_config_change", {"id": "h"}, {"id": "j"})
    assert logger.set_handler_config("h", "id", "j") == ("error", changed)
    assert logger.set_primary_config("colour", 1) == ("error", ("invalid_primary_config", ("colour", 1)))


async def test_a_handler_that_fails_is_removed():
    class Failing:
        def log(event, config):
            erlang.error("oops")

    logger.add_handler("h", Failing, {})
    logger.error("text")
    assert logger.get_handler_ids() == ["default"]


async def test_filters_stop_change_or_ignore_an_event():
    log = Log()

    def relabel(event, extra):
        return {**event, "meta": {**event["meta"], "seen": extra}}

    logger.add_primary_filter("f1", (lambda event, extra: "ignore", 0))
    logger.add_primary_filter("f2", (relabel, "by f2"))
    logger.error("one")
    logger.add_primary_filter("f3", (lambda event, extra: "stop", 0))
    logger.error("two")
    assert logger.remove_primary_filter("f3") == "ok"
    logger.error("three")
    assert [event["meta"]["seen"] for event in log.events] == ["by f2"] * 2
    assert logger.add_primary_filter("f1", (relabel, 0)) == ("error", ("already_exist", "f1"))
    assert logger.remove_primary_filter("f3") == ("error", ("not_found", "f3"))


async def test_an_event_that_no_filter_wants_meets_the_default():
    keeper = Keeper()
    logger.add_handler("h", keeper, {"filter_default": "stop"})
    logger.error("text")
    assert keeper.calls == []


async def test_a_filter_that_fails_is_removed():
    log = Log()
    logger.add_handler_filter("kit_log", "bad", (lambda event, extra: erlang.error("oops"), 0))
    logger.add_handler_filter("kit_log", "odd", (lambda event, extra: 5, 0))
    logger.error("text")
    assert logger.get_handler_config("kit_log")[1]["filters"] == []
    assert len(log.events) == 1


EVENT = {"level": "error", "msg": ("report", {"label": ("x", "progress")}), "meta": {"domain": ["otp", "sasl"]}}
FILTERS = [
    (logger_filters.domain, ("log", "sub", ["otp"]), EVENT),
    (logger_filters.domain, ("stop", "sub", ["otp"]), "stop"),
    (logger_filters.domain, ("log", "super", ["otp"]), "ignore"),
    (logger_filters.domain, ("log", "super", ["otp", "sasl", "x"]), EVENT),
    (logger_filters.domain, ("log", "equal", ["otp", "sasl"]), EVENT),
    (logger_filters.domain, ("log", "not_equal", ["otp", "sasl"]), "ignore"),
    (logger_filters.domain, ("log", "undefined", []), "ignore"),
    (logger_filters.level, ("log", "eq", "error"), EVENT),
    (logger_filters.level, ("stop", "gt", "warning"), "stop"),
    (logger_filters.level, ("stop", "lt", "warning"), "ignore"),
    (logger_filters.level, ("log", "neq", "error"), "ignore"),
    (logger_filters.progress, "stop", "stop"),
    (logger_filters.remote_gl, "stop", "ignore"),
]


@pytest.mark.parametrize(("filter_", "extra", "verdict"), FILTERS)
def test_the_ready_made_filters_judge_as_otps_do(filter_, extra, verdict):
    assert filter_(EVENT, extra) == verdict


@pytest.mark.parametrize("filter_", [logger_filters.domain, logger_filters.level, logger_filters.progress])
def test_a_ready_made_filter_refuses_what_it_does_not_know(filter_):
    with pytest.raises(Error, match="badarg"):
        filter_(EVENT, "nonsense")


async def test_levels_are_compared_by_severity():
    assert logger.compare_levels("error", "info") == "gt"
    assert logger.compare_levels("info", "error") == "lt"
    assert logger.compare_levels("all", "all") == "eq"
    with pytest.raises(Error, match="badarg"):
        logger.compare_levels("x", "error")


OLD = {
    "error_msg": ("error", "error"),
    "warning_msg": ("warning", "warning_msg"),
    "info_msg": ("notice", "info_msg"),
    "error_report": ("error", "error_report"),
    "warning_report": ("warning", "warning_report"),
    "info_report": ("notice", "info_report"),
}


@pytest.mark.parametrize("name", OLD)
async def test_the_old_functions_log_with_the_old_tags(name):
    log = Log()
    if name.endswith("_msg"):
        assert getattr(error_logger, name)("~p", [1]) == "ok"
        report = {"label": ("error_logger", name), "format": terms.chars("~p"), "args": [1]}
    else:
        assert getattr(error_logger, name)([("a", 1)]) == "ok"
        report = {"label": ("error_logger", name), "report": [("a", 1)]}
    (logged,) = log.events
    level, tag = OLD[name]
    assert (logged["level"], logged["msg"]) == (level, ("report", report))
    assert logged["meta"]["error_logger"]["tag"] == tag


async def test_a_report_of_a_type_of_ones_own_has_it_for_its_domain():
    log = Log()
    error_logger.error_report("mine", [("a", 1)])
    assert log.events[0]["meta"]["domain"] == ["mine"]
    assert log.events[0]["meta"]["error_logger"] == {"tag": "error_report", "type": "mine"}


def test_the_reports_of_a_simulation_are_what_the_primary_level_lets_through():
    async def main():
        logger.info("dropped")
        logger.set_primary_config("level", "info")
        logger.info("kept")
        logger.remove_handler("default")
        logger.error("kept too")

    sim = erlsim.Simulation()
    sim.reports.print = True
    sim.run(main)
    assert [report.level for report in sim.reports] == ["info", "error"]


def test_the_default_handler_prints_when_reports_are_to_be_printed(capsys):
    async def main():
        logger.error("printed")
        logger.remove_handler("default")
        logger.error("kept alone")

    sim = erlsim.Simulation()
    sim.reports.print = True
    sim.run(main)
    assert capsys.readouterr().out == "=ERROR REPORT==== 1-Jan-2024::00:00:00.000000 ===\nprinted\n"
    assert sim.reports.texts()[1].endswith("kept alone\n")
    sim.reports.clear()
    assert len(sim.reports) == 0
