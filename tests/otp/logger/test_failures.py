"""How a failure reads where a caller chooses the column, what is left out of the stack and how terms are printed."""

from __future__ import annotations

import pytest

from erlsim import terms
from erlsim.otp.reports import Printer, format_exception
from erlsim.otp.reports.dates import heading_date
from erlsim.otp.reports.sasl import format_report

STACK = [("m", "f", 1, []), ("base", "g", 1, []), ("m", "h", 1, []), ("base", "i", 1, []), ("base", "j", 1, [])]
LONG = [f"aaaaaaaaa{number}" for number in range(10, 30)]
CLASSES = ["error", "exit", "throw"]


@pytest.mark.parametrize("column", range(1, 9))
@pytest.mark.parametrize("kind", CLASSES)
def test_a_failure_is_indented_to_its_column(kind, column):
    """Frames two further in, lines of the reason below the first line of the reason."""
    first, *lines = format_exception(column, kind, LONG, [("m", "f", 1, []), ("m", "g", 0, [])]).split("\n")
    heading = f"exception {kind}: "
    assert first.startswith(heading + "[aaaaaaaaa10,")
    *more, function, caller = lines
    assert {len(line) - len(line.lstrip(" ")) for line in more} == {column - 1 + len(heading) + 1}
    assert (function, caller) == (
        " " * (column + 1) + "in function  m:f/1 ",
        " " * (column + 1) + "in call from m:g/0 ",
    )


@pytest.mark.parametrize("base", ["base", lambda frame: frame[0] == "base"])
def test_only_frames_of_the_base_at_the_bottom_are_left_out(base):
    text = format_exception(1, "error", "boom", STACK, base)
    assert [line.split()[-1] for line in text.split("\n")[1:]] == ["m:f/1", "base:g/1", "m:h/1"]


def test_without_a_base_all_frames_are_told():
    assert len(format_exception(1, "error", "boom", STACK).split("\n")) == 6


def test_unless_said_otherwise_characters_are_shown_and_nothing_is_cut():
    assert format_exception(1, "exit", "\u20ac", []) == "exception exit: '\u20ac'"
    assert format_exception(1, "exit", "\u20ac", [], printer=Printer(unicode=False)) == r"exception exit: '\x{20AC}'"
    assert format_exception(1, "exit", list(range(99)), [], printer=Printer(3)) == "exception exit: [0,1|...]"
    assert Printer() == ("unlimited", True)


@pytest.mark.parametrize(
    ("microseconds", "text"),
    [
        (0, "1-Jan-1970::00:00:00"),
        (1_704_067_199_999_999, "31-Dec-2023::23:59:59"),
        *(
            (951_782_400_000_000 + 31 * day * 86_400_000_000, date)
            for day, date in enumerate(
                ("29-Feb-2000::00:00:00", "31-Mar-2000::00:00:00", "1-May-2000::00:00:00", "1-Jun-2000::00:00:00")
            )
        ),
    ],
)
def test_a_heading_has_day_month_year_and_time(microseconds, text):
    assert heading_date(microseconds) == text


def test_each_month_has_its_name():
    names = [heading_date((month * 2_629_800 + 1_000_000) * 10**6).split("-")[1] for month in range(12)]
    assert names == ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def event(msg, **meta):
    return {"level": "error", "msg": msg, "meta": {"time": 0, **meta}}


SUPERVISOR = {"tag": "error_report", "type": "supervisor_report"}
CRASH = {"tag": "error_report", "type": "crash_report"}
PROGRESS = {"tag": "info_report", "type": "progress"}
HEAD = "==== 1-Jan-1970::00:00:00 ===\n"
ROWS = [("supervisor", "s"), ("errorContext", "c"), ("reason", "r"), ("offender", [("pid", "p")])]
SUPERVISED = "     Supervisor: s\n     Context:    c\n     Reason:     r\n     Offender:   [{pid,p}]\n\n"
NOTHING = "     Reason:     []\n     Offender:   []\n\n"
SASL = [
    (
        event(("report", {"label": "l", "report": ROWS}), error_logger=SUPERVISOR),
        f"SUPERVISOR REPORT{HEAD}{SUPERVISED}",
    ),
    (event(("report", ROWS), error_logger=SUPERVISOR), f"SUPERVISOR REPORT{HEAD}{SUPERVISED}"),
    (
        event(("report", [*ROWS[:2], "odd", *ROWS[2:]]), error_logger=SUPERVISOR),
        f"SUPERVISOR REPORT{HEAD}     Supervisor: s\n     Context:    c\n{NOTHING}",
    ),
    (
        event(("report", [("supervisor", "s", 1)]), error_logger=SUPERVISOR),
        f"SUPERVISOR REPORT{HEAD}     Supervisor: []\n     Context:    []\n{NOTHING}",
    ),
    (
        event(("report", {"report": [("a", 1), ("started", [("pid", "p")])]}), error_logger=PROGRESS),
        f"PROGRESS REPORT{HEAD}                   a: 1\n             started: [{{pid,p}}]\n",
    ),
    (event(("report", {"a": 1}), error_logger=PROGRESS), f"PROGRESS REPORT{HEAD}                   a: 1\n"),
    (
        event(("report", {"report": [[("a", 1)], []]}), error_logger=CRASH),
        f"CRASH REPORT{HEAD}  crasher:\n    a: 1\n  neighbours:\n",
    ),
]
OTHERS = [
    event(("string", "x"), error_logger=CRASH),
    event(("report", {"report": [[], []]})),
    event(("report", {"report": [[], []]}), error_logger={"tag": "error_report"}),
    event(("report", {"report": [[], []]}), error_logger={"type": "crash_report"}),
    event(("report", {"report": [[], []]}), error_logger={"tag": "info_report", "type": "crash_report"}),
    event(("report", {"report": [[], []]}), error_logger={"tag": [], "type": "crash_report"}),
    event(("report", {"report": [[], []]}), error_logger={"tag": "error_report", "type": []}),
    event((terms.chars("report"), []), error_logger=CRASH),
    event(("zzz", []), error_logger=CRASH),
    event(("a", []), error_logger=CRASH),
]


@pytest.mark.parametrize(("happened", "text"), SASL)
def test_supervisor_progress_and_crash_reports_have_the_layout_of_sasl(happened, text):
    assert format_report(happened) == f"\n={text}"


@pytest.mark.parametrize("happened", OTHERS)
def test_other_events_have_no_layout_of_sasl(happened):
    assert format_report(happened) is None
