"""Python and the Erlang that it becomes, one construct a line; and what is refused, with the reason."""

from __future__ import annotations

import textwrap

import pytest

from erlsim.porting.drafts import draft

IMPORTS = """\
import erlsim, director
from erlsim import erlang, ets, terms, timer
from erlsim.otp import gen_server, supervisor
from erlsim.terms import Pid, Ref, Term
from dataclasses import dataclass, field
from typing import NamedTuple, TypedDict
LIMIT = 3
def other(x): return x
"""


def of(tmp_path, text):
    """The draft of a file with one function more, `f`."""
    file = tmp_path / "sample.py"
    file.write_text(IMPORTS + textwrap.dedent(text), encoding="utf-8")
    return draft([file])


def erlang_of(tmp_path, text):
    """The Erlang of `f`."""
    source = of(tmp_path, text).files["src/sample.erl"]
    return source[source.index("\nf(") + 1 :].strip()


TRANSLATED = [
    ("def f(x: int): return x + 1", "f(X) ->\n    X + 1."),
    ("def f(xs: list[int]): return xs + [1]", "f(Xs) ->\n    Xs ++ [1]."),
    ("def f(xs: list[int]): return [*xs, 1]", "f(Xs) ->\n    Xs ++ [1]."),
    ("def f(x, xs: list[int]): return [x, *xs]", "f(X, Xs) ->\n    [X | Xs]."),
    ("def f(x): return x == 'a'", "f(X) ->\n    X =:= a."),
    ("def f(x, y): return x == y", "f(X, Y) ->\n    X == Y."),
    ("def f(x: int, y: int): return x == y", "f(X, Y) ->\n    X =:= Y."),
    ("def f(x, xs: list[Pid]): return x in xs", "f(X, Xs) ->\n    lists:member(X, Xs)."),
    ("def f(x): return x in ('a', 'b')", "f(X) ->\n    X =:= a orelse X =:= b."),
    ("def f(m: dict[Term, Term]): return 'a' in m", "f(M) ->\n    is_map_key(a, M)."),
    ("def f(m: dict[Term, Term]): return m['a']", "f(M) ->\n    maps:get(a, M)."),
    ("def f(m: dict[Term, Term]): return {**m, 'a': 1}", "f(M) ->\n    M#{a => 1}."),
    ("def f(x: tuple[int, int]): return x[1]", "f(X) ->\n    element(2, X)."),
    ("def f(xs: list[int]): return len(xs)", "f(Xs) ->\n    length(Xs)."),
    ("def f(b: bytes): return len(b)", "f(B) ->\n    byte_size(B)."),
    ("def f(xs: list[int]): return [x for x in xs if x > 1]", "f(Xs) ->\n    [X || X <- Xs, X > 1]."),
    ("def f(): return [x for x in (1, 2)]", "f() ->\n    [1, 2]."),
    ("def f(n: int): return f'w{n}'", 'f(N) ->\n    list_to_atom("w" ++ integer_to_list(N)).'),
    ("def f(n: int): return b'w%d' % n", 'f(N) ->\n    <<"w", (integer_to_binary(N))/binary>>.'),
    ("def f(): return LIMIT", "f() ->\n    ?LIMIT."),
    ("def f(): return erlang.monotonic_time()", "f() ->\n    erlang:monotonic_time(millisecond)."),
    ("def f(p): erlang.send(p, 'a')", "f(P) ->\n    P ! a."),
    ("def f(): return erlang.spawn(lambda: other(1))", "f() ->\n    spawn(fun() -> other(1) end)."),
    ("def f(): return erlang.spawn(other, ['a'])", "f() ->\n    spawn(?MODULE, other, [a])."),
    (
        "async def f(): _, x = await erlang.receive(('a', ...)); return x",
        "f() ->\n    receive\n        {a, X} ->\n            X\n    end.",
    ),
    ("def f(x: int): x = x + 1; x += 2; return x", "f(X) ->\n    X1 = X + 1,\n    X1 + 2."),
    (
        """
        def f(xs: list[int]):
            total = 0
            for x in xs:
                total += x
            return total
        """,
        "f(Xs) ->\n    Total = 0,\n    lists:foldl(fun(X, Total1) -> Total1 + X end, Total, Xs).",
    ),
    ("def f(xs: list[int]): return xs[-1]", "f(Xs) ->\n    lists:last(Xs)."),
    ("def f(xs: list[int]): return xs[:3]", "f(Xs) ->\n    lists:sublist(Xs, 3)."),
    ("def f(xs: list[int]): return xs[:-1]", "f(Xs) ->\n    lists:sublist(Xs, max(0, length(Xs) - 1))."),
    ("def f(xs: list[int]): x, *rest = xs; return (x, rest)", "f([X | Rest]) ->\n    {X, Rest}."),
    ("def f(xs: list[int]): return xs == []", "f(Xs) ->\n    Xs =:= []."),
    (
        "def f(m: dict[Term, int]): return {k: v + 1 for k, v in m.items()}",
        "f(M) ->\n    maps:map(fun(_K, V) -> V + 1 end, M).",
    ),
    (
        "def f(m: dict[Term, int]): return {k: v for k, v in m.items() if v > 1}",
        "f(M) ->\n    maps:filter(fun(_K, V) -> V > 1 end, M).",
    ),
    ("def f(m: dict[Term, int]): return sum(m.values())", "f(M) ->\n    lists:sum(maps:values(M))."),
    ("def f(m: dict[Term, int]): return terms.sort(m.items())", "f(M) ->\n    lists:sort(maps:to_list(M))."),
    (
        "def f(m: dict[Term, Pid], p: Pid): return any(v == p for _, v in m.items())",
        "f(M, P) ->\n    lists:any(fun({_, V}) -> V =:= P end, maps:to_list(M)).",
    ),
    (
        """
        async def f():
            match await erlang.receive(("a", ...), after=10):
                case ("a", x): return x
                case _: return "late"
        """,
        "f() ->\n    receive\n        {a, X} ->\n            X\n    after 10 ->\n        late\n    end.",
    ),
    (
        """
        async def f():
            match await erlang.receive(after=10):
                case "a": return 1
                case _: return 2
        """,
        "f() ->\n    receive\n        a ->\n            1;\n        _ ->\n            2\n"
        "    after 10 ->\n        2\n    end.",
    ),
    (
        """
        async def f():
            match await erlang.receive(after=10):
                case "a": return 1
                case erlsim.TIMEOUT: return 2
        """,
        "f() ->\n    receive\n        a ->\n            1;\n        _ ->\n            ok\n"
        "    after 10 ->\n        2\n    end.",
    ),
    (
        """
        class State(TypedDict):
            limit: int

        def f(s: State):
            match s:
                case _ if s["limit"] > 1: return State(limit=1)
                case _: return s
        """,
        "f(S) when map_get(limit, S) > 1 ->\n    #{limit => 1};\nf(S) ->\n    S.",
    ),
    (
        """
        def f(xs: list[Pid]):
            for x in xs:
                erlang.exit(x, "kill")
        """,
        "f(Xs) ->\n    lists:foreach(fun(X) -> exit(X, kill) end, Xs).",
    ),
    (
        """
        def f(x: int, xs: list[int]):
            if x > 3:
                return 1
            elif xs[0] == 1:
                return 2
            else:
                return 3
        """,
        "f(X, Xs) ->\n    case X > 3 of\n        true ->\n            1;\n        false ->\n"
        "            case hd(Xs) of\n                1 ->\n                    2;\n                _ ->\n"
        "                    3\n            end\n    end.",
    ),
    (
        """
        def f(x):
            match x:
                case "a" | "b": return 1
                case ("c", int(n)) if n > 1: return n
        """,
        "f(X) when X =:= a orelse X =:= b ->\n    1;\nf({c, N}) when is_integer(N), N > 1 ->\n    N.",
    ),
    (
        """
        def f(x: int):
            if x > 1:
                y = "big"
            elif x > 0:
                y = "small"
            else:
                y = "none"
            return ("is", y)
        """,
        "f(X) ->\n    Y =\n        if\n            X > 1 ->\n                big;\n            X > 0 ->\n"
        "                small;\n"
        "            true ->\n                none\n        end,\n    {is, Y}.",
    ),
    (
        """
        async def f(n: int):
            while n > 0:
                await timer.sleep(1)
                n -= 1
            return "done"
        """,
        "f(N) ->\n    f_loop(N).\n\nf_loop(N) ->\n    case N > 0 of\n        true ->\n            timer:sleep(1),\n"
        "            N1 = N - 1,\n            f_loop(N1);\n        false ->\n            done\n    end.",
    ),
]


