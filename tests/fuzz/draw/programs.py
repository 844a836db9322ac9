"""Programs of several processes (`scn_prog`): each a list of instructions with a log of its own."""

from __future__ import annotations

from erlsim.terms import Term
from tests.fuzz.draw.area import Area, V

NAMES = ("scn_a", "scn_b")
ME = "$me"
TAGS = ("m", "q", "z", "use")


class Programs(Area):
    """A few servers that are given programs; children come and go.

    Programs are short: a process that does much loses its turn on a BEAM. Timers are due at multiples of 12 ms, and
    the driver looks in between. Left out is what gives others their turn there and cannot here: `is_process_alive`,
    and `demonitor` with `flush` of what is no monitor any more.
    """

    moves = (3, 8)

    def begin(self) -> None:
        self.known_by_name()
        self.number = 0
        self.kids = 0
        self.names = [f"p{number}" for number in range(1, self.random.randint(3, 5))]
        for each in self.names:
            trap = [("q", "_", "erlang", "process_flag", ["trap_exit", True])] if self.chance(2) else []
            how = self.one_of(["spawn", "spawn", "spawn_link", "spawn_monitor"])
            self.call("scn_prog", "start", each, how, [*trap, ("serve",)])
        for _ in range(self.random.randint(0, 3)):
            self.tell([self.do("link", self.other())])

    def pids(self) -> list[Term]:
        self.call("scn_prog", "pid", self.one_of(self.names), bind="x")
        return [V("x")]

    def fresh(self, letter: str = "v") -> str:
        """A variable that nothing else binds."""
        self.number += 1
        return f"{letter}{self.number}"

    def other(self) -> Term:
        """A process by name, as programs say it."""
        kids = [f"k{number}" for number in range(1, self.kids + 1)]
        return ("$p", self.one_of([*self.names, *self.names, *kids[-2:]]))

    def destination(self) -> Term:
        return self.one_of([self.other(), self.other(), ME, *NAMES, (NAMES[0], "nonode@nohost")])

    def message(self) -> Term:
        self.number += 1
        return self.one_of([self.number, ("m", self.number), ("q", self.number, ME), ("z", self.number)])

    def do(self, function: str, *args: Term, bind: str = "_") -> Term:
        """An instruction that calls a BIF."""
        return ("do", bind, "erlang", function, list(args))

    def tell(self, program: list[Term]) -> None:
        """Give a program to one of the servers; the driver does not wait."""
        self.now("scn_prog", "tell", self.one_of(self.names), program)

    # ---- programs -----------------------------------------------------------------------

    def program(self, depth: int) -> list[Term]:
        """Some instructions."""
        return [each for _ in range(self.random.randint(1, 3)) for each in self.instructions(depth)]

    def instructions(self, depth: int) -> list[Term]:
        """What belongs together."""
        kinds = {self.sends: 4, self.receives: 3, self.links: 3, self.monitors: 3, self.exits: 2, self.names_: 2}
        kinds |= {self.timers: 2, self.aliases: 1, self.ends: 1, self.looks: 1, self.flags: 1}
        if depth:
            kinds |= {self.spawns: 4, self.nested: 1}
        chosen = self.weighted(kinds)
        return chosen(depth) if chosen in (self.spawns, self.nested) else chosen()

    def sends(self) -> list[Term]:
        return [self.do("send", self.destination(), self.message()) for _ in range(self.random.randint(1, 3))]

    def receives(self) -> list[Term]:
        patterns = ["any", "int", ("tag", self.one_of(TAGS)), ("size", 2), ("size", 5), ("gt", 3)]
        patterns += [("either", "EXIT", "DOWN"), ("elem", 2, self.number), ("tag", "DOWN")]
        if self.chance(3):
            return [("drain",)]
        return [("recv", self.fresh(), self.one_of(patterns), self.one_of([0, 0, 12]))]

    def links(self) -> list[Term]:
        return [self.do(self.one_of(["link", "link", "unlink"]), self.other())]

    def monitors(self) -> list[Term]:
        name = self.fresh()
        options = [
            [("tag", "gone")],
            [("alias", "reply_demonitor"), ("tag", ("t", 1))],
            [("alias", "explicit_unalias")],
        ]
        more = [self.one_of(options)] if self.chance(3) else []
        watched = self.one_of([self.other(), self.other(), *NAMES])
        program = [self.do("monitor", "process", watched, *more, bind=name)]
        if self.chance(2):
            how = self.one_of([(), (["info"],)])
            program.append(self.do("demonitor", ("$$", name), *how))
        return program

    def exits(self) -> list[Term]:
        return [self.do("exit", self.one_of([self.other(), self.other(), ME]), self.reason())]

    def names_(self) -> list[Term]:
        name = self.one_of(NAMES)
        match self.random.randrange(4):
            case 0:
                return [self.do("unregister", name)]
            case 1:
                return [self.do("whereis", name)]
        return [self.do("register", name, self.one_of([ME, ME, self.other()]))]

    def timers(self) -> list[Term]:
        name = self.fresh()
        function = self.one_of(["send_after", "start_timer"])
        to = self.one_of([ME, self.other(), NAMES[0]])
        program = [self.do(function, self.one_of([0, 12, 24]), to, self.message(), bind=name)]
        if self.chance(2):
            options = self.one_of(
                [(), ([("async", True)],), ([("info", False)],), ([("async", True), ("info", False)],)]
            )
            program.append(self.do(self.one_of(["cancel_timer", "cancel_timer"]), ("$$", name), *options))
        return program

    def aliases(self) -> list[Term]:
        name = self.fresh()
        program = [self.do("alias", *self.one_of([(), (["reply"],), (["explicit_unalias"],)]), bind=name)]
        program.append(
            self.do("send", self.one_of([("$$", name), self.other()]), ("use", ("$$", name), self.message()))
        )
        if self.chance(2):
            program += [self.do("unalias", ("$$", name)), self.do("send", ("$$", name), self.message())]
        return program

    def ends(self) -> list[Term]:
        return [
            self.one_of(
                [("exit", self.reason()), ("error", "bad"), ("throw", "ball"), self.do("exit", ME, self.reason())]
            )
        ]

    def looks(self) -> list[Term]:
        return [self.do("whereis", self.one_of(NAMES))]

    def flags(self) -> list[Term]:
        return [self.do("process_flag", "trap_exit", self.one_of([True, True, False]))]

    def spawns(self, depth: int) -> list[Term]:
        self.kids += 1
        name = f"k{self.kids}"
        hows = [
            "spawn",
            "spawn_link",
            "spawn_monitor",
            ("opt", ["link", "monitor"]),
            ("opt", [("monitor", [("tag", "kid")])]),
        ]
        program = self.program(depth - 1) + ([("serve",)] if self.chance(2) else [])
        return [("spawn", self.fresh(), self.one_of(hows), name, program)]

    def nested(self, depth: int) -> list[Term]:
        program = self.program(depth - 1)
        return [self.one_of([("catch", program), ("repeat", 2, program), ("hibernate", program)])]

    # ---- moves --------------------------------------------------------------------------

    def move(self) -> None:
        for _ in range(self.random.randint(1, 3)):
            if self.chance(4):
                self.call("scn_prog", "pid", self.one_of(self.names), bind="x")
                function = self.one_of(["exit", "exit", "monitor", "link", "unlink"])
                args = {"exit": (V("x"), self.reason()), "monitor": ("process", V("x"))}.get(function, (V("x"),))
                self.now("erlang", function, *args)
            elif self.chance(6):
                self.now("erlang", "send", self.one_of(NAMES), self.message())
            else:
                self.tell(self.program(self.one_of([0, 1, 1, 2])))
        self.call("erlang", "whereis", self.one_of(NAMES))
        self.script.sleep(99)
        if self.chance(3):
            self.call("scn_prog", "info", self.one_of(self.names))

    def end(self) -> None:
        self.script.sleep(99)
        for each in self.names:
            self.call("scn_prog", "info", each)
        self.call("scn_prog", "logs")
        self.script.look("flush", "reports", "texts")
