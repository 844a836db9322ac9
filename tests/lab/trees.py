"""Trees of plain supervisors whose blast radius is known: worked out by hand from OTP's rules, and asked of an Erlang.

Of each strike: who fell with the victim, in order; who was restarted, in order; the outcome.
"""

from __future__ import annotations

from tests.lab.kit import sup, worker

abc = [worker("a"), worker("b"), worker("c")]

TREES = {
    "one_for_one": sup("top", "one_for_one", abc),
    "one_for_all": sup("top", "one_for_all", abc),
    "rest_for_one": sup("top", "rest_for_one", abc),
    "nested": sup(
        "top",
        "one_for_one",
        [
            sup("left", "one_for_all", [worker("l1"), worker("l2")]),
            sup("right", "one_for_one", [worker("r1"), worker("r2")], intensity=0),
        ],
    ),
    "no_restarts": sup("top", "one_for_one", [worker("a"), worker("b")], intensity=0),
    "kinds": sup(
        "top",
        "one_for_one",
        [worker("forever"), worker("odd", restart="transient"), worker("once", restart="temporary")],
    ),
    "any_significant": sup(
        "top",
        "one_for_one",
        [worker("a"), worker("b", restart="transient", significant=True)],
        auto_shutdown="any_significant",
    ),
    "all_significant": sup(
        "top",
        "one_for_one",
        [
            worker("a"),
            worker("b", restart="temporary", significant=True),
            worker("c", restart="temporary", significant=True),
        ],
        auto_shutdown="all_significant",
    ),
    "pool": sup(
        "top",
        "rest_for_one",
        [worker("queue"), ("pool", "pool", {"intensity": 1, "period": 5}, {}, "permanent", 3)],
    ),
    "trapping": sup("top", "rest_for_one", [worker("a", trap=True), worker("b", trap=True)]),
    "deep": sup("top", "one_for_one", [sup("mid", "one_for_one", [sup("low", "one_for_one", [worker("leaf")])])]),
}

# tree -> {(victim, reason): (fell with it, restarted, outcome)}
ANSWERS = {
    "one_for_one": {
        ("top", "kill"): ("c b a", "", "down"),
        ("top", "shutdown"): ("c b a", "", "down"),
        ("top", "hang"): ("", "", "changed"),
        ("a", "kill"): ("", "a", "recovered"),
        ("b", "crash"): ("", "b", "recovered"),
        ("c", "shutdown"): ("", "c", "recovered"),
        ("c", "hang"): ("", "", "changed"),
    },
    "one_for_all": {
        # The others are stopped in the reverse of their order, then all are started in it.
        ("a", "kill"): ("c b", "a b c", "recovered"),
        ("b", "kill"): ("c a", "a b c", "recovered"),
        ("c", "crash"): ("b a", "a b c", "recovered"),
        ("b", "shutdown"): ("c a", "a b c", "recovered"),
        ("b", "hang"): ("", "", "changed"),
    },
    "rest_for_one": {
        ("a", "kill"): ("c b", "a b c", "recovered"),
        ("b", "kill"): ("c", "b c", "recovered"),
        ("c", "kill"): ("", "c", "recovered"),
    },
    "nested": {
        ("l1", "kill"): ("l2", "l1 l2", "recovered"),
        # Its supervisor may not restart at all: it gives up, and is restarted with its children by the one above.
        ("r1", "kill"): ("r2 right", "r1 r2 right", "recovered"),
        ("r2", "kill"): ("r1 right", "r1 r2 right", "recovered"),
        ("left", "kill"): ("l2 l1", "l1 l2 left", "recovered"),
        ("right", "shutdown"): ("r2 r1", "r1 r2 right", "recovered"),
        # Both supervisors stop their children, the last first, and then end, side by side.
        ("top", "kill"): ("r2 l2 r1 l1 right left", "", "down"),
    },
    "no_restarts": {
        ("a", "kill"): ("b top", "", "down"),
        ("b", "shutdown"): ("a top", "", "down"),
        ("b", "hang"): ("", "", "changed"),
    },
    "kinds": {
        ("forever", "shutdown"): ("", "forever", "recovered"),
        ("odd", "kill"): ("", "odd", "recovered"),
        # It has ended in good order: it stays where it is, without a process.
        ("odd", "shutdown"): ("", "", "changed"),
        ("once", "kill"): ("", "", "changed"),
    },
    "any_significant": {
        ("a", "shutdown"): ("", "a", "recovered"),
        ("b", "kill"): ("", "b", "recovered"),
        ("b", "shutdown"): ("a top", "", "down"),
    },
    "all_significant": {
        ("a", "kill"): ("", "a", "recovered"),
        ("b", "kill"): ("", "", "changed"),
    },
    "pool": {
        # What was started in a pool later is not started again with it.
        ("queue", "kill"): ("#1 #2 #3 pool", "queue pool", "changed"),
        ("#2", "kill"): ("", "#2", "recovered"),
        ("pool", "kill"): ("#3 #2 #1", "pool", "changed"),
    },
    "deep": {
        # Who has been killed stops nobody: "low" still ends its child, and has its name, when "mid" is to start anew.
        # Both tries fail of that, and one is all that is allowed.
        ("mid", "kill"): ("leaf low top", "", "down"),
        ("mid", "shutdown"): ("leaf low", "leaf low mid", "recovered"),
        ("low", "kill"): ("leaf", "leaf low", "recovered"),
    },
    "trapping": {
        ("a", "shutdown"): ("b", "a b", "recovered"),
        ("a", "kill"): ("b", "a b", "recovered"),
        ("b", "shutdown"): ("", "b", "recovered"),
    },
}