@pytest.mark.parametrize(("python", "erlang"), TRANSLATED, ids=[each[0].strip()[:50] for each in TRANSLATED])
def test_a_construct_becomes_what_an_erlang_person_writes(tmp_path, python, erlang):
    assert erlang_of(tmp_path, python) == erlang


REFUSED = [
    ("def f(x, y): return x + y", "nothing tells whether these are numbers or lists"),
    ("def f(t): return [x for x in t]", "nothing tells that this is a list"),
    ("def f(t: tuple[int, int]): return [x for x in t]", "a tuple has no generator in Erlang"),
    ("def f(t: tuple[int, ...]):\n    for x in t: erlang.send(x, 1)", "a tuple has no generator"),
    ("def f(xs: list[Term]): return [a for a, b in xs]", "nothing tells that all items have this shape"),
    ("def f(m: dict[Term, Term]): return [k for k, v in m.items()]", "the order of a map's pairs"),
    ("def f(m: dict[Term, Term]):\n    for k, v in m.items(): erlang.send(k, v)", "the order of a map's pairs"),
    ("def f(m: dict[Term, Pid]): return {v: k for k, v in m.items()}", "two pairs may get one key"),
    ("def f(m: dict[Term, Pid]): return {k: erlang.monitor('process', v) for k, v in m.items()}", "may do something"),
    ("def f(m: dict[Term, float]): return sum(m.values())", "a sum of floats depends on their order"),
    ("def f(m: dict[Term, int], k):\n    match k:\n        case _ if m[k] > 1: return k", "fails in silence"),
    ("def f(xs: list[list[int]]): return [x for x in xs if x[0] == 1]", "there may be no such element"),
    ("def f(xs: list[int], y: int): return [x for x in xs if x / y > 1]", "the divisor may be 0"),
    ("def f(xs: list[Term], y: int): return [x for x in xs if x + y > 1]", "nothing tells that both are numbers"),
    ("def f(x, y: list[int]):\n    match x:\n        case 'a' if y[0] == 1: return 1", "there may be no such element"),
    ("def f(xs: list[int]):\n    xs += [1]\n    return xs", "changes xs in place"),
    ("def f():\n    xs = [1]\n    ys = xs\n    xs += [1]\n    return (xs, ys)", "changes xs in place"),
    ("def f(xs: list[int], n: int): return xs[:n]", "an n that is not negative"),
    ("async def f():\n    match await erlang.receive(after=1):\n        case x: return x", "may be erlsim.TIMEOUT"),
    ("class C(NamedTuple):\n    x: int\ndef f(x): return C(x)", "neither OTP's nor the program's"),
    ("@dataclass\nclass R:\n    x: Term = field(default_factory=set)\ndef f(x): return R()", "x is not given"),
    ("def f(x): return None if x else 1", "only true and false are conditions"),
    ("def f(x): return (x, None)", "None is no term"),
    ("def f(x): return {1, 2}", "Erlang has no such expression"),
    ("def f(x): return x < 3", "nothing tells that both are numbers"),
    ("def f(x): return len(x)", "nothing tells whether this is a list, a tuple, a map or a binary"),
    ("def f(x): return x[0]", "nothing tells whether this is a tuple, a list or a map"),
    ("def f(x: int, y: bool): return x == y", "a number and a boolean are equal in Python only"),
    ("def f(x: int, y: int): return x // y", "rounds down"),
    ("def f(xs: list[int], x: int): xs.append(x)", "changes a term in place"),
    ("def f(m: dict[Term, Term]): m['a'] = 1", "nothing of Erlang's is assigned to"),
    ("def f(x):\n    global G\n    G = x", "Erlang has no such statement"),
    ("def f(x): return sim.now", "bound neither here nor as a constant"),
    ("def f(x): return sorted(x)", "a function that is neither OTP's nor the program's"),
    ("async def f(x): await erlsim.wait_for(x)", "erlsim.wait_for has no counterpart in OTP"),
    ("def f(x): return gen_server.reply(x)", "OTP has no gen_server:reply/1"),
    ("def f(*x): return x", "any number of arguments"),
    ("def f(x):\n    try: return other(x)\n    except ValueError: return 1", "only Erlang's failures are caught"),
    ("def f(xs: list[int]):\n    for x in xs:\n        if x > 1: return x", "leaves a loop in its middle"),
    ("def f(xs: list[int]):\n    for x in xs: y = x\n    return y", "what the last round left"),
    ("def f(x):\n    if other(x) == 'a': y = 1\n    return y", "y is not bound in every branch"),
    ("def f(x):\n    match x:\n        case [*a, b]: return a", "the star must be last"),
    ("def f(x):\n    match x:\n        case (a, *b): return a", "a tuple of any size has no pattern"),
    ("def f(x):\n    match x:\n        case {'a': a, **b}: return b", "the rest of a map"),
    ("def f(x):\n    match x:\n        case a if other(a) == 'b': return a", "a guard can only ask"),
    ("def f(xs: list[int]): return [lambda: other(x) for x in xs]", "sees x, which is bound again"),
    ("def f(x):\n    g = lambda: x\n    x = 2\n    return g()", "sees x, which is bound again"),
    ("def f(x): timer.sleep(x)", "waits, and is not awaited here"),
    ("def f(x): return other(gen_server.call(x, 'a'))", "waits, and is not awaited here"),
    ("@erlsim.testing.twice\ndef f(x): return x", "what @erlsim.testing.twice makes of it is not known"),
    ("G = []\ndef g(x): G.append(x)\ndef f(x): return (x, G)", "bound neither here nor as a constant"),
    ("def f(x):\n    with x: pass", "Erlang has no such statement"),
    ("def f(x): return f'{x}'", "only integers and atoms of known kind"),
    ("def f(x): print(x)", "Erlang prints terms in another way"),
    ("def f(x): yield x", "Erlang has no such expression"),
    ("def f(xs: list[int]): return xs[1:]", "tl/1 fails for an empty list"),
]


