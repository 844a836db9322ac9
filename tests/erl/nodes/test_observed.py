"""What an Erlang program notices of other nodes is what it notices on OTP 25.2.3: `observed.erl`, case by case."""

from __future__ import annotations

import erlsim
from erlsim import terms
from erlsim.erl import load
from erlsim.otp import net_kernel
from tests.erl.nodes.record import NODES


def test_pids_links_monitors_names_calls_and_ends_of_other_nodes_are_as_on_otp():
    program = load(NODES.sources[0])

    async def main():
        net_kernel.start(["recorder", "shortnames"])
        return await program.cases()

    told = [terms.format("~0tp.", [case]) for case in erlsim.run(main, reports=False, trace=False)]
    assert told == NODES.lines()
