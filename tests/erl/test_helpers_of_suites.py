"""What suites have beside them: modules that they name, sources that they compile themselves, an OTP."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

import erlsim
from erlsim.cli import main
from erlsim.erl.testing import Passed, Project

SUITE = """
-module(shop_SUITE).
-include_lib("common_test/include/ct.hrl").
-export([all/0, helped/1, compiled/1, repeated/1, told/1]).
all() -> [helped, compiled, repeated, told].
helped(_) -> 42 = shop_helper:answer().
compiled(Config) ->
    {ok, late} = compile:file(?config(data_dir, Config) ++ "late.erl"),
    error = compile:file(?config(data_dir, Config) ++ "never.erl"),
    {error, nofile} = code:ensure_loaded(never),
    {module, late} = code:ensure_loaded(late),
    here = late:where().
repeated(_) ->
    ok = test_server:do_times(3, erlang, put, [k, v]),
    false = test_server:is_cover().
told(_) ->
    ok = error_logger:add_report_handler(shop_handler, self()),
    error_logger:error_msg("~p is wrong", [this]),
    receive {told, {error, _, {Pid, "~p is wrong", [this]}}} when Pid =:= self() -> ok end,
    error_logger:warning_report([{a, 1}]),
    receive {told, {warning_report, _, {_, std_warning, [{a, 1}]}}} -> ok end,
    [shop_handler] = error_logger:which_report_handlers(),
    _ = error_logger:delete_report_handler(shop_handler),
    error_logger:info_msg("quiet", []),
    receive {told, Late} -> ct:fail(Late) after 100 -> ok end.
"""
HELPER = "-module(shop_helper).\n-export([answer/0]).\nanswer() -> shop_deeper:answer().\n"
DEEPER = "-module(shop_deeper).\n-export([answer/0]).\nanswer() -> 42.\n"
HANDLER = """
-module(shop_handler).
-behaviour(gen_event).
-export([init/1, handle_event/2, handle_call/2]).
init(To) -> {ok, To}.
handle_event(Event, To) -> To ! {told, Event}, {ok, To}.
handle_call(_, To) -> {ok, ok, To}.
"""


@pytest.fixture
def suite(tmp_path):
    """A suite with its helpers beside it, and modules there that it does not name: one of them is no Erlang."""
    texts = {"shop_SUITE": SUITE, "shop_helper": HELPER, "shop_deeper": DEEPER, "shop_handler": HANDLER}
    texts |= {"unnamed": "This is no Erlang.\n", "other_SUITE": "Nor is this: shop_helper.\n"}
    for name, text in texts.items():
        (tmp_path / f"{name}.erl").write_text(text)
    (tmp_path / "shop_SUITE_data").mkdir()
    (tmp_path / "shop_SUITE_data" / "late.erl").write_text("-module(late).\n-export([where/0]).\nwhere() -> here.\n")
    return tmp_path / "shop_SUITE.erl"


def test_a_suite_alone_has_the_modules_beside_it_that_it_names_and_what_it_compiles(suite):
    found = {}
    for case in Project([suite]).all_cases():
        sim = erlsim.Simulation()
        sim.reports.print = False
        found[case.test] = case.run(sim)
    assert found == dict.fromkeys(["helped", "compiled", "repeated", "told"], Passed())


def test_a_suite_may_have_the_modules_of_an_OTP(tmp_path, suite):
    source = tmp_path / "otp" / "lib" / "stdlib-1.0" / "src" / "shop_deep.erl"
    source.parent.mkdir(parents=True)
    source.write_text("-module(shop_deep).\n-export([answer/0]).\nanswer() -> 42.\n")
    (tmp_path / "shop_helper.erl").write_text(HELPER.replace("shop_deeper", "shop_deep"))
    runner = CliRunner()
    assert runner.invoke(main, ["test", str(suite), "-k", "helped"]).exit_code == 1
    with_otp = runner.invoke(main, ["test", str(suite), "-k", "helped", "--otp", str(tmp_path / "otp")])
    assert (with_otp.exit_code, with_otp.output.splitlines()[-1]) == (0, "1 passed of 1")
    missing = runner.invoke(main, ["test", str(suite), "--otp", str(tmp_path / "otp"), "--from-otp", "lists"])
    assert missing.exit_code == 2 and "no source of 'lists'" in missing.output
    alone = runner.invoke(main, ["test", str(suite), "--from-otp", "lists"])
    assert alone.exit_code == 2 and "--from-otp needs --otp" in alone.output
