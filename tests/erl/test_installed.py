"""Modules of an OTP that is installed: here one that is made for the test."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import ErlsimError, code, erl

SHOUT = """
-module(shout).
-export([up/1, queue/0]).
-include("loud.hrl").
up(Text) -> string:uppercase(Text) ++ ?MARK.
queue() -> queue:new().
"""
QUEUE = """
-module(queue).
-export([new/0, other/0]).
new() -> a_queue_of_otp.
other() -> shout:queue().
"""
CALLER = """
-module(caller).
-export([up/0, queue/0, missing/0]).
up() -> shout:up("ab").
queue() -> queue:new().
missing() -> nowhere:at_all().
"""


@pytest.fixture
def home(tmp_path):
    """A folder with the sources of two modules; of one of them erlsim has its own."""
    stdlib = tmp_path / "lib" / "stdlib-1.0"
    (stdlib / "src").mkdir(parents=True)
    (stdlib / "include").mkdir()
    (stdlib / "src" / "shout.erl").write_text(SHOUT)
    (stdlib / "src" / "queue.erl").write_text(QUEUE)
    (stdlib / "include" / "loud.hrl").write_text('-define(MARK, "!").\n')
    return tmp_path


def called(installation, function):
    with erlsim.Simulation() as sim:
        installation.enter()
        return sim.run(erl.load_text(CALLER).__dict__[function])


def test_a_module_that_erlsim_lacks_is_found_among_the_sources_of_otp(home):
    assert called(erl.Installation(home), "up") == erlsim.terms.chars("AB!")
    assert called(erl.Installation(home / "lib"), "up") == erlsim.terms.chars("AB!")


def test_otp_takes_the_place_of_erlsim_only_where_it_is_asked_for(home):
    assert called(erl.Installation(home), "queue") == ([], [])
    with erlsim.Simulation() as sim:
        otp = erl.Installation(home, ["queue"])
        otp.enter()
        caller = erl.load_text(CALLER)
        assert sim.run(caller.queue) == "a_queue_of_otp"
        assert sim.run(lambda: code.call("queue", "other", [])) == "a_queue_of_otp"
    assert erlsim.run(erl.load_text(CALLER).queue) == ([], [])


def test_what_is_compiled_once_serves_many_simulations(home):
    otp = erl.Installation(home)
    found = []
    for _ in range(2):
        with erlsim.Simulation():
            otp.enter()
            found.append(code.resolve("shout"))
    assert found[0] is found[1]


def test_what_nobody_has_is_undef_all_the_same(home):
    with pytest.raises(erlsim.Error, match="undef"):
        called(erl.Installation(home), "missing")


def test_a_folder_without_sources_is_refused(tmp_path, home):
    with pytest.raises(ErlsimError, match="no sources"):
        erl.Installation(tmp_path / "lib" / "stdlib-1.0")
    with pytest.raises(ErlsimError, match="no source of 'lists'"):
        erl.Installation(home, ["lists"])
