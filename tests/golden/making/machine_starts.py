"""Scenarios of `gen_statem` without a machine that runs: starts that fail, calls of nobody, texts of reports."""

from __future__ import annotations

from random import Random
from typing import Any

from erlsim.terms import Term
from tests.golden.making.script import SELF, Script, V

DRIVER = "scn_driver"
M = V("s", (2,))
BAD_ACTIONS = (
    "nonsense",
    -1,
    ("reply", "nobody", 1),
    ("next_event", "never", 1),
    ("next_event", ("call", "nobody"), 1),
    ("timeout", -5, "x"),
    ("state_timeout", "soon", "x"),
    ("state_timeout", 10, "x", [("abs", "perhaps")]),
    ("state_timeout", 10, "x", "abs"),
    ("postpone", "perhaps"),
    ("hibernate", 1),
    ("cancel", "cancel"),
    ("wakeup", "cancel"),
    ("change_callback_module", 7),
    ("change_callback_module", "scn_missing"),
    ("push_callback_module", "scn_sup"),
    "pop_callback_module",
)
NOBODY = ("scn_nobody", ("global", "scn_nobody"), ("via", "global", "scn_nobody"), ("scn_nobody", "nonode@nohost"))
BAD_MODES = ("nonsense", [], ["state_enter"], ["state_functions", "x"], ("error", "no"), ("throw", "state_functions"))
INIT_STOPS = (("stop", "no"), "ignore", ("stop", "normal"), ("stop", "shutdown"))
INIT_BAD = ("nonsense", ("ok",), ("ok", "a"), ("ok", 1, 2, 3, 4))
ENTER_ARGS = ([], [[("next_event", "internal", "x")]], [SELF], [("local", "scn_m")], [("local", "scn_m"), []])


class Starts:
    """Draws what happens around machines."""

    random: Random
    script: Script

    def one_of(self, things: Any) -> Any:
        return self.random.choice(things)

    def chance(self, of: int) -> bool:
        return self.random.randrange(of) == 0

    # ---- other scenarios ---------------------------------------------------------------

    def beginnings(self) -> None:
        """Starts that fail, calls of nobody, machines made of other processes."""
        for _ in range(3):
            function = self.one_of(["start", "start_link", "start_monitor"])
            wish = self.one_of(["stop", "bad", "fails", "mode", "taken", "module", "nobody", "enter", "actions"])
            name = [("local", "scn_m")] if self.chance(2) else []
            if wish == "nobody":
                self.nobody()
            elif wish == "enter":
                self.enter()
            else:
                self.beginning(function, wish, name)

    def beginning(self, function: str, wish: str, name: list[Term]) -> None:
        """A start that fails, perhaps after it seemed to succeed."""
        module = "scn_statem"
        options: Term = {"to": DRIVER}
        match wish:
            case "stop":
                options["init"] = ("ret", self.one_of(INIT_STOPS))
            case "bad":
                options["init"] = ("ret", self.one_of(INIT_BAD))
            case "fails":
                how = self.one_of(["error", "exit", "throw"])
                options["init"] = (how, self.one_of(["no", ("stop", "no"), "ignore"]))
            case "mode":
                options["mode"] = self.one_of(BAD_MODES)
            case "taken":
                self.script.call("gen_statem", "start", ("local", "scn_m"), "scn_statem", {}, [], bind="s")
                name = [("local", "scn_m")]
            case "module":
                module = self.one_of(["scn_missing", "scn_sup", "scn_statem_b"])
            case "actions":
                options["init"] = ("ret", ("ok", "a", "$data", self.one_of(BAD_ACTIONS)))
        self.script.call("gen_statem", function, *name, module, options, [], bind="s")
        self.script.sleep(20)

    def enter(self) -> None:
        """A process that becomes a machine."""
        args = self.one_of(ENTER_ARGS)
        self.script.call("proc_lib", "start_link", "scn_statem", "enter", [{"to": DRIVER}, args], bind="s")
        answer = ("ret", ("keep_state_and_data", ("reply", "$from", "$state")))
        self.script.call("gen_statem", "call", M, answer, 100)

    def nobody(self) -> None:
        """Calls of who is not there, or no server at all."""
        who = self.one_of(NOBODY)
        self.script.call("gen_statem", "cast", who, "x")
        self.script.call("gen_statem", "call", who, "x", *self.one_of([(), (10,), (("clean_timeout", 10),)]))
        self.script.call("gen_statem", "stop", who)
        self.script.call("gen_statem", "call", who, "x", self.one_of([-1, "soon", ("slow", 1), ("clean_timeout", -1)]))
        self.script.call("gen_statem", "cast", self.one_of([1, (1, 2), ("a", "b", "c"), [1]]), "x")
        action = ("reply", (SELF, "tag"), 1)
        self.script.call("gen_statem", "reply", self.one_of([action, [action], [], "x", [1]]))

    def texts(self) -> None:
        """The report of a machine's end as text, without the stacks that nobody else could have."""
        for _ in range(3):
            queue = [("cast", "one"), ("internal", [1, 2]), ("info", "three")]
            report = {
                "label": ("gen_statem", "terminate"),
                "name": self.one_of(["scn_m", ("name", 1)]),
                "queue": queue[: self.random.randrange(4)],
                "postponed": self.one_of([[], [("cast", "two")]]),
                "modules": self.one_of([["scn_statem"], ["scn_statem_b", "scn_statem"]]),
                "callback_mode": self.one_of(["state_functions", "handle_event_function"]),
                "state_enter": self.chance(2),
                "state": ("a", {"n": 1}),
                "timeouts": self.one_of([(0, []), (1, [("state_timeout", "x")])]),
                "log": self.one_of([[], [("in", ("cast", "one"), "a")]]),
                "reason": (self.one_of(["error", "exit"]), self.one_of(["oops", "undef", ("bad", [1])]), self.stack()),
                "client_info": self.one_of(["undefined", ("scn_client", "dead"), (SELF, ("scn_client", []))]),
            }
            self.script.call("scn_statem", "log_text", report, {"single_line": self.chance(2)})

    def stack(self) -> Term:
        return self.one_of([[], [("scn_missing", "f", 1, [])], [("scn_statem", "z", [1, 2, 3], []), ("m", "f", 1, [])]])