@pytest.mark.parametrize(("python", "reason"), REFUSED, ids=[each[0][:60] for each in REFUSED])
def test_what_has_no_translation_that_is_right_for_certain_is_a_hole(tmp_path, python, reason):
    found = of(tmp_path, python)
    (function,) = (each for each in found.functions if each.name == "f")
    assert function.state in ("hole", "part")
    assert reason in function.reasons[0]
    text = found.files["src/sample.erl"]
    assert "erlang:error({not_ported, {?MODULE, f}})" in text
    assert python.splitlines()[-1].strip() in text


SERVER = """\
from erlsim import erlang, ets
from erlsim.otp import gen_server, gen_statem
from erlsim.terms import Term


async def add(server: Term, n: int, more: Term):
    return await gen_server.call(server, SENT)

def init(start: int): return ("ok", {"total": start, "name": "none"})
def handle_call(request, _from, state):
    match request:
        case ("add", n): return ("reply", "ok", {**state, "total": state["total"] + n})
def handle_cast(_message, state): return ("noreply", state)
def handle_info(message, state):
    match message:
        case ("DOWN", ref, _, _, _) if ref == state["name"]: return ("noreply", state)
"""


@pytest.mark.parametrize(("sent", "state"), [('("add", n)', "whole"), ('("add", more)', "part"), ("more", "part")])
def test_a_message_has_the_kind_of_what_the_program_sends_under_its_tag(tmp_path, sent, state):
    text = SERVER.replace("SENT", sent).replace('state["total"] + n', 'n - 1 if n > 1 else state["total"]')
    (tmp_path / "server.py").write_text(text, encoding="utf-8")
    found = draft([tmp_path / "server.py"])
    (function,) = (each for each in found.functions if each.name == "handle_call")
    assert function.state == state
    assert "when Ref =:= map_get(name, State)" in found.files["src/server.erl"]


