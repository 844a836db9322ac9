"""The demonstration runs, and what stands behind its prompts is what the director says."""

import re

import pytest

from erlsim.cli import demo


@pytest.fixture(scope="module")
def text():
    import contextlib
    import io

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        demo.main()
    return out.getvalue()


def answers(text, expression):
    """The values printed for an expression."""
    return re.findall(rf"^\d+> {re.escape(expression)}\.\n(?:\*DBG\*.*\n)*(.*)$", text, flags=re.M)


def test_the_child_is_restarted_then_restarted_later_then_deleted(text):
    rows = answers(text, "director:which_children(Pid)")
    assert rows[0] == "[]"
    assert re.fullmatch(r"\[\{bar_id,<0\.\d+\.0>,worker,\[bar\]\}\]", rows[1])
    assert rows[2:] == ["[{bar_id,restarting,worker,[bar]}]", "[]"]


def test_virtual_time_is_told(text):
    assert text.count("%% 5000 ms have passed: it is 5000 ms") == 2


def test_a_default_childspec_is_added(text):
    assert "plan => [restart,fun director:default_plan_element_fun/2]" in text
    assert "[{specs,11},{active,11},{supervisors,0},{workers,11}]" in text


def test_the_trace_and_the_reports_are_shown(text):
    assert '*DBG* director "dname" got request "count_children" from' in text
    assert '*DBG* director "dname" got timer event for child-id "bar_id"' in text
    assert "=SUPERVISOR REPORT==== 1-Jan-2024::00:00:00 ===" in text
    assert "=PROGRESS REPORT==== 1-Jan-2024::00:00:05 ===" in text


def test_it_is_the_same_every_time(text):
    import contextlib
    import io

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        demo.main()
    assert out.getvalue() == text
