"""Steps: a world in which processes may give way before every operation that others can notice.

`records` are the data (operations, what they touch, events), `fibers` let code stop in the middle of a plain function,
`stepper` is the scheduler's loop in such a world, `endings` takes the end of a process apart, `arriving` says what a
signal will do when it is handled, `channels` are what is on its way. A world without steps has `world.steps` `None` and
knows nothing of all this.
"""

from __future__ import annotations

from erlsim._kernel.steps.endings import owned_in_parts
from erlsim._kernel.steps.fibers import Stacks
from erlsim._kernel.steps.records import Operation, Step, Touch, see_operations
from erlsim._kernel.steps.stepper import Steps

__all__ = ["Operation", "Stacks", "Step", "Steps", "Touch", "owned_in_parts", "see_operations"]
