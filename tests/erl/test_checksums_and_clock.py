"""Checksums, dates and times, as OTP 25.2.3 has them."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import Simulation, erl, terms

SOURCE = "-module(m).\n-export([run/0]).\nrun() -> {expression}.\n"


def run(expression):
    module = erl.load_text(SOURCE.format(expression=expression))
    return module.run()


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('erlang:md5("abc")', "<<144,1,80,152,60,210,79,176,214,150,63,125,40,225,127,114>>"),
        ('erlang:md5(["a", <<"bc">>]) =:= erlang:md5("abc")', "true"),
        ('erlang:crc32(<<"abc">>)', "891568578"),
        ('erlang:crc32(5, "abc")', "871334697"),
        ('erlang:adler32("abc")', "38600999"),
        ('erlang:adler32(7, ["a", <<"bc">>])', "39780653"),
    ],
)
def test_checksums(expression, value, sim):
    assert run(expression) == terms.parse(value)


@pytest.mark.parametrize(
    ("call", "args"),
    [
        ("md5(a)", "[a]"),
        ("md5(5)", "[5]"),
        ("crc32([a])", "[[a]]"),
        ("crc32(-1, [97])", "[-1,[97]]"),
        ("crc32(1, b)", "[1,b]"),
        ("adler32(1 bsl 32, [97])", "[4294967296,[97]]"),
        ("time_offset(foo)", "[foo]"),
    ],
)
def test_what_has_no_checksum_and_no_unit_is_badarg(call, args, sim):
    with pytest.raises(erlsim.Error) as caught:
        run(f"erlang:{call}")
    assert caught.value.reason == "badarg"
    assert caught.value.stack[0][:3] == ("erlang", call.split("(")[0], terms.parse(args))


def test_the_date_and_the_time_are_the_simulations():
    with Simulation() as sim:
        before = run("{date(), time(), erlang:localtime(), erlang:universaltime(), erlang:timestamp()}")
        sim.advance(24 * 3_600_000 + 61_001)
        after = run("{date(), time(), erlang:timestamp(), erlang:time_offset(second)}")
    assert before == terms.parse("{{2024,1,1},{0,0,0},{{2024,1,1},{0,0,0}},{{2024,1,1},{0,0,0}},{1704,67200,0}}")
    assert after == terms.parse("{{2024,1,2},{0,1,1},{1704,153661,1000},1704067200}")