MACHINE = """\
from erlsim import erlang
from erlsim.otp import gen_statem

async def start_link(): return await gen_statem.start_link("machine", {"size": 1}, [])
def callback_mode(): return ["state_functions"]
def init(options): return ("ok", "idle", {**options, "count": 0})
def idle(kind, event, data):
    match (kind, event):
        case ("cast", ("push", _)): return ("next_state", "idle", {**data, "count": data["count"] + data["size"]})
        case _: return common(kind, event, data)
def common(kind, event, data):
    match (kind, event):
        case (("call", from_), "count"): return ("keep_state_and_data", [("reply", from_, data["count"])])
        case ("info", _): return ("keep_state", {**data, "seen": True})
"""


def test_the_data_of_a_machine_is_known_where_states_share_a_function(tmp_path):
    (tmp_path / "machine.py").write_text(MACHINE, encoding="utf-8")
    found = draft([tmp_path / "machine.py"])
    assert [str(each) for each in found.functions if each.state != "whole"] == []
    assert "Data#{count => maps:get(count, Data) + maps:get(size, Data)}" in found.files["src/machine.erl"]


def test_rows_of_a_table_have_the_shape_of_what_the_program_puts_in(tmp_path):
    text = """
    TABLE = "table"
    def put(x: Pid): return ets.insert(TABLE, (x, 1))
    def f(): return [pid for pid, _ in ets.tab2list(TABLE)]
    """
    assert erlang_of(tmp_path, text) == "f() ->\n    [Pid || {Pid, _} <- ets:tab2list(?TABLE)]."
    shapeless = textwrap.dedent(text) + "def more(t, row): return ets.insert(t, row)\n"
    assert "nothing tells that all items have this shape" in of(tmp_path, shapeless).files["src/sample.erl"]


