"""Twin of `scn_prog`: processes that run programs, each with a log of its own in the driver's table.

Instructions, patterns and the names that stand for terms are those of the Erlang module, whose clauses these are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import erlsim
from erlsim import code, erlang, ets, terms, timer
from erlsim.errors import ErlangException
from erlsim.terms import Term
from tests.golden.arguments import dig

ME = "scn_prog"
KNOWN = ("links", "monitors", "monitored_by", "trap_exit", "registered_name", "messages", "dictionary")

Env = dict[Any, Term]


# ---- processes and their logs -------------------------------------------------------


def launch(how: Term, name: Term, program: Term) -> Term:
    """Start the process `name`."""
    args = [name, program]
    match how:
        case "spawn":
            result = erlang.spawn(ME, "run", args)
        case "spawn_link":
            result = erlang.spawn_link(ME, "run", args)
        case "spawn_monitor":
            result = erlang.spawn_monitor(ME, "run", args)
        case ("opt", options):
            result = erlang.spawn_opt(ME, "run", args, options)
        case _:
            return erlang.error(("case_clause", how))
    know(name, result[0] if isinstance(result, tuple) else result)
    return result


def know(name: Term, pid: Term) -> None:
    """Let `name` stand for a process."""
    ets.insert("scn_state", (("pid", name), pid))


def pid_of(name: Term) -> Term:
    """The process that `name` stands for, or `undefined`."""
    rows = ets.lookup("scn_state", ("pid", name))
    return rows[0][1] if rows else "undefined"


def instant(ms: int) -> int:
    """The time that is `ms` after the beginning of the scenario."""
    start: int = ets.lookup_element("scn_state", "$t0", 2)
    return start + ms


def log(name: Term, entry: Term) -> None:
    """Write into the log of `name`."""
    number = ets.update_counter("scn_state", ("n", name), 1, (("n", name), 0))
    ets.insert("scn_state", (("log", name, number), entry))


def say(entry: Term, env: Env) -> None:
    """Write into the log of the process that runs the program."""
    log(env["$name"], entry)


async def outcome(module: Term, function: Term, args: Term) -> Term:
    """`{value, V}`, or the class and the reason of what was raised."""
    try:
        return ("value", await code.call(module, function, args))
    except ErlangException as exc:
        return (exc.kind, exc.reason)


# ---- what stands for terms ----------------------------------------------------------


def sub(term: Term, env: Env) -> Term:
    """A term with what is known only now put in."""
    match term:
        case "$me":
            return erlang.self()
        case tuple():
            match term:
                case ("$$", name):
                    return env.get(name, "undefined")
                case ("$$", name, path):
                    return dig(env.get(name, "undefined"), path)
                case ("$p", name):
                    return pid_of(name)
                case ("$at", ms):
                    return instant(ms)
            return tuple(sub(each, env) for each in term)
        case list():
            return [sub(each, env) for each in term]
        case terms.Improper(items, tail):
            return terms.cons([sub(each, env) for each in items], sub(tail, env))
        case dict() | terms.TermMap():
            return terms.make_map((sub(name, env), sub(value, env)) for name, value in term.items())
    return term


def bound(term: Term, env: Env) -> Term:
    """A program for another process, with what this one has bound put in."""
    match term:
        case tuple():
            match term:
                case ("$$", name):
                    return env.get(name, term)
                case ("$$", name, path):
                    return dig(env[name], path) if name in env else term
            return tuple(bound(each, env) for each in term)
        case list():
            return [bound(each, env) for each in term]
        case terms.Improper(items, tail):
            return terms.cons([bound(each, env) for each in items], bound(tail, env))
    return term


def bind(name: Term, result: Term, env: Env) -> Env:
    """Remember an outcome: its value, or what was raised."""
    return {**env, name: result[1] if result[0] == "value" else result}


def element(message: Term, place: int, wanted: Term) -> bool:
    """`element(Place, Message) =:= Wanted`, as a guard."""
    return isinstance(message, tuple) and 1 <= place <= len(message) and terms.exact_eq(message[place - 1], wanted)


def predicate(pattern: Term) -> Callable[[Term], bool]:
    """The pattern of a selective receive."""

    def is_int(message: Term) -> bool:
        return isinstance(message, int) and not isinstance(message, bool)

    def of_ref(message: Term, ref: Term) -> bool:
        match message:
            case (_, found, _, _, _) | (found, _) | ("timeout", found, _) if isinstance(message, tuple):
                return terms.exact_eq(found, ref)
        return False

    match pattern:
        case "any":
            return lambda message: True
        case "int":
            return is_int
        case ("tag", tag):
            return lambda message: element(message, 1, tag)
        case ("exact", term):
            return lambda message: terms.exact_eq(message, term)
        case ("elem", place, term):
            return lambda message: element(message, place, term)
        case ("gt", least):
            return lambda message: is_int(message) and message > least
        case ("size", size):
            return lambda message: isinstance(message, tuple) and len(message) == size
        case ("either", one, other):
            return lambda message: element(message, 1, one) or element(message, 1, other)
        case ("ref", ref):
            return lambda message: of_ref(message, ref)
    return erlang.error("function_clause")


# ---- programs -----------------------------------------------------------------------


async def execute(program: list[Term], env: Env) -> Env:
    """Take every instruction of a program."""
    for instruction in program:
        taken = await compound(instruction, env)
        env = await simple(instruction, env) if taken is None else taken
    return env


async def compound(instruction: Term, env: Env) -> Env | None:
    """An instruction that holds programs; `None` for any other."""
    match instruction:
        case ("spawn", name, how, who, program):
            try:
                result: Term = ("value", launch(sub(how, env), sub(who, env), bound(program, env)))
            except ErlangException as exc:
                result = (exc.kind, exc.reason)
            say(result, env)
            return bind(name, result, env)
        case ("catch", program):
            try:
                return await execute(program, env)
            except ErlangException as exc:
                say(("caught", exc.kind, exc.reason), env)
                return env
        case ("repeat", times, program):
            for _ in range(times):
                env = await execute(program, env)
            return env
        case ("on", name, value, program):
            taken = name in env and terms.exact_eq(env[name], value)
            return await execute(program, env) if taken else env
        case ("serve",):
            return await serve(env)
        case ("hibernate", program):
            return await erlang.hibernate(ME, "hib", [env["$name"], program, env])
    return None


async def serve(env: Env) -> Env:
    """Run what programs come, for ever."""
    while True:
        message = await erlang.receive()
        match message:
            case ("run", program) if isinstance(message, tuple):
                env = await execute(program, env)
            case _:
                say(("msg", message), env)


async def simple(instruction: Term, env: Env) -> Env:
    """An instruction that does one thing."""
    match instruction:
        case ("drain",):
            say(("drained", await drain()), env)
        case ("do", name, module, function, args):
            result = await outcome(module, function, sub(args, env))
            say(result, env)
            return bind(name, result, env)
        case ("q", name, module, function, args):
            return bind(name, await outcome(module, function, sub(args, env)), env)
        case ("recv", name, pattern, after):
            message = await erlang.receive(predicate(sub(pattern, env)), after=after)
            late = message is erlsim.TIMEOUT
            say("timeout" if late else ("got", message), env)
            return {**env, name: "timeout" if late else message}
        case ("log", term):
            say(sub(term, env), env)
        case ("exit", reason):
            erlang.exit(sub(reason, env))
        case ("error", reason):
            erlang.error(sub(reason, env))
        case ("throw", reason):
            erlang.throw(sub(reason, env))
        case ("sleep", ms):
            await timer.sleep(ms)
        case ("until", ms):
            await timer.sleep(max(0, instant(ms) - erlang.monotonic_time("millisecond")))
        case _:
            erlang.error("function_clause")
    return env


async def drain() -> list[Term]:
    """Every message that is there."""
    found = []
    while (message := await erlang.receive(after=0)) is not erlsim.TIMEOUT:
        found.append(message)
    return found


@code.module(name=ME)
class ScnProg:
    """The module `scn_prog`."""

    def start(name: Term, how: Term, program: Term) -> Term:
        return launch(how, name, program)

    def tell(name: Term, program: Term) -> Term:
        erlang.send(pid_of(name), ("run", program))
        return "ok"

    def pid(name: Term) -> Term:
        return pid_of(name)

    def info(name: Term) -> Term:
        """What is known of a process, lists in term order where OTP leaves the order open."""
        rows = erlang.process_info(pid_of(name), list(KNOWN))
        if rows == "undefined":
            return rows
        return [(key, terms.sort(known) if key != "messages" and type(known) is list else known) for key, known in rows]

    def at(ms: int) -> Term:
        return instant(ms)

    async def here(program: Term) -> Term:
        await execute(program, {"$name": "driver"})
        return "ok"

    async def run(name: Term, program: Term) -> Term:
        await execute(program, {"$name": name})
        return "ok"

    async def hib(name: Term, program: Term, env: Term) -> Term:
        log(name, "woken")
        await execute(program, env)
        return "ok"

    def logs() -> Term:
        found = ets.match("scn_state", (("log", "$1", "$2"), "$3"))
        logs: list[tuple[Term, list[Term]]] = []
        for name, _, entry in terms.sort([tuple(each) for each in found]):
            if not logs or logs[-1][0] != name:
                logs.append((name, []))
            logs[-1][1].append(entry)
        return logs
