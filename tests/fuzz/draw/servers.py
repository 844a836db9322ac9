"""Servers of `scn_worker`, which do what they are asked: replies, ends, bad returns, requests and what `sys` does."""

from __future__ import annotations

from erlsim.terms import Term
from tests.fuzz.draw.area import SELF, Area, V
from tests.golden.making.script import Fun

NAME = "scn_srv"
STARTS = ("start", "start", "start_link", "start_link", "start_monitor")


class Servers(Area):
    """One server at a time, started anew when it has ended."""

    def begin(self) -> None:
        self.known_by_name()
        self.start()

    def pids(self) -> list[Term]:
        return [self.server]

    def start(self) -> None:
        function = self.one_of(STARTS)
        name = self.one_of(
            [[], [], [("local", NAME)], [("local", NAME)], [("global", NAME)], [("via", "global", NAME)]]
        )
        options: list[Term] = []
        if self.chance(4):
            options.append(("timeout", self.one_of([40, "infinity"])))
        if self.chance(6):
            options.append(("hibernate_after", 20))
        if self.chance(4):
            options.append(("debug", self.one_of([["trace"], ["log"], ["statistics"], [("log", 3)], ["nonsense"]])))
        if self.chance(10):
            options.append(("spawn_opt", self.one_of([["link"], [("fullsweep_after", 10)], [("priority", "low")]])))
        init = self.options()
        self.call("gen_server", function, *name, "scn_worker", init, options, bind="s")
        if "timeout" in init:
            self.script.sleep(80)
        self.server = (
            name[0][1] if name and name[0][0] == "local" else V("s", (2, 1) if function.endswith("r") else (2,))
        )
        if name and name[0][0] != "local" and self.chance(2):
            self.server = name[0]

    def options(self) -> Term:
        match self.random.randrange(12):
            case 0:
                return {"stop": self.reason()}
            case 1:
                return self.one_of([{"ignore": True}, {"crash": self.reason()}])
            case 2:
                return {"bad": self.bad()}
            case 3:
                return {"init_sleep": self.one_of([20, 100])}
        options: dict[str, Term] = {}
        if self.chance(2):
            options["trap"] = True
        if self.chance(2):
            options |= {"notify": "scn_driver", "id": 1}
        elif self.chance(3):
            options["on_terminate"] = self.one_of(["crash", ("sleep", 300), ("exit", self.reason())])
        if self.chance(8):
            options["timeout"] = self.one_of([0, 30, "hibernate"])
        elif self.chance(8):
            options["continue"] = "on"
        return options

    def bad(self) -> Term:
        return self.one_of(
            ["junk", ("ok",), ("ok", 1, 2, 3), ["ok", 0], [], ("stop",), ("noreply", 1, "x"), ("reply", 1)]
        )

    def request(self) -> Term:
        results = [
            ("reply", "yes", {}),
            ("reply", "yes", {}, self.one_of([0, 30, "infinity", "hibernate"])),
            ("reply", "yes", {}, ("continue", "more")),
            ("noreply", {}),
            ("noreply", {"notify": SELF}, 20),
            ("stop", self.reason(), {}),
            ("stop", self.reason(), "last", {"notify": SELF, "id": 2}),
            self.bad(),
        ]
        return self.one_of(
            [
                ("echo", self.term()),
                ("echo", 1),
                ("return", self.one_of(results)),
                ("return", self.one_of(results)),
                "hang",
            ]
            + [(self.one_of(["error", "exit", "throw"]), self.reason()), ("throw", ("reply", "thrown", {}))]
            + [("stop", self.reason(), "last_words"), ("stop", self.reason()), ("sleep", 60), "unknown"]
        )

    def cast(self) -> Term:
        results = [
            ("noreply", {}),
            ("noreply", {}, self.one_of([0, 20, "hibernate"])),
            ("stop", self.reason(), {}),
            self.bad(),
        ]
        return self.one_of(
            [(self.one_of(["error", "exit", "throw"]), self.reason()), ("stop", self.reason()), ("send", SELF, "hello")]
            + [("return", self.one_of(results)), ("return", ("noreply", {}, ("continue", 1))), "unknown"]
        )

    def move(self) -> None:
        self.weighted(
            {self.ask: 4, self.throw: 2, self.later: 2, self.system: 3, self.stop: 1, self.hurt: 1, self.inform: 1}
            | {self.start: 3, self.look: 1, self.many: 1}
        )()

    def ask(self) -> None:
        request = self.request()
        self.call("gen_server", "call", self.server, request, *self.one_of([(), (30,), (400,)]))
        self.rest(request)

    def throw(self) -> None:
        cast = self.cast()
        self.call("gen_server", "cast", self.server, cast)
        self.rest(cast)

    def rest(self, request: Term) -> None:
        """Let a timeout that has begun come to its end: its time is not that of a later step."""
        if request[:1] == ("return",) and isinstance(request[1], tuple) and len(request[1]) > 2:
            self.script.sleep(80)

    def inform(self) -> None:
        info = self.one_of(
            ["hello", ("exit", self.reason()), "stop", "timeout", ("EXIT", SELF, "fake"), ("$gen_call", "x", "y")]
        )
        self.call("erlang", "send", V("s", (2,)), info)

    def later(self) -> None:
        """A request whose answer is waited for later."""
        request = self.request()
        self.call("gen_server", "send_request", self.server, request, bind="r")
        self.rest(request)
        for _ in range(self.random.randint(1, 2)):
            match self.random.randrange(4):
                case 0 | 1:
                    function = self.one_of(["wait_response", "receive_response"])
                    self.call("gen_server", function, V("r"), self.one_of([0, 20, 300]))
                case 2:
                    self.call("gen_server", "check_response", self.one_of(["hello", ("x", 1)]), V("r"))
                case _:
                    self.script.look("flush")

    def many(self) -> None:
        """A request in a collection."""
        self.call("gen_server", "reqids_new", bind="c")
        # One request at most: of two, the order of references would show.
        request = self.request()
        self.call("gen_server", "send_request", self.server, request, "label", V("c"), bind="c")
        self.rest(request)
        self.call("gen_server", "reqids_size", V("c"))
        for _ in range(2):
            self.call("gen_server", "receive_response", V("c"), 40, self.one_of([True, False]), bind="a")

    def system(self) -> None:
        match self.random.randrange(12):
            case 0 | 1:
                request = self.request()
                self.call("sys", "suspend", self.server)
                self.call("gen_server", "call", self.server, request, 30)
                self.call("sys", "resume", self.server)
                self.rest(request)
            case 2:
                self.call("sys", "get_state", self.server)
            case 3:
                fun = Fun(self.one_of(["identity", "crash1", "put_x"]))
                self.call("sys", "replace_state", self.server, fun)
            case 4:
                self.call("sys", "suspend", self.server)
                self.call("sys", "change_code", self.server, self.one_of(["scn_worker", "scn_sup"]), "old", [])
                self.call("sys", "resume", self.server)
            case 5:
                self.call("sys", "terminate", self.server, self.reason())
            case 6:
                self.call("sys", "log", self.server, True)
                self.ask()
                self.throw()
                self.call("sys", "log", self.server, self.one_of(["get", "print", False]))
            case 7:
                self.call("sys", "statistics", self.server, True)
                self.ask()
                self.call("sys", "no_debug", self.server)
            case 8:
                self.call("sys", "trace", NAME, True)
                self.call("gen_server", "call", NAME, ("echo", 1), 100)
                self.call("sys", "trace", NAME, False)
            case _:
                self.call("sys", "get_state", self.server, self.one_of([100, 1000]))

    def stop(self) -> None:
        args = self.one_of([(), (self.reason(), 1000), (self.reason(), 20), (self.reason(), "infinity")])
        self.call("gen_server", "stop", self.server, *args)

    def hurt(self) -> None:
        self.call("erlang", "exit", V("s", (2,)), self.reason())

    def look(self) -> None:
        match self.random.randrange(4):
            case 0:
                self.call("erlang", "monitor", "process", V("s", (2,)))
            case 1:
                self.call("erlang", "is_process_alive", V("s", (2,)))
            case 2:
                self.call(
                    "erlang", "process_info", V("s", (2,)), self.one_of(["links", "trap_exit", "registered_name"])
                )
            case _:
                self.script.look("flush")

    def end(self) -> None:
        self.script.sleep(700)
        self.script.look("flush", "reports", "texts", "io")
