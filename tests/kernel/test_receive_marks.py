"""A receive that waits for something new does not look at what was in a long mailbox before."""

import random

from erlsim import erlang, run
from erlsim._kernel import mailbox
from erlsim._kernel.mailbox import LONG, NOTHING, Mailbox, matches_any, take
from erlsim.terms import Improper, Ref


def plain_take(patterns, messages):
    """What `take` means, without any mark."""
    for index, message in enumerate(messages):
        if matches_any(patterns, message):
            return messages.pop(index)
    return NOTHING


def test_marks_never_change_what_a_receive_takes():
    for seed in range(50):
        dice, box, plain, refs = random.Random(seed), Mailbox(), [], [Ref(1)]
        for number in range(400):
            ref = dice.choice(refs[-3:])
            match dice.choice(["arrive", "arrive", "arrive", "make", "take", "take one", "take any"]):
                case "arrive":
                    message = dice.choice([(ref, number), ("x", number), ("DOWN", ref), (Improper(("alias",), ref), 1)])
                    box.append(message)
                    plain.append(message)
                case "make":
                    refs.append(Ref(number + 2))
                    if len(box) >= LONG:
                        box.set_mark(refs[-1])
                case "take":
                    patterns = ((ref, ...), ("DOWN", ref), (Improper(("alias",), ref), ...))
                    assert take(patterns, box) == plain_take(patterns, plain)
                case "take one":
                    assert take((("x", ...),), box) == plain_take((("x", ...),), plain)
                case "take any" if plain:
                    assert take((), box) == plain.pop(0)
            assert list(box) == plain


def looked_at(monkeypatch, patterns_of):
    """How many messages a receive looks at behind 1,000 others; `patterns_of` makes something and names it."""
    seen = []

    def counting(patterns, message):
        seen.append(message)
        return matches_any(patterns, message)

    async def main():
        async def busy():
            for number in range(1000):
                erlang.send(erlang.self(), ("later", number))
            await erlang.receive(("later", 0))
            patterns = patterns_of()
            monkeypatch.setattr(mailbox, "matches_any", counting)
            await erlang.receive(*patterns, after=0)
            monkeypatch.undo()

        _, ref = erlang.spawn_monitor(busy)
        await erlang.receive(("DOWN", ref, ..., ..., ...))

    run(main)
    return len(seen)


def test_a_receive_for_a_new_reference_or_a_new_child_skips_what_is_older(monkeypatch):
    assert looked_at(monkeypatch, lambda: [(erlang.make_ref(), ...)]) == 0
    assert looked_at(monkeypatch, lambda: [("ack", erlang.spawn(lambda: None), ...)]) == 0


def test_a_receive_for_anything_else_looks_at_everything(monkeypatch):
    assert looked_at(monkeypatch, lambda: [(erlang.make_ref(), ...), ("nothing", ...)]) == 999
    assert looked_at(monkeypatch, lambda: [("nothing", ...)]) == 999
