"""How an event becomes a text."""

import pytest

from erlsim import erlang, terms
from erlsim.otp import logger_formatter
from tests.otp.logger.events import oracle
from tests.otp.logger.events.cases import cases


def text_of(event, **config):
    return logger_formatter.format(event, config)


def event(msg, level="error", **meta):
    return {"level": level, "msg": msg, "meta": {"time": 1_700_000_000_123_456, **meta}}


def test_an_event_is_one_line_unless_more_is_wanted():
    assert text_of(event((terms.chars("a~nb ~p"), [[1]]))) == "2023-11-14T22:13:20.123456+00:00 error: a, b [1]\n"
    text = text_of(event((terms.chars("a~nb"), [])), single_line=False)
    assert text == "2023-11-14T22:13:20.123456+00:00 error:\na\nb\n"


def test_the_old_header_names_the_level_and_the_date():
    text = text_of(event(("string", "x")), legacy_header=True, single_line=False)
    assert text == "=ERROR REPORT==== 14-Nov-2023::22:13:20.123456 ===\nx\n"
    notice = event(("string", "x"), "notice", error_logger={"tag": "info_report"})
    assert text_of(notice, legacy_header=True).startswith("=INFO REPORT====")


def test_a_template_says_what_is_printed():
    template = ["level", ": ", "msg", " ", ("k", ["k", "!"], ["none"]), ["a", "b"], "\n"]
    assert text_of(event(("string", "x"), k="v", a={"b": 5}), template=template) == "error: x v!5\n"


def test_a_text_may_be_cut():
    assert text_of(event(("string", "x" * 50)), template=["msg", "\n"], max_size=10) == "xxxxxx...\n"


def test_a_format_that_does_not_fit_its_arguments_says_so():
    text = text_of(event((terms.chars("~p"), [])), template=["msg"])
    assert text == 'FORMAT ERROR: "~p" - []'


REPORT_CALLBACKS = {
    "of one argument": (lambda report: ("~p!", [report["a"]]), "1!"),
    "of two arguments": (lambda report, config: f"single {config['single_line']}", "single True"),
}


@pytest.mark.parametrize(("callback", "text"), list(REPORT_CALLBACKS.values()), ids=list(REPORT_CALLBACKS))
def test_a_report_is_printed_by_its_callback(callback, text):
    assert text_of(event(("report", {"a": 1}), report_cb=callback), template=["msg"]) == text


def test_a_report_without_a_callback_is_printed_key_by_key():
    text = text_of(event(("report", {"b": terms.chars("s"), "a": 1})), template=["msg"], single_line=False)
    assert text == "    a: 1\n    b: s"


def test_bad_configurations_of_the_formatter_are_refused():
    assert logger_formatter.check_config({"single_line": True, "template": ["msg"]}) == "ok"
    bad = ("invalid_formatter_config", "logger_formatter", ("depth", 0))
    assert logger_formatter.check_config({"depth": 0}) == ("error", bad)
    bad = ("invalid_formatter_template", "logger_formatter", "x")
    assert logger_formatter.check_config({"template": "x"}) == ("error", bad)


@pytest.mark.parametrize("layout", ["a ~p", "string ~p", "x ~p", "~p", "report ~p"])
def test_a_format_may_be_a_str(layout):
    assert text_of(event((layout, [1])), template=["msg"]) == layout.replace("~p", "1")


def of_one_argument(report):
    return ("one ~p", [report])


def of_two(report, limits):
    return terms.format("two ~p", [report])


RECORDED_CALLBACKS = {
    "one": of_one_argument,
    "two": of_two,
    "binary": lambda report, limits: of_two(report, limits).encode(),
    "limits": lambda report, limits: terms.format("~p", [terms.sort(list(limits.items()))]),
    "odd": lambda report: "odd",
    "single": lambda report: (terms.chars("x"),),
    "triple": lambda report: (terms.chars("x"), [], []),
    "unformatted": lambda report: (terms.chars("~p ~p"), [1]),
    "two_odd": lambda report, limits: ("odd", 1),
    "two_bad": lambda report, limits: ["a"],
}


def test_events_are_printed_as_otp_printed_them():
    wrong = []
    answers = oracle.ANSWERS.read_text(encoding="utf-8").splitlines()
    for text, answer in zip(cases(), answers, strict=True):
        name, happened, config = terms.parse(text)
        if name != "none":
            happened["meta"]["report_cb"] = RECORDED_CALLBACKS[name]
        otp = "".join(map(chr, terms.parse(answer.removesuffix("."))))
        if (here := logger_formatter.format(happened, config)) != otp:
            wrong.append((text, otp, here))
    assert wrong == []


@pytest.mark.parametrize("fails", [lambda report: erlang.exit("boom"), lambda report, limits: erlang.exit("boom")])
def test_a_callback_that_fails_is_reported_with_its_own_part_of_the_stack(fails):
    number = fails.__code__.co_argcount
    text = text_of(event(("report", {"a": 1}), report_cb=fails), template=["msg"])
    start, frames = text.split("[", 1)
    assert start == f"REPORT_CB/{number} CRASH: #{{a => 1}}; Reason: {{exit,boom,"
    assert frames.count("{line,") == 1 and "test_formatting" in frames