MODULES = """\
import erlsim
from erlsim import erlang
from erlsim.otp import gen_server
from erlsim.terms import Term


@erlsim.module(name="one_worker")
class OneWorker:
    def init(name): return ("ok", name)


@erlsim.module(name="starter")
class Starter:
    async def start(callbacks: Term): return await gen_server.start_link(STARTED, [], [])
    def named(): return gen_server.cast("one_worker", "hello")
    def meant(): return OneWorker
    def doubtful(): return ("use", "one_worker")
"""


@pytest.mark.parametrize(("started", "holes"), [("callbacks", ["starter:doubtful/0"]), ("OneWorker", [])])
def test_an_atom_that_may_be_a_module_of_another_name_is_a_hole_where_data_become_modules(tmp_path, started, holes):
    (tmp_path / "modules.py").write_text(MODULES.replace("STARTED", started), encoding="utf-8")
    found = draft([tmp_path / "modules.py"], to="elixir")
    text = found.files["lib/modules/starter.ex"]
    assert [str(each) for each in found.functions if each.state != "whole"] == holes
    assert "GenServer.cast(:one_worker, :hello)" in text
    assert "def meant do\n    Modules.OneWorker" in text
    assert ("{:use, :one_worker}" in text) == (not holes)
    # In Erlang the module has its name.
    assert draft([tmp_path / "modules.py"]).translated == len(found.functions)
