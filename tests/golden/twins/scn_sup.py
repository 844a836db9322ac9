"""Twin of `scn_sup`: a callback module whose `init` returns its argument."""

from __future__ import annotations

from erlsim import code, erlang
from erlsim.terms import Term


@code.module(name="scn_sup")
class ScnSup:
    """The module `scn_sup`."""

    def init(arg: Term) -> Term:
        match arg:
            case ("crash", reason):
                return erlang.error(reason)
        return arg
