"""What `erlsim demo` shows: the sessions of director's documentation, in virtual time.

Each line is an Erlang expression and its Python equivalent. The Python is run in a live simulation and
its value printed as an Erlang shell would print it; trace lines and reports come from where they come in any program.
Nothing that is shown behind a prompt is written here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import CoroutineType
from typing import Any

import click

import director
import erlsim
from erlsim import code, erlang, terms, timer
from erlsim.otp import gen_server, supervisor
from erlsim.terms import Term

SLOWLY = 40
FOO: Term = "foo_sup"


def main() -> None:
    """Play the sessions."""
    _Session("An empty director, and a child with a plan", first)
    _Session("A director with a name: wait, and change_plan", second)
    _Session("A default childspec, and ten children from it", third)
    _Session("The debug trace, and the reports", fourth)


# ---- the modules of the documentation --------------------------------------------


class Bar:
    """The documentation's gen_server, the least there is."""

    async def start_link() -> Term:  # type: ignore[misc]
        return await gen_server.start_link("bar", "null", [])

    def init(argument: Term) -> Term:
        return ("ok", "state")


def foo(answer: Term) -> type:
    """The callback module whose `init` returns `answer`, in the documentation's words."""

    class Foo:
        async def start_link() -> Term:  # type: ignore[misc]
            return await director.start_link(("local", "foo_sup"), "foo", "null")

        def init(argument: Term) -> Term:
            return answer

    return Foo


WAITING = {"id": "bar_id", "plan": ["wait"], "start": ("bar", "start_link"), "count": 1, "terminate_timeout": 2000}
DEFAULT = {"start": ("bar", "start_link"), "terminate_timeout": 1000, "plan": ["restart"], "count": 5}


# ---- a shell ---------------------------------------------------------------------


class _Session:
    """A fresh node and its shell: numbers the prompts, runs, prints."""

    def __init__(self, title: str, play: Callable[[_Session], Awaitable[None]]) -> None:
        self.sim = erlsim.Simulation(trace=False)
        self.number = 0
        click.secho(f"\n{title}\n{'-' * len(title)}", bold=True)
        self.sim.run(play, self)

    def say(self, text: str) -> None:
        """A remark."""
        click.secho(f"%% {text}", dim=True)

    def compile(self, name: str, module: Any) -> Callable[[], Term]:
        """What `c(name)` does: the module is there from now on."""
        return lambda: ("ok", code.name(code.load(name, module)))

    async def line(self, text: str, run: Callable[[], Any]) -> Term:
        """Show an expression, run it, print its value; the value. Says so when virtual time has passed."""
        self.number += 1
        click.secho(f"{self.number}> ", bold=True, nl=False)
        click.echo(f"{text}.")
        before = self.sim.now
        value = run()
        if type(value) is CoroutineType:
            value = await value
        await _settled()
        click.echo(terms.format("~tp", [value]))
        if self.sim.now > before:
            self.say(f"{self.sim.now - before} ms have passed: it is {self.sim.now} ms")
        return value


async def _settled() -> None:
    """Let everybody else come to rest, without time passing, so that what they print stands before the value."""
    for _ in range(SLOWLY):
        await erlang.yield_()


def _killed(pid: Term) -> Callable[[], Term]:
    return lambda: erlang.exit(pid, "kill")


# ---- the sessions ----------------------------------------------------------------


async def first(shell: _Session) -> None:
    """An empty director; start_child with a plan; two kills, and 5000 ms."""
    code.load("bar", Bar)
    await shell.line("c(foo)", shell.compile("foo", foo(("ok", []))))
    shell.say("foo:init/1 returns {ok, []}")
    _, pid = await shell.line(
        "{ok, Pid} = director:start_link(foo, undefined)", lambda: director.start_link("foo", "undefined")
    )
    await shell.line("director:which_children(Pid)", lambda: director.which_children(pid))
    await shell.line("director:count_children(Pid)", lambda: director.count_children(pid))
    await shell.line("director:get_pids(Pid)", lambda: director.get_pids(pid))
    plan = await shell.line(
        "Plan = [restart, {restart, 5000}, delete]", lambda: ["restart", ("restart", 5000), "delete"]
    )
    spec = await shell.line(
        "Childspec = #{id => bar_id, start => {bar, start_link}, plan => Plan}",
        lambda: {"id": "bar_id", "start": ("bar", "start_link"), "plan": plan},
    )
    await shell.line("director:start_child(Pid, Childspec)", lambda: director.start_child(pid, spec))
    await shell.line("director:which_children(Pid)", lambda: director.which_children(pid))
    await shell.line("supervisor:count_children(Pid)", lambda: supervisor.count_children(pid))
    await shell.line("director:get_pids(Pid)", lambda: director.get_pids(pid))
    _, bar = await shell.line("{ok, BarPid1} = director:get_pid(Pid, bar_id)", lambda: director.get_pid(pid, "bar_id"))
    await shell.line("exit(BarPid1, kill)", _killed(bar))
    await crashes(shell, pid)


