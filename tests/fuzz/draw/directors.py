"""`director`: plans, counts, default childspecs, requests by id and by pid."""

from __future__ import annotations

from typing import Any

from erlsim.terms import Term
from tests.fuzz.draw.area import Area, V
from tests.golden.making.script import Fun

NAME = "scn_foo"
# Steps take some 7 ms each: nothing is due between two sleeps.
LATER = 500
# No atom inside another term: where a hash table has such a key depends on the atoms of the running node.
IDS: tuple[Term, ...] = ("a", "b", (1, 2), 5, b"bin")
FUNS = ("by_count", "by_reason", "bad_return", "bad_time", "crash", "throws", "nested", "arity1", "stop")


class Directors(Area):
    """One director, started again when it has ended."""

    needs = frozenset({"director"})
    moves = (5, 14)

    def begin(self) -> None:
        self.known_by_name()
        children = [self.child(each) for each in self.some(IDS, 3)]
        default = [self.default()] if self.chance(3) else []
        self.init: Term = self.bad_init() if self.chance(15) else ("ok", children, *default)
        self.options = [[("debug", [self.one_of(["trace", "log"])])]] if self.chance(4) else []
        self.start()

    def pids(self) -> list[Term]:
        return [NAME]

    def start(self) -> None:
        function = self.one_of(["start_link", "start_link", "start_link", "start"])
        self.call("director", function, ("local", NAME), "scn_sup", self.init, *self.options, bind="s")

    def bad_init(self) -> Term:
        return self.one_of(
            ["junk", ("ok", "x"), ("ok", [], "x"), ("stop", "no"), ("error", "no"), ("crash", "no"), ("ok", ["x"])]
        )

    def plan(self) -> Term:
        elements: list[Term] = ["restart", "restart", ("restart", LATER), ("restart", LATER), "wait", "delete", "stop"]
        elements += [("stop", "enough"), Fun(self.one_of(FUNS)), Fun("by_reason"), Fun("by_count")]
        if self.chance(12):
            return self.one_of(["x", [], ["nope"], [("restart", -1)], [("restart", "soon")], [("stop",)], [7]])
        return [self.one_of(elements) for _ in range(self.random.randint(1, 4))]

    def default(self) -> Term:
        default: dict[str, Term] = {}
        if self.chance(2):
            default["plan"] = self.plan()
        if self.chance(2):
            default["count"] = self.count()
        if self.chance(3):
            default["start"] = ("scn_worker", "start_link", [])
        if self.chance(3):
            default["terminate_timeout"] = self.one_of([0, 100, 1000])
        if self.chance(4):
            default["modules"] = self.one_of([[], ["m1"], "m1"])
        return default

    def count(self) -> Term:
        return self.one_of([0, 1, 1, 2, 3, "infinity"] + ([-1, "x"] if self.chance(6) else []))

    def child(self, name: Term) -> dict[str, Term]:
        child: dict[str, Term] = {"id": name, "start": self.start_function()}
        if not self.chance(4):
            child["plan"] = self.plan()
        if self.chance(2):
            child["count"] = self.count()
        if self.chance(4):
            child["terminate_timeout"] = self.one_of([0, 100, 1000, "infinity", "brutal_kill", -1])
        if self.chance(4):
            child["type"] = self.one_of(["worker", "supervisor"])
        if self.chance(6):
            child["modules"] = self.one_of([["scn_worker"], "dynamic", [], "m1"])
        if self.chance(6):
            child["append"] = self.one_of([True, True, False])
        if child.get("count") == "infinity" and "restart" in str(child.get("plan", "")):
            # A start that fails at once for ever is a loop on either side.
            child["start"] = ("scn_worker", "start_link")
        plan = child.get("plan", [Fun("default")])
        if child["start"][1] == "start_flaky" and any(each == "restart" or isinstance(each, Fun) for each in plan):
            # Each start that fails counts here, and not in the original.
            child["count"] = "infinity"
        return child

    def start_function(self) -> tuple[Any, ...]:
        """A start, with or without arguments."""
        match self.random.randrange(16):
            case 0 | 1:
                key = self.one_of(["k1", "k2", "k3"])
                return ("scn_worker", "start_flaky", [key, self.one_of([[2], [3], [2, 3]])])
            case 2:
                return ("scn_worker", "start_restart", [LATER])
            case 3:
                function = self.one_of(["start_error", "start_crash", "start_bad", "start_exit"])
                return ("scn_worker", function, [self.one_of(["boom", ("tagged", 1)])])
            case 4:
                return ("scn_worker", self.one_of(["start_ignore", "start_raw"]), [])
            case 5:
                return ("scn_worker", "start_extra", [("more", 1)])
            case 6 | 7 | 8:
                options = [
                    {"trap": True},
                    {"trap": True, "on_terminate": ("sleep", 200)},
                    {"notify": "scn_driver", "id": 1},
                ]
                return ("scn_worker", "start_link", [self.one_of(options)])
        return ("scn_worker", "start_link")

    def id(self) -> Term:
        return self.one_of(IDS) if not self.chance(12) else "nobody"

    def move(self) -> None:
        self.weighted(
            {self.crash: 6, self.kill: 3, self.add: 3, self.end_child: 2, self.again: 2, self.forget: 2, self.look: 4}
            | {self.start: 2, self.change: 3, self.check: 1, self.end_all: 1, self.wait: 2}
        )()

    def pid(self) -> Term:
        self.call("director", "get_pid", NAME, self.id(), bind="p")
        return V("p", (2,))

    def crash(self) -> None:
        # Not `{shutdown, _}`: there the documentation counts, and not what the original does.
        reason = self.one_of(["normal", "shutdown", "oops", "damn", "bye", ("tagged", 1)])
        self.call("gen_server", "cast", self.pid(), (self.one_of(["exit", "exit", "error", "stop"]), reason))

    def kill(self) -> None:
        self.call("erlang", "exit", self.pid(), self.one_of(["kill", "kill", "oops", "shutdown"]))

    def add(self) -> None:
        spec = (
            self.one_of(["junk", {"id": "a"}, {}, {"start": ("m", "f")}]) if self.chance(8) else self.child(self.id())
        )
        self.call("director", "start_child", NAME, spec)

    def end_child(self) -> None:
        self.call("director", "terminate_child", NAME, self.pid() if self.chance(4) else self.id())

    def again(self) -> None:
        self.call("director", "restart_child", NAME, self.id())

    def forget(self) -> None:
        self.call("director", "delete_child", NAME, self.id())

    def change(self) -> None:
        if self.chance(2):
            self.call("director", "change_plan", NAME, self.id(), self.plan())
            self.call("director", "get_plan", NAME, self.id())
        else:
            self.call("director", "change_default_childspec", NAME, self.default() if not self.chance(8) else "junk")
            self.call("director", "get_default_childspec", NAME)

    def look(self) -> None:
        match self.random.randrange(8):
            case 0:
                self.call("director", "count_children", NAME)
            case 1:
                self.call("director", "get_childspec", NAME, self.id())
            case 2 if not self.options:
                self.listing("director", "get_pids", NAME)
            case 3:
                self.call("director", "get_plan", NAME, self.id())
            case 4 | 5 | 6 if not self.options:
                # A director that traces prints its children in its own order.
                self.listing(self.one_of(["director", "director", "supervisor"]), "which_children", NAME)
            case _:
                self.call("director", "get_pid", NAME, self.id())

    def check(self) -> None:
        self.call("director", "check_childspec", self.child(self.id()))

    def end_all(self) -> None:
        match self.random.randrange(3):
            case 0:
                self.call("director", "stop", NAME, *self.one_of([(), ("oops",), ("shutdown", 1000)]))
            case 1:
                self.call("erlang", "exit", V("s", (2,)), self.reason())
            case _:
                self.call("erlang", "send", NAME, "hello")

    def wait(self) -> None:
        self.script.sleep(2 * LATER)

    def end(self) -> None:
        self.script.sleep(2 * LATER)
        self.call("director", "count_children", NAME)
        if not self.options:
            self.listing("director", "which_children", NAME)
        self.script.look("flush", "reports", "texts", "io")
