"""The blast radius as a page: choose a victim, how and when it is struck, and see the tree and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from erlsim.lab import page as pages
from erlsim.lab.blast.drawing import marks
from erlsim.lab.blast.results import Blast, Place
from erlsim.lab.blast.strikes import moment_text, reason_text

MOST = 2_000
"""How many blasts a page holds."""
HEADS = ("Fell with it", "Restarted", "Away", "Callers saw", "Lost", "The tree")


def page(places: Sequence[Place], blasts: Sequence[Blast], title: str, tried: str, not_tried: Sequence[str]) -> str:
    """The text of the page."""
    notes = [pages.note(f"Not tried: {'; '.join(not_tried)}.")]
    if len(blasts) > MOST:
        notes.append(pages.note(f"Only the first {MOST:,} of {len(blasts):,} strikes are here."))
    shown = blasts[:MOST]
    value = {
        "heads": HEADS,
        "places": [[place.name, place.depth, place.detail] for place in places],
        "blasts": [
            [blast.victim, reason_text(blast.reason), moment_text(blast.moment), blast.outcome, blast.words]
            + [[[mark.name, mark.status, mark.words] for mark in marks(places, blast) if mark.words]]
            for blast in shown
        ],
    }
    parts = {"title": escape(title), "summary": escape(tried), "notes": "".join(notes), "data": pages.data(value)}
    return pages.fill("blast.html", parts)
