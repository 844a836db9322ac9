"""What a real Erlang showed, recorded, and what goes there and back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from erlsim import terms
from erlsim.errors import ErlsimError
from erlsim.porting.scenarios import Module, Ms, Scenario, check_port, compare, run_on_python, tagged
from erlsim.porting.scenarios.beam import NoBeam, Target, etf, targets
from erlsim.porting.scenarios.beam.running import written
from tests.porting.scenarios import oracle


@pytest.mark.parametrize("scenario", oracle.scenarios(), ids=lambda each: each.name)
def test_the_prototype_does_what_its_port_did_on_a_real_erlang(scenario):
    recorded = oracle.recorded(scenario)
    assert len(recorded.seen) == sum(not step.is_silent for step in scenario.steps)
    assert compare(scenario, run_on_python(scenario), recorded) is None


def test_without_an_erlang_the_report_says_so_and_nothing_is_claimed(monkeypatch):
    monkeypatch.setattr(targets.shutil, "which", lambda name: None)
    scenario = oracle.scenarios()[0]
    report = check_port(scenario, port=oracle.SOURCES, beam=True)
    assert report.skipped == {"erl": "there is no `erl` on the PATH"}
    assert report.sentence() == "19 of 19 steps equal on erlsim, not on erl: there is no `erl` on the PATH"
    with pytest.raises(NoBeam):
        targets.tool("mix")


def test_a_report_names_the_system_that_the_port_ran_on():
    scenario = oracle.scenarios()[0]
    report = check_port(scenario, port=oracle.SOURCES)
    report.runs["erl"] = replace(oracle.recorded(scenario), system="OTP 25")
    assert report.sentence() == "19 of 19 steps equal on erlsim, 19 of 19 on OTP 25"
    assert report.to_json()["systems"] == {"erl": "OTP 25"}


def test_the_driver_reads_names_times_and_modules():
    s = Scenario("x", elixir={"pool": "Elixir.Pool"})
    pid = s.start("pool", "start_link", Ms(100), Module("pool"))
    s.sleep(50)
    s.receive(("DOWN", ..., pid), within=10)
    assert written(s, Target("elixir", (), ("elixir",)), 2.0) == (
        "#{steps => [{{call, {'Elixir.Pool', start_link, [200, 'Elixir.Pool']}}, {ok, {ok, {'$var', 'P1'}}}}, "
        "{sleep, 100}, {{'receive', 20}, {received, {'DOWN', {'$any'}, {'$var', 'P1'}}}}], settle => 12, "
        "applications => [], started => [elixir]}.\n"
    )
    assert "pool, start_link, [100, pool]" in written(s, Target("erl", ()), 1.0)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("835864000d6e6f6e6f6465406e6f686f7374000000510000000000000000", "<0.81.0>"),
        ("83716400016d640001666101", "fun m:f/1"),
        ("837400000001640001616101", "#{a => 1}"),
        ("836c0000000161016102", "[1|2]"),
        ("834d0000000103a0", "<<5:3>>"),
        ("836b00026162", '"ab"'),
        ("83463ff8000000000000", "1.5"),
        ("836e0900000000000000000040", "1180591620717411303424"),
        ("8362fffffffd", "-3"),
        ("836c00000002640001616801640001626a", "[a,{b}]"),
    ],
)
def test_terms_of_a_real_erlang_are_read(data, text):
    assert terms.format("~0tp", [etf.decode(bytes.fromhex(data))]) == text


def test_references_and_funs_of_a_real_erlang_are_told_apart():
    first = "835a000364000d6e6f6e6f6465406e6f686f73740000000000037056a184000291eeee3f"
    one, other = (etf.decode(bytes.fromhex(data)) for data in (first, first[:-2] + "40"))
    assert isinstance(one, terms.Ref)
    assert one != other
    fun = "8370000000460200000000000000000000000000000000000000000000000064000161610061006400016"
    encoded = tagged.Encoder().encode(etf.decode(bytes.fromhex(fun + "1" * (2 * 71 - len(fun)))))
    assert encoded == {"fun": 2}


@pytest.mark.parametrize("data", [b"", b"\x00a", b"\x83\xff"])
def test_what_is_no_term_is_refused(data):
    with pytest.raises(ErlsimError):
        etf.decode(data)
