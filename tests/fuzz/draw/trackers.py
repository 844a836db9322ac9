"""`gen_tracker`: children by name, their attributes, what is left of them when they end."""

from __future__ import annotations

from erlsim.terms import Term
from tests.fuzz.draw.area import SELF, Area, V

NAME = "scn_zone"
# No atom inside another term: where a hash table has such a key depends on the atoms of the running node.
CHILDREN: tuple[Term, ...] = (b"tv1", b"tv2", "tv3", (4, 4))
KEYS: tuple[Term, ...] = ("k", "hds", "bytes_in")


class Trackers(Area):
    """One tracker."""

    needs = frozenset({"gen_tracker"})
    moves = (6, 16)

    def begin(self) -> None:
        self.known_by_name()
        self.call("gen_tracker", "start_link", NAME, bind="s")
        for _ in range(self.random.randint(0, 2)):
            self.open()

    def pids(self) -> list[Term]:
        return [NAME]

    def child(self) -> Term:
        return self.one_of(CHILDREN)

    def key(self) -> Term:
        return self.one_of(KEYS)

    def move(self) -> None:
        self.weighted(
            {
                self.open: 4,
                self.attribute: 6,
                self.number: 2,
                self.crash: 3,
                self.kill: 2,
                self.end_child: 2,
                self.look: 3,
            }
            | {self.add: 1, self.read: 3, self.wait: 1, self.report: 1}
        )()

    def open(self) -> None:
        match self.random.randrange(8):
            case 0:
                reason = self.one_of(["no_luck", "normal", ("tagged", 1)])
                start = (
                    "scn_worker",
                    self.one_of(["start_error", "start_exit", "start_crash", "start_throw"]),
                    [reason],
                )
            case 1:
                start = ("scn_worker", self.one_of(["start_ignore", "start_raw"]), [])
            case 2 | 3:
                options = [
                    {"trap": True},
                    {"trap": True, "on_terminate": ("sleep", 100)},
                    {"notify": "scn_driver", "id": 1},
                ]
                start = ("scn_worker", "start_link", [self.one_of(options)])
            case _:
                start = ("scn_worker", "start_link", [])
        restart = self.one_of(["temporary", "temporary", "transient", "permanent"])
        spec: Term = (self.child(), start, restart)
        if not self.chance(3):
            spec += (self.one_of([200, "brutal_kill", "infinity", 20]), "worker", self.one_of([[], ["scn_worker"]]))
        self.call("gen_tracker", "find_or_open", NAME, spec, bind="p")

    def found(self) -> Term:
        self.call("gen_tracker", "find", NAME, self.child(), bind="f")
        return V("f", (2,))

    def crash(self) -> None:
        how = self.one_of(["exit", "exit", "stop", "error"])
        self.call("gen_server", "cast", self.found(), (how, self.one_of(["normal", "shutdown", "oops", ("tagged", 1)])))

    def kill(self) -> None:
        self.call("erlang", "exit", self.found(), self.one_of(["kill", "oops", "shutdown"]))

    def attribute(self) -> None:
        match self.random.randrange(6):
            case 0:
                rows = [(each, self.random.randrange(9)) for each in self.some(KEYS, 3)]
                self.call("gen_tracker", "setattr", NAME, self.child(), rows)
            case 1 | 2 | 3:
                self.call("gen_tracker", "setattr", NAME, self.child(), self.key(), self.one_of([1, "x", ("v", 2), []]))
            case 4:
                self.call("gen_tracker", "delattr", NAME, self.child(), self.key())
            case _:
                self.call("gen_tracker", "getattr", NAME, self.child(), self.key(), self.one_of([20, 40]))

    def report(self) -> None:
        """Let the child's module tell the driver when the child is dead."""
        self.call("gen_tracker", "setattr", NAME, self.child(), "report_to", "scn_driver")

    def read(self) -> None:
        match self.random.randrange(5):
            case 0 | 1:
                self.call("gen_tracker", "getattr", NAME, self.child(), self.key())
            case 2:
                self.listing("gen_tracker", "attrs", NAME, self.child())
            case 3:
                self.listing("gen_tracker", "info", NAME, self.child())
            case _:
                self.listing("gen_tracker", "info", NAME, self.child(), self.some([*KEYS, "pid", "none"], 3))

    def number(self) -> None:
        more = [self.one_of([0, 5])] if self.chance(2) else []
        self.call("gen_tracker", "increment", NAME, self.child(), self.key(), self.one_of([1, -1, 1000]), *more)

    def end_child(self) -> None:
        self.call("supervisor", self.one_of(["terminate_child", "delete_child"]), NAME, self.child())

    def add(self) -> None:
        self.call("scn_worker", "start_unlinked", bind="u")
        self.call("gen_tracker", "add_existing_child", NAME, (self.child(), V("u", (2,)), "worker", ["scn_worker"]))

    def look(self) -> None:
        # Not `list`: it has a child's attributes in the order of a hash table.
        self.listing(self.one_of(["gen_tracker", "gen_tracker", "supervisor"]), "which_children", NAME)

    def wait(self) -> None:
        if self.chance(2):
            self.call("gen_tracker", "wait", NAME)
        else:
            self.script.sleep(600)

    def end(self) -> None:
        self.script.sleep(600)
        self.listing("gen_tracker", "which_children", NAME)
        if self.chance(2):
            self.call("gen_server", "call", NAME, self.one_of(["shutdown", "what", ("x", SELF)]))
        if self.chance(3):
            self.call("erlang", "exit", V("s", (2,)), self.one_of(["shutdown", "oops", "kill"]))
        self.script.sleep(600)
        self.script.look("flush", "reports", "texts")
