"""erlsim: Erlang/OTP's process model in pure Python, in virtual time.

`run` and `shell` give a program a simulated node. `erlang`, `ets`, `timer`, `terms`, `code` and `io`
mirror Erlang's modules of those names, `otp` holds the behaviours, `testing` and `trace` what a
real system does not offer.
"""

from erlsim import code, erlang, errors, ets, io, otp, reports, terms, timer, trace
from erlsim._kernel import TIMEOUT, NoSimulation, wait_for
from erlsim.code import module
from erlsim.errors import Deadlock, ErlangException, ErlsimError, Error, Exit, Livelock, NotPortable, Overtime, Throw
from erlsim.matching import match
from erlsim.simulation import Simulation, load_ipython_extension, player, run, shell

__version__ = "0.1.0"

__all__ = [
    "TIMEOUT",
    "Deadlock",
    "ErlangException",
    "ErlsimError",
    "Error",
    "Exit",
    "Livelock",
    "NoSimulation",
    "NotPortable",
    "Overtime",
    "Simulation",
    "Throw",
    "code",
    "erlang",
    "errors",
    "ets",
    "io",
    "load_ipython_extension",
    "match",
    "module",
    "otp",
    "player",
    "reports",
    "run",
    "shell",
    "terms",
    "timer",
    "trace",
    "wait_for",
]
