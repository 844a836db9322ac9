"""Scenarios of `gen_statem`: machines of `scn_statem`, which do what their events say.

No two timers fire within 20 ms of each other or of a step, and postponed events never ask for different states:
two that do would hand the machine back and forth for ever.
"""

from __future__ import annotations

from random import Random
from typing import Any

from erlsim.terms import Term
from tests.golden.making.machine_starts import BAD_ACTIONS, DRIVER, Starts
from tests.golden.making.script import SELF, Fun, Script, V

FAR = 60_000
STATES = ("a", "b", "c")
MODES = (
    "handle_event_function",
    "state_functions",
    ["handle_event_function", "state_enter"],
    ["state_functions", "state_enter"],
    ["state_enter", "handle_event_function"],
)
TYPES = ("timeout", "state_timeout", ("timeout", "one"), ("timeout", ("two", 2)))
REASONS = ("normal", "shutdown", ("shutdown", "away"), "oops", ("because", [1, 2]))
BAD_RETURNS = (
    "nonsense",
    ("next_state", "b"),
    ("keep_state",),
    ("next_state", "b", [], [], []),
    [],
    ("ok", "a", "$data"),
    ("stop_and_reply", "oops", "nonsense"),
    ("stop_and_reply", "oops", [("reply", "nobody", 1)]),
)


