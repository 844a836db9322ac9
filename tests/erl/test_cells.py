"""Cells of Erlang in IPython, as a notebook has them: one node for both languages, and what erl would print."""

from __future__ import annotations

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from erlsim._kernel import thread

COUNTER = """\
%% A counter.
-module(counter).
-behaviour(gen_server).
-export([start_link/0, init/1, handle_call/3, handle_cast/2]).
start_link() -> gen_server:start_link({local, counter}, ?MODULE, 0, []).
init(N) -> {ok, N}.
handle_call(get, _From, N) -> {reply, N, N}.
handle_cast(add, N) -> {noreply, N + STEP}.
"""


@pytest.fixture(scope="module")
def ipython(tmp_path_factory):
    """An IPython of our own; `get_ipython()` finds it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        yield InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
        InteractiveShell.clear_instance()


@pytest.fixture
def cell(ipython, capsys):
    """Runs a cell: what it shows, and its value if it has one."""
    before, thread.world = thread.world, None
    ipython.reset(new_session=False)

    def run(*lines):
        done = ipython.run_cell("\n".join(lines))
        done.raise_error()
        shown = capsys.readouterr().out
        return shown if done.result is None else done.result

    yield run
    thread.world = before


def erlang(*lines):
    return "\n".join(["%%erlang", *lines])


def test_a_shell_brings_cells_of_erlang_with_it(cell):
    cell("import erlsim; sim = erlsim.shell()")
    assert cell(erlang("X = 5.", "X * 2.")) == "5\n10\n"


def test_without_a_shell_the_extension_makes_one(cell):
    cell("%load_ext erlsim")
    assert cell(erlang("1 + 1")) == "2\n"
    assert cell("import erlsim; erlsim.erlang.self()").__class__.__name__ == "Pid"


def test_values_output_and_failures_come_in_the_order_of_the_cell_and_the_last_dot_may_be_left_out(cell):
    cell("import erlsim; erlsim.shell()")
    assert cell(
        erlang(
            'io:format("hello~n").',
            "X = [N * N || N <- [1, 2, 3]], % a comment",
            "lists:sum(X). length(X).",
            "foo(. Y = 1.",
            "X = 2.",
            "nobody:here().",
            "{X, Y}",
        )
    ).splitlines() == [
        "hello",
        "ok",
        "14",
        "3",
        "* 1:5: syntax error before: '.'",
        "1",
        "** exception error: no match of right hand side value 2",
        "** exception error: undefined function nobody:here/0",
        "{[1,4,9],1}",
    ]


def test_bindings_stay_between_cells_until_they_are_forgotten_or_the_shell_begins_anew(cell):
    cell("import erlsim; erlsim.shell()")
    cell(erlang("A = 1."))
    assert cell(erlang("f(A).", "A = 2.")) == "ok\n2\n"
    assert cell(erlang("f(A).", "A = 3.", "b().")) == "ok\n3\nA = 3\nok\n"
    cell("erlsim.shell()")
    assert cell(erlang("A.")) == "* 1:1: variable 'A' is unbound\n"


def test_a_cell_that_begins_with_a_module_is_compiled_and_a_mended_one_takes_its_place(cell):
    cell("import erlsim; erlsim.shell()")
    assert cell(erlang(COUNTER)) == "counter.erl:8:38: variable 'STEP' is unbound\nerror\n"
    assert cell(erlang(COUNTER.replace("STEP", "1"))) == "{ok,counter}\n"
    steps = ("gen_server:cast(counter, add).", "gen_server:call(counter, get).")
    assert cell(erlang("{ok, Pid} = counter:start_link(), is_pid(Pid).", *steps)) == "true\nok\n1\n"
    assert cell(erlang(COUNTER.replace("STEP", "10"))) == "{ok,counter}\n"
    # The server calls the new version of its callbacks.
    assert cell(erlang(*steps)) == "ok\n11\n"


def test_warnings_are_told_and_the_module_is_there(cell):
    cell("import erlsim; erlsim.shell()")
    assert cell(erlang("-module(w).", "-export([f/1]).", "f(X) -> 1.")) == (
        "w.erl:3:3: Warning: variable 'X' is unused\n{ok,w}\n"
    )


def test_python_and_erlang_act_on_one_node_and_a_line_gives_its_value_to_python(cell):
    cell("import erlsim", "from erlsim import erlang", "from erlsim.otp import gen_server", "sim = erlsim.shell()")
    cell(erlang(COUNTER.replace("STEP", "1")))
    cell(erlang("{ok, Pid} = counter:start_link()."))
    assert cell("gen_server.cast('counter', 'add')", "await gen_server.call('counter', 'get')") == 1
    assert cell("pid = %erlang Pid", "pid == erlang.whereis('counter')") is True
    assert cell('%erlang {1, "ab", #{k => <<"v">>}}') == (1, [97, 98], {"k": b"v"})
    cell("erlang.register('here', erlang.self())", "")
    cell(erlang("here ! {from, erlang}."))
    assert cell("await erlang.receive()") == ("from", "erlang")
    assert cell("sim.advance(100)", "%erlang now_ms()") == 100


def test_a_cell_can_be_given_to_a_checker_which_gets_the_module_or_nothing(cell):
    cell("import erlsim; erlsim.shell()", "def check(module):", "    return module and module.f(4)")
    assert cell("%%erlang --check check\n-module(m).\n-export([f/1]).\nf(X) -> X * X.") == 16
    assert cell("%%erlang --check check\n-module(m).\n-export([f/1]).") == "m.erl:2:2: function f/1 undefined\nerror\n"


def test_a_crash_is_reported_and_the_next_cell_has_a_new_process_with_the_bindings(cell):
    cell("import erlsim; erlsim.shell()")
    cell(erlang("Self = self()."))
    told = cell(erlang("link(proc_lib:spawn(fun() -> exit(broken) end)), timer:sleep(1)."))
    assert told.startswith("=CRASH REPORT==== 1-Jan-2024") or "exception exit: broken" in told
    assert told.endswith("\n** exception exit: broken\n")
    assert cell(erlang("Self =:= self().")) == "false\n"


def test_a_wait_without_end_ends_the_cell_and_what_is_not_closed_is_told(cell):
    cell("import erlsim; erlsim.shell()")
    assert cell(erlang("receive never -> ok end.")).startswith("** nothing can happen any more at 0 ms")
    assert cell(erlang('"abc')) == '* 1:1: unterminated string starting with "abc\\n"\n'
    assert cell(erlang("case 1 of 1 ->")) == "* 1:13: syntax error before: '.'\n"
    assert cell(erlang("% nothing but a comment")) == ""
    assert cell(erlang("1.")) == "1\n"
