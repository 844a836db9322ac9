"""Every schedule: `exhaust` runs a test under each interleaving that anybody could tell from another, and then ends.

`dependency` says which operations depend on each other, `mail` who tells messages apart, `order` what happened before
what in a run and which of its events raced. `wakeup` keeps the runs that are planned, `exploration` goes through them,
`answers` through what is no matter of order; `bounded` goes another way, with few preemptions first. `simulated` makes
runs of tests, `exhausting` puts all together, and `results` says what came of it, `race` why; `limits` say when it has
to end, `saving` keeps a search that was cut short, `sharing` lets the workers of an executor share one.
"""

from erlsim.testing.search.exhausting import exhaust
from erlsim.testing.search.results import Exhaustion

__all__ = ["Exhaustion", "exhaust"]
