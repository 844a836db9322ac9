"""Report handlers of the old `error_logger`: what becomes of an event for them, as OTP 25 answered."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import erlang, terms
from erlsim.otp import error_logger, logger

BAD = terms.chars("REPORT_CB ERROR: ~tp; Returned: ~tp")
CRASH = terms.chars("REPORT_CB CRASH: ~tp; Reason: ~tp")
X = terms.chars("x ~p")
REPORT = {"a": 1}


class Handler:
    """Tells a process of every event."""

    def init(pid):
        return ("ok", pid)

    def handle_event(event, pid):
        erlang.send(pid, event)
        return ("ok", pid)


def crash(*_args):
    erlang.exit("boom")


CALLBACKS = {
    "a format and its arguments": (lambda report: (X, [report]), (X, [REPORT])),
    "a str and its arguments": (lambda report: ("x ~p", [report]), (X, [REPORT])),
    "one alone": (lambda report: (X,), (BAD, [REPORT, (X,)])),
    "three": (lambda report: (X, [], []), (BAD, [REPORT, (X, [], [])])),
    "no list of arguments": (lambda report: (X, 1), (BAD, [REPORT, (X, 1)])),
    "a binary": (lambda report: (b"x", [1]), (BAD, [REPORT, (b"x", [1])])),
    "a list": (lambda report: [X, []], (BAD, [REPORT, [X, []]])),
    "an atom": (lambda report: "odd", (BAD, [REPORT, "odd"])),
    "text": (lambda report, limits: terms.chars("t"), (terms.chars("~ts"), [terms.chars("t")])),
    "a str": (lambda report, limits: "t", (terms.chars("~ts"), [terms.chars("t")])),
    "bytes": (lambda report, limits: b"b", (terms.chars("~ts"), [b"b"])),
    "the limits": (
        lambda report, limits: [limits],
        (terms.chars("~ts"), [[{"depth": "unlimited", "chars_limit": "unlimited", "single_line": False}]]),
    ),
    "no text": (lambda report, limits: ("odd", 1), (BAD, [REPORT, ("odd", 1)])),
    "a crash with two arguments": (lambda report, limits: crash(), (CRASH, [REPORT, ("exit", "boom")])),
}


def heard(callback):
    """The process that logs, and what its report handler hears."""

    async def main():
        assert await error_logger.add_report_handler(Handler, erlang.self()) == "ok"
        logger.log("error", REPORT, {"error_logger": {"tag": "error"}, "report_cb": callback})
        return erlang.self(), await erlang.receive(("error", ..., ...), after=5)

    return erlsim.run(main)


@pytest.mark.parametrize(("callback", "told"), list(CALLBACKS.values()), ids=list(CALLBACKS))
def test_report_handlers_are_told_what_the_callback_of_a_report_makes_of_it(callback, told):
    me, event = heard(callback)
    assert event == ("error", event[1], (me, *told))


def test_of_a_callback_of_one_argument_that_fails_the_stack_is_told_too():
    _, event = heard(lambda report: crash())
    layout, (report, (kind, reason, stack)) = event[2][1:]
    assert (layout, report, kind, reason) == (CRASH, REPORT, "exit", "boom")
    assert stack[0][:3] == ("test_error_logger", "crash", 0)


TEXT = terms.chars("~p")
LABELLED = {"label": ("m", "f"), "report": [("a", 1)]}
TYPED = {"error_logger": {"tag": "error_report", "type": "mine"}}
OLD = [
    (lambda: logger.log("error", {"a": 1}, TYPED), ("error_report", ("mine", {"a": 1}))),
    (lambda: logger.log("error", [("a", 1)], TYPED), ("error_report", ("mine", [("a", 1)]))),
    (lambda: logger.log("error", LABELLED, TYPED), ("error_report", ("mine", [("a", 1)]))),
    (lambda: error_logger.error_msg(TEXT, [1]), ("error", (TEXT, [1]))),
    (lambda: error_logger.warning_msg(TEXT, [1]), ("warning_msg", (TEXT, [1]))),
    (lambda: error_logger.info_msg(TEXT, [1]), ("info_msg", (TEXT, [1]))),
    (lambda: error_logger.error_report([("a", 1)]), ("error_report", ("std_error", [("a", 1)]))),
    (lambda: error_logger.warning_report([("a", 1)]), ("warning_report", ("std_warning", [("a", 1)]))),
    (lambda: error_logger.info_report([("a", 1)]), ("info_report", ("std_info", [("a", 1)]))),
    (lambda: error_logger.error_report("mine", [("a", 1)]), ("error_report", ("mine", [("a", 1)]))),
    (lambda: error_logger.info_report("mine", LABELLED), ("info_report", ("mine", LABELLED))),
    (lambda: error_logger.info_report("mine", {"label": 1}), ("info_report", ("mine", {"label": 1}))),
]


@pytest.mark.parametrize(("act", "told"), OLD)
def test_report_handlers_are_told_in_the_old_shape(act, told):
    async def main():
        assert await error_logger.add_report_handler(Handler, erlang.self()) == "ok"
        act()
        return erlang.self(), await erlang.receive((..., ..., ...), after=5)

    me, (tag, _, event) = erlsim.run(main)
    assert (tag, event) == (told[0], (me, *told[1]))
