"""Whole trees (`scn_tree`): supervisors, directors and trackers over each other, hurt in any place."""

from __future__ import annotations

from typing import Any

from erlsim.terms import Term
from tests.fuzz.draw.area import FAR, REASONS, Area, V
from tests.golden.making.script import Fun

IDS = ("a", "b", "c", "d")


class Trees(Area):
    """One tree of two to four levels; whatever stands in it is looked at after each blow."""

    needs = frozenset({"director", "gen_tracker"})
    moves = (3, 9)
    kinds: dict[str, int] = {"s": 3, "d": 1, "z": 1}
    # Left out is what differs on purpose: a director's child that ends with `{shutdown, _}`, or whose restarts fail one
    # after the other; a tracker that ends normally, whose setter stays alive in the original.
    in_director = False

    def begin(self) -> None:
        self.known_by_name()
        self.names: list[str] = []
        self.workers = 0
        top, init = self.supervisor(self.random.randint(1, 3))
        self.top = top
        self.call("supervisor", "start_link", ("local", top), "scn_sup", init, bind="s")
        self.look()

    def pids(self) -> list[Term]:
        return list(self.names)

    def name(self, letter: str) -> str:
        self.names.append(f"scn_{letter}{len(self.names)}")
        return self.names[-1]

    # ---- what a tree is made of -----------------------------------------------------------

    def supervisor(self, depth: int) -> tuple[str, Term]:
        """A supervisor's name and what its init returns."""
        name = self.name("s")
        flags: dict[str, Term] = {
            "strategy": self.one_of(["one_for_one", "one_for_one", "one_for_all", "rest_for_one"])
        }
        flags |= {"intensity": self.one_of([0, 1, 3]), "period": 60}
        if self.chance(5):
            flags["auto_shutdown"] = self.one_of(["any_significant", "all_significant"])
        children = []
        for each in IDS[: self.random.randint(1, 4)]:
            child = {"id": each, **self.start(depth)}
            if self.chance(2):
                child["restart"] = self.one_of(["permanent", "transient", "temporary"])
            if "auto_shutdown" in flags and child.get("restart") in ("transient", "temporary") and self.chance(2):
                child["significant"] = True
            children.append(child)
        return name, ("ok", (flags, children))

    def start(self, depth: int) -> dict[str, Any]:
        """The start of a child, and what depends on what it is."""
        if depth == 0 or self.chance(2):
            child: dict[str, Any] = {"start": ("scn_worker", *self.worker())}
            if self.chance(2):
                child["shutdown"] = self.one_of([5000, 100, "brutal_kill", "infinity"])
            return child
        match self.weighted(self.kinds):
            case "s":
                name, init = self.supervisor(depth - 1)
                return {"start": ("supervisor", "start_link", [("local", name), "scn_sup", init]), "type": "supervisor"}
            case "d":
                name, init = self.director(depth - 1)
                return {"start": ("director", "start_link", [("local", name), "scn_sup", init]), "type": "supervisor"}
        name = self.name("z")
        specs = [(f"t{number}", ("scn_worker", *self.worker()), "temporary", 200, "worker", []) for number in range(2)]
        return {"start": ("scn_tree", "start_tracked", [name, specs]), "type": "supervisor", "shutdown": "infinity"}

    def director(self, depth: int) -> tuple[str, Term]:
        """A director's name and what its init returns."""
        name = self.name("d")
        children = []
        for each in IDS[: self.random.randint(1, 3)]:
            outside, self.in_director = self.in_director, True
            start = self.start(depth)
            self.in_director = outside
            child: dict[str, Term] = {"id": each, "start": start["start"]}
            if "type" in start:
                child |= {"type": "supervisor"}
            if self.chance(2):
                elements = [
                    "restart",
                    "restart",
                    ("restart", FAR),
                    "wait",
                    "delete",
                    "stop",
                    Fun("by_reason"),
                    Fun("by_count"),
                ]
                child["plan"] = [self.one_of(elements) for _ in range(self.random.randint(1, 3))]
                child["count"] = self.one_of([1, 2, 3])
            children.append(child)
        return name, ("ok", children)

    def worker(self) -> tuple[str, list[Term]]:
        """How a worker is started."""
        self.workers += 1
        options: dict[str, Term] = {"trap": True}
        match self.random.randrange(8):
            case 0 | 1:
                options |= {"notify": "scn_driver", "id": f"w{self.workers}"}
            case 2:
                options["on_terminate"] = self.one_of([("sleep", 300), "crash", ("exit", "oops")])
            case 3 if not self.in_director:
                return "start_flaky", [f"k{self.workers}", self.one_of([[2], [3], [2, 3]])]
            case 4 | 5 | 6:
                return "start_link", []
        return "start_link", [options]

    # ---- moves ----------------------------------------------------------------------------

    def move(self) -> None:
        self.weighted({self.hit: 8, self.request: 4, self.down: 2, self.ask: 1, self.calm: 1})()
        self.look()

    def look(self) -> None:
        self.call("scn_tree", "shape", list(self.names))

    def somewhere(self) -> tuple[str, Term]:
        """A name in the tree, and one of its children."""
        name = self.one_of(self.names)
        return name, f"t{self.random.randrange(2)}" if name[4] == "z" else self.one_of(IDS)

    def reason(self) -> Term:
        reasons = [each for each in REASONS if not isinstance(each, tuple) or each[0] != "shutdown"]
        return self.one_of(reasons if any(name[4] == "d" for name in self.names) else REASONS)

    def hit(self) -> None:
        name, child = self.somewhere()
        reason = self.one_of(["kill", "kill", "oops", "shutdown", "normal", self.reason()])
        blow = ("exit", reason) if self.chance(2) else ("cast", (self.one_of(["exit", "error", "stop"]), self.reason()))
        self.call("scn_tree", "hit", name, child, blow)

    def request(self) -> None:
        name, child = self.somewhere()
        function = self.one_of(
            ["terminate_child", "restart_child", "delete_child", "terminate_child", "count_children"]
        )
        module = "director" if name[4] == "d" and self.chance(2) else "supervisor"
        if name[4] == "z" and function not in ("terminate_child", "delete_child"):
            self.call("gen_tracker", "find", name, child)
        elif function == "count_children":
            self.call(module, function, name)
        else:
            self.call(module, function, name, child)

    def down(self) -> None:
        """Someone in the tree that is no leaf ends."""
        name = self.one_of(self.names)
        match self.random.randrange(4):
            case 0:
                reasons = [each for each in REASONS[1:] if not isinstance(each, tuple)]
                reason = self.one_of(reasons) if name[4] == "z" else self.reason()
                self.call("gen_server", "stop", name, reason, 5000)
            case 1:
                self.call("erlang", "exit", V("s", (2,)), self.reason())
            case _:
                self.call("erlang", "whereis", name, bind="n")
                self.call("erlang", "exit", V("n"), self.one_of(["kill", "kill", "oops", "shutdown"]))
        self.script.sleep(700)

    def ask(self) -> None:
        name, child = self.somewhere()
        self.call("scn_tree", "ask", name, child, ("echo", 1), 100)

    def calm(self) -> None:
        self.script.sleep(1200)

    def end(self) -> None:
        if self.chance(2):
            self.call("erlang", "exit", V("s", (2,)), self.one_of(["shutdown", "kill", "oops"]))
        self.script.sleep(700)
        self.look()
        self.script.look("flush", "reports", "texts")


class Supervised(Trees):
    """A tree of OTP's supervisors alone: nothing else is needed to ask a real Erlang."""

    needs = frozenset()
    kinds = {"s": 1}
