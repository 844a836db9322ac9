"""Budgets: what a name may cost, as one assertion."""

from __future__ import annotations

from erlsim.lab.questions import WrongQuestion
from erlsim.simulation import current
from erlsim.terms import Term
from erlsim.trace.facts import show
from erlsim.trace.service import Service


def budget(
    name: Term,
    *,
    availability: float | None = None,
    repair: int | None = None,
    restarts: int | None = None,
    mailbox: int | None = None,
    latency: dict[float, int] | int | None = None,
    failed: int | None = None,
    start: int | None = None,
) -> Service:
    """`name`, a child's id or a registered name of the current simulation, has kept to its budget: its `Service`.

    At least `availability` (0 to 1) of the time; away no longer than `repair` ms at a time; no more than `restarts`,
    no more than `mailbox` messages waiting at once, no more than `failed` calls that failed; and calls no longer than
    `latency` says: ms for all of them, or ms by share of the calls, `{0.99: 50}`. The time counts from when it was
    first there, or from `start` ms. `AssertionError` that lists what is over, when and by how much.
    """
    if availability is not None and not 0 <= availability <= 1:
        raise WrongQuestion(f"availability is a share from 0 to 1, not {availability!r}")
    for share in latency if isinstance(latency, dict) else ():
        if not 0 < share <= 1:
            raise WrongQuestion(f"latency is ms by share of the calls (0 to 1), as {{0.99: 50}}, not {latency!r}")
    service = current().service(name, start)
    longest = {1.0: latency} if isinstance(latency, int) else latency
    over = service.check(availability, repair, restarts, mailbox, longest, failed)
    if over:
        lines = "\n".join(f"  {each}" for each in over)
        raise AssertionError(f"{show(name)} is over its budget\n{lines}")
    return service