async def crashes(shell: _Session, pid: Term) -> None:
    """The rest of the first session: the second kill, 5000 ms, the third."""
    shell.say("the first element of the plan: restart")
    await shell.line("director:get_pids(Pid)", lambda: director.get_pids(pid))
    _, bar = await shell.line("{ok, BarPid2} = director:get_pid(Pid, bar_id)", lambda: director.get_pid(pid, "bar_id"))
    await shell.line("exit(BarPid2, kill)", _killed(bar))
    shell.say("the second element: {restart, 5000}")
    await shell.line("director:get_pids(Pid)", lambda: director.get_pids(pid))
    await shell.line("director:which_children(Pid)", lambda: director.which_children(pid))
    await shell.line("director:get_pid(Pid, bar_id)", lambda: director.get_pid(pid, "bar_id"))
    await shell.line("timer:sleep(5000)", lambda: timer.sleep(5000))
    await shell.line("director:get_pids(Pid)", lambda: director.get_pids(pid))
    _, bar = await shell.line("{ok, BarPid3} = director:get_pid(Pid, bar_id)", lambda: director.get_pid(pid, "bar_id"))
    await shell.line("exit(BarPid3, kill)", _killed(bar))
    shell.say("the third element: delete")
    await shell.line("director:which_children(Pid)", lambda: director.which_children(pid))


async def second(shell: _Session) -> None:
    """wait, get_childspec, change_plan, restart_child."""
    code.load("bar", Bar)
    await shell.line("c(foo)", shell.compile("foo", foo(("ok", [WAITING]))))
    shell.say("foo:init/1 returns {ok, [Childspec]}, whose plan is [wait] and whose count is 1")
    await shell.line("foo:start_link()", lambda: code.call("foo", "start_link", []))
    await shell.line("supervisor:get_callback_module(foo_sup)", lambda: supervisor.get_callback_module(FOO))
    await shell.line("director:get_childspec(foo_sup, bar_id)", lambda: director.get_childspec("foo_sup", "bar_id"))
    _, bar = await shell.line(
        "{ok, Pid} = director:get_pid(foo_sup, bar_id)", lambda: director.get_pid("foo_sup", "bar_id")
    )
    await shell.line("exit(Pid, kill)", _killed(bar))
    await shell.line("director:which_children(foo_sup)", lambda: director.which_children("foo_sup"))
    await shell.line("director:count_children(foo_sup)", lambda: director.count_children("foo_sup"))
    await shell.line("director:get_plan(foo_sup, bar_id)", lambda: director.get_plan("foo_sup", "bar_id"))
    shell.say("one more kill would stop the director; with another plan the count begins anew")
    await shell.line(
        "director:change_plan(foo_sup, bar_id, [restart])",
        lambda: director.change_plan("foo_sup", "bar_id", ["restart"]),
    )
    await shell.line("director:get_childspec(foo_sup, bar_id)", lambda: director.get_childspec("foo_sup", "bar_id"))
    await shell.line("director:get_pids(foo_sup)", lambda: director.get_pids("foo_sup"))
    await shell.line("director:restart_child(foo_sup, bar_id)", lambda: director.restart_child("foo_sup", "bar_id"))
    _, bar = await shell.line(
        "{ok, Pid2} = director:get_pid(foo_sup, bar_id)", lambda: director.get_pid("foo_sup", "bar_id")
    )
    await shell.line("exit(Pid2, kill)", _killed(bar))
    await shell.line("director:get_pid(foo_sup, bar_id)", lambda: director.get_pid("foo_sup", "bar_id"))
    await shell.line("director:get_default_childspec(foo_sup)", lambda: director.get_default_childspec("foo_sup"))


async def third(shell: _Session) -> None:
    """append, and ten children."""
    code.load("bar", Bar)
    await shell.line("c(foo)", shell.compile("foo", foo(("ok", [WAITING], DEFAULT))))
    shell.say("foo:init/1 returns {ok, [Childspec], DefaultChildspec}")
    await shell.line("foo:start_link()", lambda: code.call("foo", "start_link", []))
    await shell.line("director:get_pids(foo_sup)", lambda: director.get_pids("foo_sup"))
    await shell.line("director:get_default_childspec(foo_sup)", lambda: director.get_default_childspec("foo_sup"))
    await shell.line(
        "director:start_child(foo_sup, #{id => 1, append => true})",
        lambda: director.start_child("foo_sup", {"id": 1, "append": True}),
    )
    await shell.line("director:get_childspec(foo_sup, 1)", lambda: director.get_childspec("foo_sup", 1))

    async def nine() -> Term:
        return [await director.start_child("foo_sup", {"id": count, "append": True}) for count in range(2, 11)]

    await shell.line(
        "[director:start_child(foo_sup, #{id => Count, append => true}) || Count <- lists:seq(2, 10)]", nine
    )
    await shell.line("director:count_children(foo_sup)", lambda: director.count_children("foo_sup"))
    await shell.line("director:get_pids(foo_sup)", lambda: director.get_pids("foo_sup"))


async def fourth(shell: _Session) -> None:
    """{debug, [trace]}, the supervisor report, 5000 ms, the progress report."""
    code.load("bar", Bar)
    code.load("foo", foo(("ok", [WAITING], DEFAULT)))
    await shell.line(
        "director:start_link({local, dname}, foo, undefined, [{debug, [trace]}])",
        lambda: director.start_link(("local", "dname"), "foo", "undefined", [("debug", ["trace"])]),
    )
    await shell.line("director:count_children(dname)", lambda: director.count_children("dname"))
    await shell.line(
        "director:change_plan(dname, bar_id, [{restart, 5000}])",
        lambda: director.change_plan("dname", "bar_id", [("restart", 5000)]),
    )
    _, bar = await shell.line(
        "{ok, Pid} = director:get_pid(dname, bar_id)", lambda: director.get_pid("dname", "bar_id")
    )
    shell.say("reports are printed from here on")
    shell.sim.reports.print = True
    await shell.line("exit(Pid, kill)", _killed(bar))
    await shell.line("timer:sleep(5000)", lambda: timer.sleep(5000))
    await shell.line("director:get_pids(dname)", lambda: director.get_pids("dname"))
