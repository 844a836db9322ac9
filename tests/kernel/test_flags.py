"""Flags and the options of `spawn_opt`."""

from __future__ import annotations

from typing import Any

import pytest

from erlsim import erlang
from erlsim.terms import Pid
from tests.kernel.kit import BADARG, dead, flush, hang, raised, table, value

pytestmark = pytest.mark.erlsim

OPTIONS = [
    ("priority", "low"),
    ("fullsweep_after", 3),
    ("min_heap_size", 1000),
    ("min_bin_vheap_size", 100_000),
    ("message_queue_data", "off_heap"),
]


async def test_spawn_opt_links_monitors_and_remembers_what_only_tunes():
    erlang.process_flag("trap_exit", True)
    pid, ref = erlang.spawn_opt(hang, ["link", "monitor", *OPTIONS, ("max_heap_size", 3000), ("scheduler", 1)])
    assert erlang.process_info(pid, [name for name, _ in OPTIONS]) == OPTIONS
    assert erlang.process_info(pid, "max_heap_size")[1] == {"size": 3000, "kill": True, "error_logger": True}
    erlang.exit(pid, "x")
    assert await flush() == [("EXIT", pid, "x"), ("DOWN", ref, "process", pid, "x")]


async def test_spawn_opt_gives_the_pid_alone_unless_it_monitors():
    assert isinstance(erlang.spawn_opt(hang, []), Pid)
    assert isinstance(erlang.spawn_opt("erlang", "self", [], ["link"]), Pid)
    assert isinstance(erlang.spawn_opt("nonode@nohost", hang, []), Pid)
    pid, ref = erlang.spawn_opt(lambda: erlang.exit("x"), [("monitor", [("tag", "T")])])
    assert await flush() == [("T", ref, "process", pid, "x")]


BAD_OPTIONS: dict[str, Any] = {
    "unknown": ["foo"],
    "unknown pair": [("foo", 1)],
    "priority": [("priority", "x")],
    "heap": [("max_heap_size", 5)],
    "heap without size": [("max_heap_size", {})],
    "scheduler": [("scheduler", 99)],
    "queue": [("message_queue_data", "mixed")],
    "negative": [("min_heap_size", -1)],
    "monitor": [("monitor", "foo")],
    "monitor option": [("monitor", [("alias", "foo")])],
    "link": [("link", True)],
    "no list": "link",
}


@table(BAD_OPTIONS)
async def test_bad_options_of_spawn_opt_are_badarg_and_nothing_is_spawned(case):
    count = erlang.system_info("process_count")
    assert raised(erlang.spawn_opt, hang, case) == BADARG
    assert erlang.system_info("process_count") == count


FLAGS: dict[str, Any] = {
    "priority": ("normal", "max", "max"),
    "fullsweep_after": (65535, 3, 3),
    "min_heap_size": (233, 100, 233),
    "min_bin_vheap_size": (46422, 100, 46422),
    "message_queue_data": ("on_heap", "off_heap", "off_heap"),
    "save_calls": (0, 10, 10),
    "sensitive": (False, True, True),
    "error_handler": ("error_handler", "foo", "foo"),
    "scheduler": (0, 1, 1),
    "trap_exit": (False, True, True),
}


@pytest.mark.parametrize("flag", list(FLAGS))
async def test_process_flag_returns_the_old_value_and_remembers_the_new_one(flag):
    default, new, then = FLAGS[flag]
    assert await value(lambda: [erlang.process_flag(flag, new), erlang.process_flag(flag, new)]) == [default, then]


BAD_FLAGS = [
    ("gurka", "banan"),
    (1, 1),
    ("trap_exit", "gurka"),
    ("trap_exit", 1),
    ("error_handler", 1),
    ("fullsweep_after", -1),
    ("min_heap_size", "gurka"),
    ("min_bin_vheap_size", -1),
    ("max_heap_size", "gurka"),
    ("max_heap_size", 232),
    ("max_heap_size", {"kill": True}),
    ("max_heap_size", {"size": 233, "kill": "gurka"}),
    ("max_heap_size", {"size": 1 << 64}),
    ("priority", 4711),
    ("save_calls", 10_001),
    ("sensitive", 1),
    ("message_queue_data", "foo"),
    ("async_dist", True),
]


@pytest.mark.parametrize("flag", BAD_FLAGS, ids=repr)
async def test_bad_flags_and_values_are_badarg(flag):
    assert raised(erlang.process_flag, *flag) == BADARG


async def test_save_calls_is_the_one_flag_of_another_process():
    pid = erlang.spawn(hang)
    assert [erlang.process_flag(pid, "save_calls", n) for n in (1, 0)] == [0, 1]
    assert raised(erlang.process_flag, pid, "trap_exit", True) == BADARG
    assert raised(erlang.process_flag, await dead(), "save_calls", 0) == BADARG
