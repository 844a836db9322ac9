"""Time: `timers` are what processes know of it, `environment` is the clock itself.

The clock is imported by the first world: it is simpy's, and simpy takes as long to import as all of erlsim.
"""

from erlsim._kernel.clock.timers import MessageTimer, Timer

__all__ = ["MessageTimer", "Timer"]