class Machines(Starts):
    """Draws scenarios."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def scenario(self, name: str) -> dict[str, Any]:
        """One scenario."""
        self.script = Script(name)
        # Known by name: how wide a pid is decides where lines of a text break.
        self.script.call("erlang", "register", DRIVER, SELF)
        kind = self.random.randrange(8)
        if kind == 0:
            self.beginnings()
        elif kind == 1:
            self.texts()
        else:
            self.start()
            moves = [self.ordinary, self.ordinary, self.timers, self.zero, self.postponing, self.inserted]
            moves += [self.asking, self.system, self.modules, self.late]
            for _ in range(self.random.randint(2, 5)):
                self.one_of(moves)()
            self.one_of([self.end, self.end, self.bad, self.system])()
            if self.chance(3):
                self.asking()
        return self.script.finish()

    # ---- drawing -----------------------------------------------------------------------

    def data(self) -> Term:
        return self.one_of(["$data", "$data", ("$put", self.one_of(["n", "m"]), self.random.randrange(9))])

    def result(self, actions: list[Term], moving: bool = True) -> Term:
        """What a state callback may return."""
        plain = actions[0] if len(actions) == 1 and self.chance(2) else actions
        more = () if not actions and self.chance(2) else (plain,)
        kind = self.random.randrange(10)
        if moving and kind < 5:
            return ("next_state", self.one_of(STATES), self.data(), *more)
        if kind < 7:
            return (self.one_of(["keep_state", "repeat_state"]), self.data(), *more)
        word = self.one_of(["keep_state_and_data", "repeat_state_and_data"])
        return (word, plain) if actions else word

    # ---- moves -------------------------------------------------------------------------

    def options(self) -> dict[str, Term]:
        options: dict[str, Term] = {"mode": self.one_of(MODES), "to": DRIVER}
        if self.chance(4):
            options["trap"] = True
        if self.chance(5):
            options["status"] = self.one_of(["hide", "crash", "bad"])
        if self.chance(6):
            options["on_terminate"] = (self.one_of(["error", "exit", "throw", "ret"]), "at_the_end")
        if self.chance(3):
            wishes = [
                ("ret", ("keep_state_and_data", [("state_timeout", FAR, "x"), "hibernate"])),
                ("ret", ("keep_state", ("$put", "entered", "$state"))),
                ("ret", ("next_state", "b", ("$put", "entered", "b"))),
                ("ret", ("keep_state_and_data", self.one_of(["postpone", ("next_event", "internal", "x"), "bad"]))),
                ("error", "no_entry"),
                ("ret", ("stop", "no_entry")),
            ]
            options["enter"] = {self.one_of(["b", "b", "c", "a"]): self.one_of(wishes)}
        if self.chance(5):
            options["init"] = ("ret", ("ok", self.one_of(STATES), "$data", self.one_of(self.first_actions())))
        return options

    def first_actions(self) -> list[Term]:
        return [
            ("next_event", "internal", "first"),
            [("timeout", 0, "zero"), ("next_event", "cast", "first")],
            [("state_timeout", FAR, "x"), "hibernate"],
            ["postpone"],
            ("timeout", 40, ("ret", ("next_state", "c", "$data"))),
        ]

    def start(self) -> None:
        function = self.one_of(["start", "start", "start_link", "start_link", "start_monitor"])
        path = (2, 1) if function == "start_monitor" else (2,)
        name = [("local", "scn_m")] if self.chance(3) else []
        # A traced machine needs a name: lines break by the width of pids.
        self.traceable = bool(name)
        extra: list[Term] = [("debug", ["trace"])] if name and self.chance(2) else []
        extra += [("debug", ["log"])] if not extra and self.chance(6) else []
        extra += [("hibernate_after", 20)] if self.chance(8) else []
        self.script.call("gen_statem", function, *name, "scn_statem", self.options(), extra, bind="s")
        self.m = V("s", path)
        self.script.sleep(80)

    def send(self, content: Term) -> None:
        how = self.random.randrange(4)
        if how < 2:
            self.script.call("gen_statem", "cast", self.m, content)
        elif how == 2:
            self.script.call("erlang", "send", self.m, content)
        else:
            self.script.call("gen_statem", "call", self.m, content, self.one_of([40, ("clean_timeout", 40)]))

    def ordinary(self) -> None:
        for _ in range(self.random.randint(1, 3)):
            how = "throw" if self.chance(8) else "ret"
            self.send((how, self.result([])))
        self.script.call("sys", "get_state", self.m)

    def asking(self) -> None:
        reply = ("reply", "$from", self.one_of(["$state", "yes", [1, 2]]))
        actions = [reply, *self.one_of([[], ["hibernate"], [("hibernate", False)], [("postpone", False)]])]
        content = ("ret", self.result(actions))
        match self.random.randrange(5):
            case 0 | 1:
                timeout = self.one_of(
                    [(), (1000,), (("dirty_timeout", 1000),), (("clean_timeout", 1000),), ("infinity",)]
                )
                self.script.call("gen_statem", "call", self.m, content, *timeout)
            case 2:
                self.script.call("gen_statem", "send_request", self.m, content, bind="r")
                self.script.call("gen_statem", "receive_response", V("r"), 200)
            case 3:
                self.script.call("gen_statem", "send_request", self.m, "silence", bind="r")
                self.script.call("gen_statem", "wait_response", V("r"), 30)
            case _:
                self.script.call("gen_statem", "call", self.m, "silence", self.one_of([30, ("dirty_timeout", 30)]))

    def late(self) -> None:
        """A reply that comes with a later event."""
        self.script.call(
            "gen_statem", "send_request", self.m, ("ret", ("keep_state", ("$put", "from", "$from"))), bind="q"
        )
        answer = ("ret", ("keep_state_and_data", [("reply", "$from", "at_last")]))
        self.script.call("gen_statem", "cast", self.m, answer)
        self.script.call("gen_statem", "receive_response", V("q"), 30)

    def then(self) -> Term:
        """What a timeout, an inserted or a postponed event says."""
        return self.one_of(["x", ("ret", ("next_state", "b", "$data")), ("ret", ("keep_state", ("$put", "n", 1)))])

    def timers(self) -> None:
        what = self.one_of(TYPES)
        first = (what, self.one_of([50, 50, FAR]), self.then())
        if self.chance(6):
            first = (what, ("$in", 50), "absolute", [("abs", True)])
        elif self.chance(8):
            first = (what, 50, "relative", self.one_of([[], ("abs", False)]))
        elif what == "timeout" and self.chance(3):
            first = self.one_of([50, "infinity"])
        actions = [first] if self.chance(2) else [first, (self.one_of(TYPES), 90, "second")]
        self.script.call("gen_statem", "cast", self.m, ("ret", self.result(actions)))
        match self.random.randrange(5):
            case 0:
                self.send(("ret", self.result([])))
            case 1:
                self.send(("ret", ("keep_state_and_data", [(what, "cancel")])))
            case 2:
                self.send(("ret", ("keep_state_and_data", [(what, "update", "updated")])))
            case 3:
                self.send(("ret", ("keep_state_and_data", [(what, self.one_of([120, "infinity"]), "again")])))
        self.script.sleep(220)
        self.script.look("flush")

    def zero(self) -> None:
        types = [self.one_of(TYPES) for _ in range(self.random.randint(1, 3))]
        actions: list[Term] = [(each, 0, ("zero", number)) for number, each in enumerate(types)]
        if self.chance(2):
            actions.append(("next_event", "internal", self.then()))
        if self.chance(3):
            actions.append((self.one_of(TYPES), self.one_of(["cancel", "cancel"])))
        if self.chance(3):
            again = (types[-1], self.one_of([0, FAR]), "again")
            actions[0] = (types[0], 0, ("ret", ("keep_state_and_data", [again])))
        self.send(("ret", self.result(actions)))
        self.script.look("flush")

    def postponing(self) -> None:
        for number in range(self.random.randint(1, 3)):
            actions: list[Term] = [self.one_of(["postpone", ("postpone", True), "postpone"])]
            if self.chance(4):
                actions.append(self.one_of(["hibernate", ("next_event", "internal", "x"), ("postpone", False)]))
            event = ("tell", ("postponing", number), ("ret", ("keep_state_and_data", actions)))
            self.script.call("gen_statem", "cast", self.m, event)
        if self.chance(2):
            self.script.call("scn_statem", "status", self.m)
        for state in self.random.sample(STATES, 2):
            self.script.call("gen_statem", "cast", self.m, ("ret", ("next_state", state, "$data")))
        self.script.look("flush")

    def inserted(self) -> None:
        kinds = ["internal", "cast", "info", "timeout", "state_timeout", ("timeout", "one"), ("call", "$from")]
        actions = [("next_event", self.one_of(kinds), self.then()) for _ in range(self.random.randint(1, 4))]
        self.send(("ret", self.result(actions)))

    def system(self) -> None:
        match self.random.randrange(7):
            case 0:
                self.script.call("scn_statem", "status", self.m)
            case 1:
                self.script.call("sys", "replace_state", self.m, Fun(self.one_of(["identity", "crash"])))
            case 2:
                self.script.call("sys", "suspend", self.m)
                self.script.call("gen_statem", "cast", self.m, ("ret", self.result([])))
                extra = self.one_of(
                    [[], ("ret", ("ok", "c", "$data")), ("ret", "no"), ("error", "no"), ("throw", ("ok", "b", "$data"))]
                )
                self.script.call("sys", "change_code", self.m, "scn_statem", "old", extra)
                self.script.call("sys", "resume", self.m)
            case 3 if self.traceable:
                self.script.call("sys", "trace", self.m, True)
                self.send(("ret", self.result([("state_timeout", FAR, "x"), ("next_event", "internal", "x")])))
                self.script.call("sys", "trace", self.m, False)
            case 4:
                self.script.call("sys", "log", self.m, True)
                self.ordinary()
                self.script.call("sys", "log", self.m, "get")
            case 5:
                self.script.call("sys", "terminate", self.m, self.one_of(REASONS))
            case _:
                self.script.call("sys", "get_state", self.m)

    def modules(self) -> None:
        push = self.one_of(["push_callback_module", "change_callback_module"])
        event = ("ret", self.result([(push, self.one_of(["scn_statem_b", "scn_statem_b", "scn_statem"]))]))
        self.script.call("gen_statem", "cast", self.m, event)
        self.send("hello")
        if self.chance(2):
            self.script.call("scn_statem", "status", self.m)
        self.script.call("gen_statem", "cast", self.m, ("ret", ("keep_state_and_data", ["pop_callback_module"])))
        self.send("hello")
        self.script.look("flush")

    # ---- ends --------------------------------------------------------------------------

    def end(self) -> None:
        reason = self.one_of(REASONS)
        replies = self.one_of([[], [("reply", "$from", "bye")], ("reply", "$from", "bye")])
        match self.random.randrange(8):
            case 0:
                self.script.call("gen_statem", "stop", self.m)
            case 1:
                self.script.call("gen_statem", "stop", self.m, reason, 1000)
            case 2:
                self.send(("ret", ("stop", reason)))
            case 3:
                self.send(("ret", ("stop", reason, ("$put", "n", "last"))))
            case 4:
                self.script.call("gen_statem", "call", self.m, ("ret", ("stop_and_reply", reason, replies)), 1000)
            case 5:
                result = ("stop_and_reply", reason, replies, ("$put", "n", "last"))
                self.script.call("gen_statem", "call", self.m, ("ret", result), 1000)
            case 6:
                self.script.call("erlang", "exit", self.m, self.one_of(["normal", "shutdown", "oops", "kill"]))
            case _:
                self.send(("ret", "stop"))
        self.script.call("erlang", "is_process_alive", self.m)

    def bad(self) -> None:
        match self.random.randrange(4):
            case 0:
                self.send((self.one_of(["error", "exit"]), self.one_of(REASONS)))
            case 1:
                self.send((self.one_of(["ret", "throw"]), self.one_of(BAD_RETURNS)))
            case 2:
                self.send(("ret", ("next_state", self.one_of(["z", ("z", 1)]), "$data", self.one_of([[], "postpone"]))))
                self.send("hello")
            case _:
                actions = [("reply", "$from", "yes"), self.one_of(BAD_ACTIONS), ("reply", "$from", "no")]
                self.script.call("gen_statem", "call", self.m, ("ret", self.result(actions)), 1000)
        self.script.call("erlang", "is_process_alive", self.m)
