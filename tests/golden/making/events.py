"""Scenarios of `gen_event`: managers whose handlers, of `scn_event` and `scn_event_b`, do what their events say."""

from __future__ import annotations

from random import Random
from typing import Any

from erlsim.terms import Term
from tests.golden.making.script import SELF, Fun, Script, V

DRIVER = "scn_driver"
REASONS = ("normal", "shutdown", ("shutdown", "away"), "oops", ("because", [1, 2]))
HANDLERS = ("scn_event", ("scn_event", 1), ("scn_event", 2), "scn_event_b")
NO_HANDLERS = ("scn_missing", ("scn_event", 9), ("scn_missing", 1), 7, ("a", "b", "c"))
BAD = ("nonsense", ("ok",), [], ("ok", 1, 2, 3, 4), ("reply", 1, 2))


class Events:
    """Draws scenarios."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def scenario(self, name: str) -> dict[str, Any]:
        """One scenario."""
        self.script = Script(name)
        # Known by name: how wide a pid is decides where lines of a text break.
        self.script.call("erlang", "register", DRIVER, SELF)
        self.number = 0
        kind = self.random.randrange(10)
        if kind == 0:
            self.texts()
        elif kind == 1:
            self.beginnings()
        else:
            self.start()
            for _ in range(self.random.randint(1, 3)):
                self.add()
            moves = [self.event, self.event, self.ask, self.ask, self.change, self.change, self.fail, self.info]
            moves += [self.system, self.add, self.delete, self.supervised]
            for _ in range(self.random.randint(3, 6)):
                self.one_of(moves)()
            self.end()
        return self.script.finish()

    def one_of(self, things: Any) -> Any:
        return self.random.choice(things)

    def chance(self, of: int) -> bool:
        return self.random.randrange(of) == 0

    def handler(self) -> Term:
        return self.one_of(NO_HANDLERS) if self.chance(8) else self.one_of(HANDLERS)

    def args(self, handler: Term) -> Term:
        """What a handler begins with."""
        if handler == "scn_event_b":
            return []
        if self.chance(8):
            return (self.one_of(["ret", "error", "exit", "throw"]), self.one_of([*BAD, ("error", "no"), ("ok", {})]))
        self.number += 1
        args: dict[str, Term] = {"id": self.number, "to": DRIVER}
        if self.chance(5):
            args["status"] = self.one_of(["hide", "crash"])
        if self.chance(5):
            args["on_terminate"] = (self.one_of(["error", "exit", "throw", "ret"]), self.one_of(["last", [1]]))
        if self.chance(10):
            args["hibernate"] = True
        return args

    # ---- moves -------------------------------------------------------------------------

    def start(self) -> None:
        function = self.one_of(["start", "start", "start_link", "start_monitor"])
        name = [("local", "scn_e")] if self.chance(2) else []
        options: list[Term] = [("hibernate_after", 20)] if self.chance(8) else []
        # A traced manager needs a name, and requests are not traced: lines break by the width of pids and references.
        self.traceable = bool(name)
        args = [*name, options] if options or self.chance(3) else name
        self.script.call("gen_event", function, *args, bind="s")
        self.m: Term = V("s", (2, 1) if function == "start_monitor" else (2,))

    def add(self) -> None:
        handler = self.handler()
        function = self.one_of(["add_handler", "add_handler", "add_sup_handler"])
        self.script.call("gen_event", function, self.m, handler, self.args(handler))

    def event(self) -> None:
        for _ in range(self.random.randint(1, 3)):
            function = self.one_of(["notify", "notify", "sync_notify"])
            event = self.one_of(
                ["hello", ("ret", ("ok", ("$put", "n", self.number))), ("ret", ("ok", "$state", "hibernate"))]
            )
            self.script.call("gen_event", function, self.m, event)

    def ask(self) -> None:
        handler = self.handler()
        requests = [
            "hello",
            ("ret", ("ok", "yes", ("$put", "n", self.number))),
            ("ret", ("ok", "$state", "$state", "hibernate")),
            ("ret", ("remove_handler", "bye")),
            ("ret", ("ok", ("error", "no"), "$state")),
            ("throw", ("ok", "caught", "$state")),
        ]
        request = self.one_of(requests)
        if self.chance(3):
            self.script.call("gen_event", "send_request", self.m, handler, request, bind="r")
            self.script.call("gen_event", self.one_of(["receive_response", "wait_response"]), V("r"), 100)
        else:
            self.script.call("gen_event", "call", self.m, handler, request, *self.one_of([(), (1000,), ("infinity",)]))

    def change(self) -> None:
        """One handler takes the place of another."""
        old, new = self.handler(), self.handler()
        args = self.args(new)
        match self.random.randrange(4):
            case 0 | 1:
                function = self.one_of(["swap_handler", "swap_sup_handler"])
                self.script.call("gen_event", function, self.m, (old, "swapping"), (new, args))
            case 2:
                event = ("ret", ("swap_handler", "swapping", "$state", new, args))
                self.script.call("gen_event", "notify", self.m, event)
            case _:
                request = ("ret", ("swap_handler", "reply", "swapping", "$state", new, args))
                self.script.call("gen_event", "call", self.m, old, request)
        self.script.call("gen_event", "which_handlers", self.m)

    def fail(self) -> None:
        how = self.one_of(["ret", "throw", "error", "exit"])
        what = (how, self.one_of([*BAD, "remove_handler"]) if how in ("ret", "throw") else self.one_of(REASONS))
        match self.random.randrange(4):
            case 0:
                self.script.call("gen_event", "sync_notify", self.m, what)
            case 1:
                self.script.call("erlang", "send", self.m, what)
            case 2:
                self.script.call("gen_event", "call", self.m, self.handler(), what)
            case _:
                self.script.call("gen_event", "notify", self.m, what)
        self.script.call("gen_event", "which_handlers", self.m)

    def info(self) -> None:
        info = self.one_of(["hello", ("ret", "remove_handler"), ("EXIT", SELF, "why"), (1, 2, 3), ("notify", "x", "y")])
        self.script.call("erlang", "send", self.m, info)

    def delete(self) -> None:
        self.script.call("gen_event", "delete_handler", self.m, self.handler(), self.one_of(["bye", []]))
        self.script.call("gen_event", "which_handlers", self.m)

    def supervised(self) -> None:
        """A handler whose supervisor ends."""
        self.script.spawn("p", self.one_of(["trap", "plain"]))
        handler = self.one_of([("scn_event", 3), "scn_event_b"])
        add = ("do", "gen_event", "add_sup_handler", [self.m, handler, self.args(handler)])
        self.script.call("erlang", "send", V("p"), add)
        if self.chance(2):
            self.script.call("gen_event", self.one_of(["notify", "sync_notify"]), self.m, ("ret", "remove_handler"))
        self.script.call("erlang", "send", V("p"), self.one_of([("take", SELF), ("take", SELF), "hello"]))
        self.script.call("erlang", "exit", V("p"), self.one_of(["kill", "oops", "shutdown"]))
        self.script.call("gen_event", "which_handlers", self.m)

    def system(self) -> None:
        match self.random.randrange(7):
            case 0:
                self.script.call("scn_statem", "status", self.m)
            case 1:
                self.script.call("sys", "replace_state", self.m, Fun(self.one_of(["identity", "crash"])))
            case 2:
                self.script.call("sys", "suspend", self.m)
                self.script.call("gen_event", "notify", self.m, "later")
                extra = self.one_of([[], ("ret", ("ok", "$state")), ("error", "no"), ("ret", "no")])
                self.script.call("sys", "change_code", self.m, "scn_event", "old", extra)
                self.script.call("sys", "resume", self.m)
            case 3 if self.traceable:
                self.script.call("sys", "trace", self.m, True)
                self.script.call("gen_event", "notify", self.m, "traced")
                self.script.call("erlang", "send", self.m, "traced")
                self.script.call("sys", "trace", self.m, False)
            case 4:
                self.script.call("sys", "log", self.m, True)
                self.script.call("gen_event", "notify", self.m, "logged")
                self.script.call("scn_statem", "status", self.m)
                self.script.call("sys", "log", self.m, "get")
            case 5:
                self.script.call("sys", "terminate", self.m, self.one_of(REASONS))
            case _:
                self.script.call("sys", "get_state", self.m)

    def end(self) -> None:
        match self.random.randrange(5):
            case 0:
                self.script.call("gen_event", "stop", self.m)
            case 1:
                self.script.call("gen_event", "stop", self.m, self.one_of(REASONS), 1000)
            case 2:
                self.script.call("erlang", "exit", self.m, self.one_of(["normal", "shutdown", "oops", "kill"]))
            case 3:
                self.script.call("gen", "call", self.m, SELF, "stop", 1000)
            case _:
                self.script.call("gen", "call", self.m, SELF, "get_modules", 1000)

    # ---- other scenarios ---------------------------------------------------------------

    def beginnings(self) -> None:
        """Starts, names, and calls of nobody."""
        function = self.one_of(["start", "start_link", "start_monitor"])
        self.script.call("gen_event", function, ("local", "scn_e"), bind="s")
        self.script.call("gen_event", function, ("local", "scn_e"), [], bind="t")
        self.script.call("gen_event", function, self.one_of(["scn_e", 1, ("local", 1), ("odd", "scn_e"), []]))
        who = self.one_of(
            ["scn_nobody", ("global", "scn_nobody"), ("via", "global", "scn_nobody"), ("scn_nobody", "nonode@nohost")]
        )
        self.script.call("gen_event", "notify", who, "x")
        self.script.call("gen_event", "sync_notify", who, "x")
        self.script.call("gen_event", "call", who, "scn_event", "x", *self.one_of([(), (10,), (-1,), ("soon",)]))
        self.script.call("gen_event", "add_handler", who, "scn_event", {})
        self.script.call("gen_event", "stop", who)
        self.script.call("gen_event", "swap_handler", "scn_e", self.one_of(["x", (1, 2, 3)]), ("scn_event", {}))
        self.script.call("gen_event", "which_handlers", "scn_e")

    def texts(self) -> None:
        """The reports of a manager as text, without the stacks that nobody else could have."""
        for _ in range(3):
            failures = ["oops", ("EXIT", "oops"), ("EXIT", ("undef", [("scn_missing", "f", [1], [])]))]
            failures.append(("EXIT", ("undef", [("scn_event_b", "terminate", [1, 2], [])])))
            crash = {
                "label": ("gen_event", "terminate"),
                "handler": self.one_of(HANDLERS),
                "name": self.one_of(["scn_e", ("name", 1)]),
                "last_message": self.one_of(["hello", [1, 2]]),
                "state": {"n": 1},
                "reason": self.one_of(failures),
            }
            odd = {"label": ("gen_event", "no_handle_info"), "module": "scn_event_b", "message": ("hello", [1])}
            self.script.call("scn_event", "log_text", self.one_of([crash, crash, odd]), {"single_line": self.chance(2)})
