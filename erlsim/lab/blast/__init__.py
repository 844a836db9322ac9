"""The blast radius of each process of a tree: if it is struck, who falls with it, for how long, and what is lost.

Each strike has a run of its own: the tree is made in a fresh simulation, one process is killed, crashes, is shut down
or hangs, at rest or at a moment of a load, and all that happens from then on is compared with the same run in which
nobody was struck. A run is deterministic (first-in first-out, a tree that is made in the same way each time), so what
differs is what the strike has done.

`strikes` says how and when, `watching` makes one run, `judging` compares two, `radius` makes all of them. `results` and
`found` are what came of it, `tables`, `drawing` and `page` show it.
"""

from erlsim.lab.blast.found import BlastRadius
from erlsim.lab.blast.radius import blast_radius
from erlsim.lab.blast.results import Away, Blast, Fall, Group, Lost, Place, Restart, Saw

__all__ = ["Away", "Blast", "BlastRadius", "Fall", "Group", "Lost", "Place", "Restart", "Saw", "blast_radius"]
