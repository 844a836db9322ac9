"""A player: step through a run, go back, and go on from there differently.

`player` is what a user holds, `acts` what can be done to a run and to whom, `again` the repetition of a run with its
schedule, `widget` the buttons in a notebook.
"""

from __future__ import annotations

from erlsim.playing.acts import Act
from erlsim.playing.player import Player

__all__ = ["Act", "Player"]
