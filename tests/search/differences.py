"""Where the outcomes or the runs of a search are not Concuerror's, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """So many of Concuerror's outcomes are `lacking`, so many are `beyond` those."""

    reason: str
    lacking: int = 0
    beyond: int = 0


DIFFERENCES = {
    "count_or_insert": Difference(
        "Concuerror misses the order in which P.1 and P.3 fail to count, P.1 inserts, P.2 counts, P.3 does not insert.",
        beyond=1,
    ),
    "asked_for_its_messages": Difference(
        "Concuerror takes process_info(P, [messages]) to be independent of what is sent to P.", beyond=1
    ),
    "timer_of_0_ms_cancelled": Difference(
        "A timer of 0 ms is still there when its starter cancels it at once: so on a BEAM, 2,000 of 2,000 times.",
        beyond=1,
    ),
}
