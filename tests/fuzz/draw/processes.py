"""Processes that do what the driver tells them (`scn_proc`), one thing after another: links, names, timers, ends."""

from __future__ import annotations

from erlsim.terms import Term
from tests.fuzz.draw.area import FAR, SELF, Area, V

NAMES = ("scn_n1", "scn_n2")
INFO = ("links", "monitors", "trap_exit", "registered_name", "message_queue_len", "messages", "dictionary", "priority")


class Processes(Area):
    """A handful of processes that link, watch, tell and end each other."""

    moves = (5, 16)

    def begin(self) -> None:
        self.names = [f"p{number}" for number in range(1, self.random.randint(3, 5))]
        for each in self.names:
            self.script.spawn(each, self.one_of(["trap", "plain"]))
        self.timers = 0

    def pids(self) -> list[Term]:
        return [V(each) for each in self.names]

    def pid(self) -> Term:
        if self.chance(12):
            return self.one_of(NAMES)
        return SELF if self.chance(12) else V(self.one_of(self.names))

    def do(self, function: str, *args: Term) -> None:
        """Something that one of the processes does."""
        self.call("erlang", "send", V(self.one_of(self.names)), ("do", "erlang", function, list(args)))

    def either(self, function: str, *args: Term, bind: str = "_") -> None:
        """Something that the driver or one of the processes does."""
        if self.chance(3):
            self.call("erlang", function, *args, bind=bind)
        else:
            self.do(function, *args)

    def move(self) -> None:
        self.one_of(
            [self.link, self.link, self.watch, self.watch, self.hurt, self.hurt, self.tell, self.tell, self.name]
            + [self.flag, self.die, self.look, self.time, self.dictionary, self.strange]
        )()

    def link(self) -> None:
        self.either(self.one_of(["link", "link", "link", "unlink"]), self.pid())

    def watch(self) -> None:
        match self.random.randrange(5):
            case 0 | 1:
                self.either("monitor", "process", self.pid())
            case 2:
                options = [self.one_of([("tag", "gone"), ("alias", "demonitor"), ("alias", "reply_demonitor")])]
                self.either("monitor", "process", self.pid(), options)
            case 3:
                self.call("erlang", "monitor", "process", self.pid(), bind="m")
                self.call("erlang", "demonitor", V("m"), self.some(["flush", "info"], 2))
            case _:
                self.call("erlang", "monitor", "process", ("scn_n1", self.one_of(["nonode@nohost", "a@b"])), bind="m")

    def hurt(self) -> None:
        self.either("exit", self.pid(), self.reason())

    def tell(self) -> None:
        message = self.one_of(["hello", ("hello", self.random.randrange(9)), [], 0, False, ("EXIT", SELF, "fake")])
        match self.random.randrange(4):
            case 0:
                self.do("send", self.pid(), message)
            case 1:
                self.call("erlang", "send", self.pid(), message, self.some(["noconnect", "nosuspend"], 2))
            case 2:
                self.call("erlang", "send", (self.one_of(NAMES), "nonode@nohost"), message)
            case _:
                self.call("erlang", "send", self.pid(), message)

    def name(self) -> None:
        name = self.one_of(NAMES)
        match self.random.randrange(4):
            case 0 | 1:
                self.either("register", name, self.pid())
            case 2:
                self.either("unregister", name)
            case _:
                self.call("erlang", "whereis", name)

    def flag(self) -> None:
        self.do("process_flag", "trap_exit", self.one_of([True, False]))

    def die(self) -> None:
        what = self.one_of([("die", self.reason()), ("crash", self.reason()), ("throw", self.reason()), "return"])
        self.call("erlang", "send", V(self.one_of(self.names)), what)

    def look(self) -> None:
        pid = V(self.one_of(self.names))
        if self.chance(3):
            self.call("erlang", "process_info", pid, self.one_of(INFO))
        elif self.chance(2):
            self.call("erlang", "process_info", pid, self.some(INFO[1:], 4))
        else:
            self.call("erlang", "is_process_alive", pid)

    def time(self) -> None:
        self.timers += 1
        message, ms = ("timer", self.timers), self.one_of([0, 25, 25, FAR])
        function = self.one_of(["send_after", "start_timer"])
        if self.chance(2):
            self.do(function, ms, self.pid(), message)
        else:
            self.call("erlang", function, ms, self.pid(), message, bind="t")
            if self.chance(2):
                # Without the time that is left: no two runs would agree on it.
                options = [("info", False)] if self.chance(2) else [("async", True), ("info", False)]
                self.call("erlang", "cancel_timer", V("t"), options)
                self.call("erlang", self.one_of(["read_timer", "cancel_timer"]), V("t"))
        self.script.sleep(60)

    def dictionary(self) -> None:
        key = self.one_of(["k", 1, 1.0, ("k", 1)])
        function = self.one_of(["put", "put", "get", "erase", "get_keys"])
        value = {"put": (key, self.random.randrange(9)), "get_keys": (self.random.randrange(9),)}.get(function, (key,))
        self.do(function, *value)

    def strange(self) -> None:
        match self.random.randrange(6):
            case 0:
                self.either("group_leader", self.pid(), self.pid())
            case 1:
                self.either("process_flag", self.one_of(["trap_exit", "priority", "x"]), self.one_of(["low", True, 7]))
            case 2:
                self.either("demonitor", self.one_of(["x", 7, []]))
            case 3:
                self.either("alias", *self.one_of([(), ([],), (["explicit_unalias"],), (["reply"],)]))
            case 4:
                self.call("erlang", "alias", bind="al")
                self.call("erlang", "send", V("al"), "by alias")
                self.call("erlang", "unalias", V("al"))
                self.call("erlang", "send", V("al"), "too late")
            case _:
                self.either("exit", self.one_of(["nobody", 7, SELF]), "normal")

    def end(self) -> None:
        for each in self.names:
            self.call("erlang", "is_process_alive", V(each))
            self.call("erlang", "send", V(each), ("take", SELF))
        self.script.look("flush", "reports", "texts")
