"""A ticket gate.

Gates ask a clearing house whether a ticket is good, over a few connections that a pool hands out, and not at
all while a breaker says that the house is out of order. `Tree` starts all of it; `Gate.admit` is what a visitor sees.
"""

from turnstile.breaker import Breaker
from turnstile.clearing import Clearing
from turnstile.connection import Connection
from turnstile.gate import Gate
from turnstile.pool import Pool
from turnstile.tree import Connections, Tree

__all__ = ["Breaker", "Clearing", "Connection", "Connections", "Gate", "Pool", "Tree"]
