"""What OTP itself says of wrong arguments (`*** argument 1: not an atom`), recorded and asked of erlsim.

`python -m tests.wrong.explained compare` compares all that is recorded; without a word it asks an `erl` anew, with
`explained.erl`, and writes `explained.json`: each answer once, and for each function the numbers of the answers to its
cases, runs of the same one in short.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import erlsim
from erlsim import code, erlang, ets, terms
from erlsim.erl.library.dynamic import _TABLES, function_of
from erlsim.erl.running.calls import finish
from erlsim.erl.running.cells import outward
from erlsim.errors import Error, Exit, Throw
from erlsim.explanations import explain
from erlsim.terms import Improper, Pid, Term
from tests.wrong import cases
from tests.wrong.cases import FUN, MUTE, REF, Function

ERL = Path(__file__).with_name("explained.erl")
FILE = Path(__file__).with_name("explained.json")

DEAD, SELF, DELETED, FUN2 = ("dead",), ("self",), ("deleted",), ("fun2",)
SET, ORDERED, BAG, DUPLICATES = ("set",), ("ordered_set",), ("bag",), ("duplicate_bag",)
PROTECTED, PRIVATE = ("protected",), ("private",)
STANDINS = [MUTE, REF, FUN, DEAD, SELF, DELETED, FUN2, SET, ORDERED, BAG, DUPLICATES, PROTECTED, PRIVATE]

# The modules whose functions explain themselves, those of the second kind on terms alone.
PROCESSES = ("erlang", "ets")
TERMS = ("atomics", "binary", "counters", "lists", "maps", "math", "persistent_term", "unicode")
# With pure functions of three and four arguments fewer are tried: all of them would take long and say no more.
TRIED = {1: 20, 2: 12, 3: 6, 4: 3, 5: 2}
ALWAYS_FAILING = ("exit", "throw", "error", "raise", "nif_error", "halt", "hibernate")

_TABLES_OF_ETS = [SET, ORDERED, BAG, DELETED, PROTECTED, PRIVATE, "wrong_t"]
_SPEC = [(("$1", "$2", "$3"), [], ["$$"])]
# Calls that are wrong in ways that the general cases do not come upon.
SITUATIONS: dict[tuple[str, str], list[tuple[Term, ...]]] = {
    ("ets", "lookup_element"): [
        *itertools.product(_TABLES_OF_ETS, ["key", "none"], [0, 1, 4, "x", 1 << 70]),
    ],
    ("ets", "update_counter"): [
        *itertools.product(
            _TABLES_OF_ETS, ["key", "none"], [1, "x", (1, 1), (2, 1), (3, 1), (4, 1), (2, "x"), [(1, 1)]]
        ),
        *itertools.product([SET, DELETED], ["key", "none"], [1, "x", (1, 1), (9, 1)], ["x", ("k", 1), ("k", "x")]),
    ],
    ("ets", "update_element"): [
        *itertools.product(
            _TABLES_OF_ETS, ["key", "none"], ["x", (0, 1), (1, 1), (2, 1), (4, 1), [(2, 1), "x"], [(1, 2)]]
        ),
    ],
    ("ets", "insert"): [
        *itertools.product(_TABLES_OF_ETS, [(), ("a",), "x", [("a",), "x"], Improper((("a",),), 1), [()], {}])
    ],
    ("ets", "insert_new"): [*itertools.product(_TABLES_OF_ETS, [(), ("a",), "x", [("a",), "x"]])],
    ("ets", "new"): [
        ("wrong_t", ["named_table"]),
        ("other", ["named"]),
        ("other", "named_table"),
        ("other", [("keypos", 0)]),
        ("other", [("heir", "x")]),
        (1, ["x"]),
        ("other", Improper(("set",), "x")),
    ],
    ("ets", "rename"): [*itertools.product(_TABLES_OF_ETS, ["other", "wrong_t", 1])],
    ("ets", "give_away"): [*itertools.product(_TABLES_OF_ETS, [MUTE, DEAD, SELF, "x"], ["data"])],
    ("ets", "setopts"): [*itertools.product(_TABLES_OF_ETS, [("heir", "none"), [("protection", "x")], "x", ("x", 1)])],
    ("ets", "info"): [*itertools.product(_TABLES_OF_ETS, ["size", "x", 1])],
    ("ets", "next"): [*itertools.product(_TABLES_OF_ETS, ["key", "none"])],
    ("ets", "prev"): [*itertools.product(_TABLES_OF_ETS, ["key", "none"])],
    ("ets", "slot"): [*itertools.product(_TABLES_OF_ETS, [0, -1, 1 << 20, "x"])],
    ("ets", "safe_fixtable"): [*itertools.product(_TABLES_OF_ETS, [True, "x"])],
    ("ets", "select"): [
        *itertools.product(_TABLES_OF_ETS, ["x", _SPEC, [("x", "y")]]),
        *itertools.product([SET, DELETED, PRIVATE], ["x", _SPEC], [0, 1, "x"]),
    ],
    ("ets", "select_replace"): [
        *itertools.product(_TABLES_OF_ETS, ["x", _SPEC, [(("$1", "$2", "$3"), [], [(("x",),)])]])
    ],
    ("ets", "select_count"): [*itertools.product(_TABLES_OF_ETS, ["x", _SPEC])],
    ("ets", "select_delete"): [*itertools.product(_TABLES_OF_ETS, ["x", _SPEC])],
    ("ets", "match"): [*itertools.product([SET, DELETED, PRIVATE], ["x", "_"], [0, 1, "x"])],
    **{
        ("ets", name): [(each,) for each in _TABLES_OF_ETS]
        for name in ("first", "last", "tab2list", "delete", "delete_all_objects")
    },
    ("ets", "delete_object"): [*itertools.product(_TABLES_OF_ETS, [("key",), "x"])],
    **{("ets", name): [*itertools.product(_TABLES_OF_ETS, ["key"])] for name in ("lookup", "member", "take", "delete")},
    ("erlang", "register"): [
        ("name", SELF),
        ("name", DEAD),
        ("undefined", SELF),
        ("kernel_sup", SELF),
        (1, 2),
        ("name", 1),
    ],
    ("erlang", "unregister"): [("nobody",), (1,)],
    ("erlang", "link"): [(DEAD,), ("x",), (1,)],
    ("erlang", "send"): [("nobody", 1), (1, 1), (SELF, 1, ["x"]), (SELF, 1, "x"), ("nobody", 1, [])],
    ("erlang", "monitor"): [
        ("process", 1),
        ("x", SELF),
        ("process", SELF, ["x"]),
        ("process", SELF, "x"),
        ("process", 1, []),
        ("process", SELF, [("alias", "x")]),
    ],
    ("erlang", "demonitor"): [(1,), (REF, ["x"]), (REF, "x"), (1, [])],
    ("erlang", "process_flag"): [("trap_exit", 1), ("x", 1), ("priority", "x"), (SELF, "save_calls", "x"), (1, "x", 1)],
    ("erlang", "process_info"): [(SELF, "x"), (1, "links"), (SELF, ["links", "x"]), (DEAD, "x"), (1,)],
    ("erlang", "suspend_process"): [(SELF,), (DEAD,), (1,), (MUTE, ["x"]), (MUTE, "x")],
    ("erlang", "resume_process"): [(MUTE,), (SELF,), (DEAD,), (1,)],
    ("erlang", "send_after"): [(-1, SELF, 1), ("x", SELF, 1), (1, 1, 1), (1 << 70, SELF, 1), (1, SELF, 1, ["x"])],
    ("erlang", "start_timer"): [(-1, SELF, 1), (1, 1, 1), (1, SELF, 1, ["x"]), (1, SELF, 1, "x")],
    ("erlang", "cancel_timer"): [(1,), (REF, ["x"]), (REF, "x")],
    ("erlang", "exit"): [(1, "x"), ("x", "x")],
    ("erlang", "is_process_alive"): [("x",), (1,)],
    ("erlang", "group_leader"): [(SELF, 1), (1, SELF), (DEAD, SELF), (SELF, DEAD)],
    ("erlang", "spawn_opt"): [(FUN, ["x"]), (FUN, "x"), ("m", "f", [], ["x"]), ("m", "f", "x", []), (1, [])],
    ("erlang", "spawn"): [("m", "f", "x"), (1, "f", []), (1,), ("m", 1, [])],
    ("erlang", "convert_time_unit"): [(1, "x", "native"), ("x", "native", "x"), (1, "second", 0)],
    ("erlang", "element"): [(0, ("a",)), (2, ("a",)), (1, "x"), ("x", ("a",))],
    ("erlang", "setelement"): [(0, ("a",), 1), (2, ("a",), 1), (1, "x", 1)],
    ("erlang", "binary_part"): [
        (b"abc", (0, 9)),
        (b"abc", (9, 1)),
        (b"abc", "x"),
        (b"abc", 9, 1),
        (b"abc", 1, 9),
        ("x", 1, 1),
    ],
    ("erlang", "binary_to_integer"): [(b"x",), ("x",), (b"1", 99), (b"x", 2)],
    ("erlang", "list_to_integer"): [([120],), ("x",), ([49], 99), (Improper((49,), 1),)],
    ("erlang", "list_to_existing_atom"): [
        (terms.chars("no such atom at all"),),
        ([-1],),
        ("x",),
        (Improper((49,), 1),),
    ],
    ("erlang", "list_to_atom"): [([-1],), ("x",), (Improper((49,), 1),)],
    ("erlang", "atom_to_binary"): [(1,), ("x", "y"), ("\u4e00", "latin1"), (1, "latin1")],
    ("erlang", "binary_to_atom"): [(b"\xff",), (b"\xff", "utf8"), (1,), (b"x", "y")],
    ("erlang", "float_to_binary"): [(1,), (1.0, ["x"]), (1.0, "x"), (1, ["x"])],
    ("erlang", "split_binary"): [(b"abc", 9), (b"abc", -1), ("x", 1)],
    ("erlang", "binary_to_list"): [("x",), (b"abc", 3, 1), (b"abc", 1, 9), (b"abc", 0, 1)],
    ("erlang", "map_get"): [("x", {}), ("x", 1)],
    ("lists", "keyfind"): [("x", 0, []), ("x", "y", []), ("x", 1, "y"), ("x", 1, Improper((1,), 2))],
    ("lists", "seq"): [(1, 10, 0), (1, 10, -1), (10, 1, 1), ("x", 1, 1), (1, 2, "x"), (10, 1, 0)],
    ("maps", "get"): [("x", {}), ("x", 1), ("x", 1, 2)],
    ("maps", "map"): [(FUN, {}), (FUN2, 1), (1, {})],
    ("maps", "fold"): [(FUN, 0, {}), (1, 0, 1)],
    ("maps", "update"): [("x", 1, {}), ("x", 1, 2)],
    ("maps", "update_with"): [("x", FUN, {}), ("x", FUN2, {}), ("x", FUN, 1)],
    ("binary", "at"): [(b"abc", 9), (b"abc", -1), ("x", 1)],
    ("binary", "part"): [
        (b"abc", (0, 9)),
        (b"abc", (9, 1)),
        (b"abc", 9, 1),
        (b"abc", 1, 9),
        ("x", 1, 1),
        (b"abc", "x"),
    ],
    ("binary", "split"): [(b"abc", b""), (b"abc", b"a", ["x"]), ("x", b"a")],
    ("binary", "first"): [(b"",), ("x",)],
    ("binary", "last"): [(b"",), ("x",)],
    ("binary", "copy"): [(b"a", -1), ("x", 1)],
    ("math", "log"): [(0,), (-1,), ("x",)],
    ("math", "sqrt"): [(-1,), ("x",)],
    ("math", "fmod"): [(1, 0), (1, "x")],
    ("unicode", "characters_to_list"): [("x",), ([-1],), (b"a", "y"), (b"a", "latin1")],
}


def _has_a_fun(args: tuple[Term, ...]) -> bool:
    return any(each is FUN or each == ("a", "b") for each in args)


def functions() -> list[Function]:
    """The functions that are asked."""
    processes = [each for each in cases.functions() if each.module in PROCESSES]
    pure = [
        Function(module, name, arity)
        for module in ("erlang", *TERMS)
        for name, arity in sorted(_TABLES.get(module, {}))
        if 1 <= arity <= max(TRIED)
    ]
    return [
        each
        for each in dict.fromkeys([*processes, *pure])
        if each.name not in ALWAYS_FAILING or each == ("erlang", "exit", 2)
    ]


def combinations(function: Function) -> list[tuple[Term, ...]]:
    """The arguments of every case of a function."""
    general = itertools.product(cases.ARGUMENTS[: TRIED[function.arity]], repeat=function.arity)
    own = SITUATIONS.get(function[:2], [])
    return [*general, *(each for each in own if len(each) == function.arity)]


# Where the answers differ, and why: by function, all of its cases or those that a predicate tells.
DIFFERING: dict[str, Callable[[tuple[Term, ...]], bool]] = {
    "erlang:!/2": lambda args: True,  # tells of `send`
    "erlang:+/1": lambda args: True,  # an instruction, not a call, as in compiled code
    "erlang://2": lambda args: True,
    "erlang:apply/2": lambda args: True,  # awaits, and has no entry
    "erlang:apply/3": lambda args: args[2] == [],
    "erlang:binary_to_atom/2": lambda args: args[1] == "utf8",  # as without it
    "erlang:get_module_info/1": lambda args: True,
    "erlang:list_to_existing_atom/1": lambda args: args == (terms.chars("no such atom at all"),),  # every atom exists
    "erlang:register/2": lambda args: args[0] == "kernel_sup",  # nobody has that name
    # A fun that is a tuple, and a fun with its arguments.
    **{f"erlang:{name}/{n}": _has_a_fun for name in ("spawn", "spawn_link", "spawn_monitor") for n in (1, 2)},
    **{f"erlang:spawn_opt/{n}": _has_a_fun for n in (2, 3)},
    **{f"ets:{name}/3": lambda args: args[0] is not FUN2 for name in ("foldl", "foldr")},
    # The cause is another one, and nobody tells it.
    **{f"ets:{name}/1": lambda args: type(args[0]) is tuple for name in ("match", "match_object", "select")},
    "ets:select_reverse/1": lambda args: type(args[0]) is tuple,
    **{f"lists:{name}/2": lambda args: True for name in ("suffix", "merge", "umerge")},  # entries within OTP's code
    **{
        f"lists:{name}/2": lambda args: isinstance(args[1], Improper) for name in ("member", "split")
    },  # found before it
    "maps:get/2": lambda args: True,  # is `map_get`, as in compiled code
    "maps:update_with/3": lambda args: True,
    **{f"maps:{name}/2": lambda args: isinstance(args[0], Improper) for name in ("with", "without")},
}


def compared(function: Function, every: int = 1) -> list[int]:
    """The numbers of the cases that are compared: of the general ones some, of the situations all."""
    given = combinations(function)
    general = len(cases.ARGUMENTS[: TRIED[function.arity]]) ** function.arity
    differs = DIFFERING.get(str(function), lambda args: False)
    return [n for n, args in enumerate(given) if (n >= general or n % every == 0) and not differs(args)]


# ---- asked of erlsim


def ours(function: Function, numbers: list[int]) -> list[str]:
    """The answers of erlsim to some of the cases, in a simulation of its own for each function."""
    sim = erlsim.Simulation(trace=False)
    given = combinations(function)

    async def asked() -> list[str]:
        return [await _outcome(function, given[number]) for number in numbers]

    with contextlib.redirect_stdout(io.StringIO()):
        return sim.run(asked)


async def _outcome(function: Function, names: tuple[Term, ...]) -> str:
    me, mute, dead = erlang.self(), erlang.spawn(_mute, [erlang.self()]), erlang.spawn(lambda: None)
    _, theirs = await erlang.receive((mute, ...))
    gone = erlang.monitor("process", dead)
    await erlang.receive(("DOWN", gone, ..., ..., ...))

    async def case() -> None:
        ets.new("wrong_t", ["named_table", "public"])
        ets.insert("wrong_t", (1, "x"))
        own = {type: ets.new(type, [type, "public"]) for type in ("set", "ordered_set", "bag", "duplicate_bag")}
        for table in own.values():
            ets.insert(table, ("key", 1, "text"))
        deleted = ets.new("deleted", [])
        ets.delete(deleted)
        given = {**own, **theirs, "mute": mute, "dead": dead, "deleted": deleted, "self": erlang.self()}
        given |= {"ref": erlang.make_ref(), "fun": lambda x: x, "fun2": lambda x, y: (x, y)}
        args = [given[name[0]] if any(name is each for each in STANDINS) else terms.copy(name) for name in names]
        told = "none"
        try:
            if function.module in PROCESSES and not _TABLES.get(function.module, {}).get(function[1:]):
                await code.call(function.module, function.name, args)
            else:
                await finish(function_of(*function)(*args))
        except Error as exc:
            told = _text(exc, args)
        except (Exit, Throw):
            pass
        erlang.send(me, (erlang.self(), told))

    pid, ref = erlang.spawn_monitor(case)
    told = await erlang.receive((pid, ...), ("DOWN", ref, "process", pid, ...), after=15)
    text = told[1] if told is not erlang.TIMEOUT and len(told) == 2 else "none"
    for each in (pid, mute):
        gone = erlang.monitor("process", each)
        erlang.exit(each, "kill")
        await erlang.receive(("DOWN", gone, ..., ..., ...))
    while await erlang.receive(after=0) is not erlang.TIMEOUT:
        pass
    return text


async def _mute(to: Pid) -> None:
    erlang.send(to, (erlang.self(), {name: ets.new(name, [name]) for name in ("protected", "private")}))
    await erlang.receive("never")


def _text(exc: Error, args: list[Term]) -> str:
    module, function, of, info = exc.stack[0]
    known = next((each[1] for each in info if each[0] == "error_info"), None)
    found = list(explain(exc.reason, exc.stack).items())
    if type(of) is list:
        of = "the same" if terms.exact_eq(of, outward(args)) else len(of)
    cause = "no" if known is None else known.get("cause", "absent")
    return terms.format("~0tp", [(module, function, of, cause, [(n, terms.chars(text)) for n, text in found])])


def explaining(known: dict[str, list[str]]) -> list[Function]:
    """The functions that explain some of their failures, or are BIFs that could."""
    return [each for each in functions() if any(",no," not in one for one in set(known.get(str(each), ())) - {"none"})]


def differences(function: Function, theirs: list[str], every: int = 1) -> list[str]:
    """In words, where OTP and erlsim answer otherwise."""
    given, numbers = combinations(function), compared(function, every)
    return [
        f"{function}{terms.format('~0tp', [given[number]])}: OTP {theirs[number]}, here {got}"
        for number, got in zip(numbers, ours(function, numbers), strict=True)
        # What is an entry within OTP's own Erlang code is not compared.
        if theirs[number] != got and ",no," not in theirs[number]
    ]


# ---- asked of OTP


def record() -> dict[str, list[str]]:
    """By function: the answer to each case."""
    asked = functions()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["erlc", "-o", folder, str(ERL)], check=True)
        given, answered = Path(folder, "asked.term"), Path(folder, "answers.txt")
        lines = [
            terms.format("~tw.~n", [(*each[:2], [[_told(name) for name in one] for one in combinations(each)])])
            for each in asked
        ]
        given.write_text("%% coding: utf-8\n" + "".join(lines), encoding="utf-8")
        run = f'explained:main(["{given}", "{answered}"]).'
        subprocess.run(["erl", "+S", "1", "-noshell", "-pa", folder, "-eval", run], check=True, timeout=3600)
        answers = iter(answered.read_text(encoding="utf-8").splitlines())
        found = {str(each): list(itertools.islice(answers, len(combinations(each)))) for each in asked}
    return {name: each for name, each in found.items() if each[0] != "unknown"}


def _told(argument: Term) -> Term:
    return argument if any(argument is each for each in STANDINS) else ("is", argument)


def write(found: dict[str, list[str]]) -> None:
    """Write the answers in short."""
    known = sorted({each for answers in found.values() for each in answers})
    numbers = {each: number for number, each in enumerate(known)}
    rows = {
        name: [[numbers[answer], len(list(run))] for answer, run in itertools.groupby(answers)]
        for name, answers in found.items()
    }
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(runs, separators=(',', ':'))}" for name, runs in rows.items())
    listed = json.dumps(known, indent=1, ensure_ascii=False)
    FILE.write_text(f'{{"answers": {listed},\n"functions": {{\n{lines}\n}}}}\n', encoding="utf-8")


def read() -> dict[str, list[str]]:
    """The answers that were written."""
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        name: [kept["answers"][number] for number, times in runs for _ in range(times)]
        for name, runs in kept["functions"].items()
    }


if __name__ == "__main__":
    if sys.argv[1:] == ["compare"]:
        known = read()
        found = [line for each in explaining(known) for line in differences(each, known[str(each)])]
        print("\n".join(found) or "no differences")
        sys.exit(bool(found))
    write(record())
