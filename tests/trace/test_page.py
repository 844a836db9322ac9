"""The page of a run, as a file: complete in itself, safe, the same every time."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import erlsim
from erlsim import erlang, timer
from erlsim.trace.events import FIELDS
from erlsim.trace.page import document as pages
from erlsim.trace.page.deltas import tree_rows
from erlsim.trace.page.splices import splice
from erlsim.trace.page.words import KINDS, ROWS
from erlsim.trace.sequence.drawing import LINES, TEXTS
from tests.trace.programs import child, run, top, two_crashes


class Reader(HTMLParser):
    """Checks that elements are closed in order; keeps ids and what refers to other files."""

    VOID = ("meta", "input", "br", "link", "img")

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.outside, self.data = [], [], [], ""

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag not in self.VOID:
            self.open.append((tag, values.get("id")))
        self.ids += [values["id"]] if "id" in values else []
        self.outside += [values[name] for name in ("src", "href", "srcset", "data", "action") if name in values]

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == ("script", "data"):
            self.data += data


def read(text):
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


def test_the_page_is_one_file_that_asks_for_no_other():
    text = run(two_crashes).to_html()
    reader = read(text)
    assert reader.outside == []
    assert not re.search(r"@import|url\(|https?://(?!www\.w3\.org/2000/svg)", text)
    assert "default-src 'none'" in text
    assert len(reader.ids) == len(set(reader.ids))


def test_the_page_is_the_same_every_time():
    assert run(two_crashes).to_html() == run(two_crashes).to_html()


def test_the_page_is_written_where_it_is_wanted(tmp_path):
    sim = run(two_crashes)
    assert sim.to_html(tmp_path / "out.html", title="Two crashes") == (tmp_path / "out.html").read_text(
        encoding="utf-8"
    )
    assert "<title>Two crashes</title>" in (tmp_path / "out.html").read_text(encoding="utf-8")


def test_every_event_says_what_it_changes():
    sim = run(two_crashes)
    data = json.loads(read(sim.to_html()).data)
    assert len(data["events"]) == len(sim.trace) + 1
    lines = []
    for number, event in enumerate(data["events"]):
        if "tree" in event:
            start, gone, come = event["tree"]
            lines[start : start + gone] = come
        assert lines == tree_rows(sim.trace.at(number - 1).tree)


def test_reports_are_on_the_page_as_otp_prints_them():
    data = json.loads(read(run(two_crashes).to_html()).data)
    assert [(report["time"], report["level"]) for report in data["reports"]][:1] == [(100, "error")]
    assert "Context:    child_terminated" in data["reports"][0]["text"]


def test_what_a_program_says_cannot_become_markup():
    async def main():
        evil = "</script><script>alert(1)</script>"
        erlang.send(erlang.self(), evil)
        await top([child("a") | {"id": "<img src=x onerror=alert(2)>"}])
        await timer.sleep(1)
        erlang.error("</title><script>alert(3)</script>")

    sim = erlsim.Simulation()
    try:
        sim.run(main)
    except erlsim.Error:
        pass
    text = sim.to_html(title="</title><script>alert(4)</script>")
    reader = read(text)
    assert text.count("<script") == 2
    assert reader.outside == []
    assert "<img" not in text


def test_a_run_without_a_trace_has_a_page_that_says_so():
    assert "the simulation ran without a trace" in run(two_crashes, trace=False).to_html()


def test_a_run_that_is_too_long_for_a_page_is_cut_and_the_page_says_so(monkeypatch):
    monkeypatch.setattr(pages, "MAX_EVENTS", 30)
    text = run(two_crashes).to_html()
    assert f"Only the first 30 of {len(run(two_crashes).trace)} events can be stepped through." in text
    assert len(json.loads(read(text).data)["events"]) == 31


def test_reports_that_are_too_many_are_left_out_and_the_page_says_so(monkeypatch):
    monkeypatch.setattr(pages, "MAX_REPORTS", 1)
    sim = run(two_crashes)
    text = sim.to_html()
    assert f"Only the first 1 of {len(sim.reports)} reports are here." in text
    assert len(json.loads(read(text).data)["reports"]) == 1


def test_every_kind_of_event_and_of_row_is_explained_in_words():
    assert list(KINDS) and set(KINDS) == set(FIELDS)
    never_on_the_page = {"operation"}
    assert set(ROWS) == {*LINES, *TEXTS, "link", "monitor"} - {"start_timer"} - never_on_the_page
    text = run(two_crashes).to_html()
    assert all(words in text for words in ROWS.values())


def test_what_changes_links_monitors_and_timers_says_so():
    async def main():
        async def watcher():
            await erlang.receive()

        other = erlang.spawn(watcher)
        erlang.link(other)
        ref = erlang.monitor("process", other)
        timer_ref = erlang.start_timer(50, erlang.self(), "late")
        erlang.demonitor(ref)
        erlang.unlink(other)
        erlang.cancel_timer(timer_ref)
        erlang.monitor("process", other)
        erlang.exit(other, "kill")
        await timer.sleep(1)

    data = json.loads(read(run(main).to_html()).data)
    shell, other = 83, 85
    changes = [tuple(map(str, each)) for event in data["events"] for each in event.get("facts", [])]
    assert [each for each in changes if each[0] == str(shell) and each[1] != "timers"] == [
        (str(shell), "links", f"[{other}]"),
        (str(shell), "monitors", f"[{other}]"),
        (str(shell), "monitors", "[]"),
        (str(shell), "links", "[]"),
        (str(shell), "monitors", f"[{other}]"),
        (str(shell), "monitors", "[]"),
    ]
    timers = [each[2] for each in changes if each[:2] == (str(shell), "timers")]
    assert timers[:2] == ["['at 50 ms']", "[]"]


def test_a_normal_end_is_told_from_a_crash_and_a_restart_from_a_start():
    data = json.loads(read(run(two_crashes).to_html()).data)
    marks = [(event["kind"], event["is"]) for event in data["events"] if "is" in event]
    assert marks == [("exit", "crash"), ("child", "restart")] * 2


def test_a_splice_leads_from_one_list_to_the_other():
    for before, after in (("abc", "abc"), ("abc", "axc"), ("abc", ""), ("", "abc"), ("aab", "ab"), ("ab", "aab")):
        start, gone, come = splice(list(before), list(after))
        assert before[:start] + "".join(come) + before[start + gone :] == after
