"""OTP's supervisor: strategies, kinds of children, ends that are meant and not meant, requests, code changes."""

from __future__ import annotations

from typing import Any

from erlsim.terms import Term
from tests.fuzz.draw.area import Area, V

NAME = "scn_sup1"
IDS = ("a", "b", "c", "d")
STRATEGIES = ("one_for_one", "one_for_one", "one_for_all", "rest_for_one")


class Supervisors(Area):
    """One supervisor, started again when it has ended."""

    moves = (4, 12)

    def begin(self) -> None:
        self.known_by_name()
        self.simple = self.chance(5)
        self.init = self.bad_init() if self.chance(12) else ("ok", (self.flags(), self.children()))
        self.start()

    def pids(self) -> list[Term]:
        return [NAME]

    def start(self) -> None:
        self.call("supervisor", "start_link", ("local", NAME), "scn_sup", self.init, bind="s")

    def bad_init(self) -> Term:
        return self.one_of(
            ["ignore", "junk", ("ok", []), ("ok", ({}, "x")), ("error", "no"), ["ok", []], ("crash", "oops")]
            + [("ok", ({"strategy": "x"}, [])), ("ok", (("one_for_one", 1, 5), [])), ("ok", ({"intensity": -1}, []))]
            + [("ok", ({"period": 0}, [])), ("ok", ({}, [{"id": "a"}])), ("ok", ({"auto_shutdown": "x"}, []))]
        )

    def flags(self) -> Term:
        flags: dict[str, Term] = {"strategy": "simple_one_for_one" if self.simple else self.one_of(STRATEGIES)}
        flags |= {"intensity": self.one_of([0, 1, 1, 2, 5]), "period": self.one_of([1, 5, 60])}
        if self.chance(3) and not self.simple:
            flags["auto_shutdown"] = self.one_of(["never", "any_significant", "all_significant"])
        self.auto = flags.get("auto_shutdown", "never") != "never"
        if self.chance(8) and not self.auto:
            return (flags["strategy"], flags["intensity"], flags["period"])
        return flags

    def children(self) -> list[Term]:
        if self.simple:
            start = self.one_of([("scn_worker", "start_link", []), ("scn_worker", "start_link", [{"trap": True}])])
            return [{**self.child("a"), "start": start}]
        ids = list(IDS[: self.random.randint(1, 4)])
        if self.chance(12):
            ids.append("a")
        return [self.child(each) for each in ids]

    def child(self, name: Term) -> dict[str, Term]:
        child: dict[str, Term] = {"id": name, "start": ("scn_worker", *self.start_function())}
        if not self.chance(4):
            child["restart"] = self.one_of(["permanent", "permanent", "transient", "temporary"])
        if self.chance(3):
            child["shutdown"] = self.one_of([100, 20, "brutal_kill", "infinity", 0])
        if self.chance(5):
            child["type"] = self.one_of(["worker", "supervisor"])
        if self.chance(6):
            child["modules"] = self.one_of([["scn_worker"], "dynamic", []])
        if self.chance(2) and getattr(self, "auto", False) and child.get("restart") in ("transient", "temporary"):
            child["significant"] = True
        return child

    def start_function(self) -> tuple[Any, ...]:
        """The function and the arguments of a start."""
        options: dict[str, Term] = {}
        if self.chance(2):
            options["trap"] = True
        if self.chance(3):
            options["on_terminate"] = self.one_of([("sleep", 300), "crash", ("exit", "oops")])
        elif self.chance(3):
            options |= {"notify": "scn_driver", "id": self.random.randrange(5)}
        match self.random.randrange(20):
            case 0 | 1 | 2:
                key = self.one_of(["k1", "k2", "k3"])
                return ("start_flaky", [key, self.one_of([[1], [2], [2, 3], [3], [2, 3, 4]])])
            case 3:
                return (self.one_of(["start_ignore", "start_raw"]), [])
            case 4:
                return ("start_extra", [("more", 1)])
            case 5:
                function = self.one_of(["start_error", "start_crash", "start_bad", "start_exit", "start_throw"])
                return (function, [self.one_of(["boom", "normal", ("tagged", 1)])])
            case 6:
                # Not `crash`: whether its report or its supervisor's comes first is a matter of reductions.
                failing = [{"stop": "no"}, {"ignore": True}, {"bad": "junk"}]
                return ("start_link", [self.one_of(failing)])
        return ("start_link", [options] if options else [])

    def bad_child(self) -> Term:
        good = self.child("e")
        return self.one_of(
            [{"start": ("m", "f", [])}, {"id": "e"}, "junk", {**good, "restart": "x"}, {**good, "shutdown": -1}]
            + [{**good, "type": "x"}, {**good, "modules": "x"}, {**good, "start": ("m", "f")}, ("e", "f"), []]
            + [("e", ("scn_worker", "start_link", []), "permanent", 100, "worker", ["scn_worker"])]
            + [{**good, "significant": True}, {**good, "significant": 1}]
        )

    def move(self) -> None:
        self.weighted(
            {self.crash: 6, self.kill: 3, self.add: 3, self.end_child: 3, self.again: 2, self.forget: 2, self.look: 3}
            | {self.start: 2, self.check: 1, self.system: 1, self.end_all: 1, self.wait: 1}
        )()

    def victim(self) -> Term:
        self.listing("supervisor", "which_children", NAME, bind="w")
        return V("w", (self.random.randint(1, 4), 2))

    def crash(self) -> None:
        how = self.one_of([("exit", self.reason()), ("error", self.reason()), ("stop", self.reason())])
        self.call("gen_server", "cast", self.victim(), how)

    def kill(self) -> None:
        self.call("erlang", "exit", self.victim(), self.one_of(["kill", "kill", "oops", "shutdown", "normal"]))

    def add(self) -> None:
        if self.simple:
            self.call("supervisor", "start_child", NAME, self.one_of([[], [], [{}], ["x", "y"], "x"]))
            return
        spec = self.bad_child() if self.chance(4) else self.child(self.one_of([*IDS, "e", ("t", 1), 1, 1.0]))
        self.call("supervisor", "start_child", NAME, spec)

    def name(self) -> Term:
        if self.simple and not self.chance(4):
            return self.victim()
        return self.one_of([*IDS, "e", "nobody"])

    def end_child(self) -> None:
        self.call("supervisor", "terminate_child", NAME, self.name())

    def again(self) -> None:
        self.call("supervisor", "restart_child", NAME, self.name())

    def forget(self) -> None:
        self.call("supervisor", "delete_child", NAME, self.name())

    def look(self) -> None:
        match self.random.randrange(4):
            case 0:
                self.call("supervisor", "count_children", NAME)
            case 1:
                self.call("supervisor", "get_childspec", NAME, self.name())
            case 2:
                self.call("supervisor", "get_callback_module", NAME)
            case _:
                self.listing("supervisor", "which_children", NAME)

    def check(self) -> None:
        specs = [self.bad_child() if self.chance(2) else self.child(each) for each in self.some(IDS, 3)]
        more = self.one_of([(), (), ("never",), ("any_significant",), ("x",)])
        self.call("supervisor", "check_childspecs", specs, *more)

    def system(self) -> None:
        self.call("sys", "suspend", NAME)
        if self.chance(2):
            self.kill_quietly()
        self.call("sys", "change_code", NAME, "scn_sup", "old", [])
        self.call("sys", "resume", NAME)
        self.listing("supervisor", "which_children", NAME)

    def kill_quietly(self) -> None:
        self.call("erlang", "exit", V("s", (2,)), self.one_of(["oops", "normal"]))

    def end_all(self) -> None:
        how = self.random.randrange(4)
        if how == 0:
            self.call("gen_server", "stop", NAME, self.reason(), 1000)
        elif how == 1:
            self.call("erlang", "send", NAME, self.one_of(["hello", ("EXIT", "x", "y")]))
        else:
            self.call("erlang", "exit", V("s", (2,)), self.reason())

    def wait(self) -> None:
        self.script.sleep(self.one_of([700, 1300]))

    def end(self) -> None:
        self.script.sleep(700)
        self.call("supervisor", "count_children", NAME)
        self.script.look("flush", "reports", "texts")
