"""register_SUITE."""

from __future__ import annotations

import erlsim
from erlsim import erlang
from tests.otp_suites.kit import suite

case = suite("register_SUITE")

ITERATIONS = 10_000


@case(partial="fewer iterations, and no other scheduler that would take the name in between", trace=False)
async def test_otp_8099():
    async def named() -> None:
        while True:
            await erlang.receive()

    for _ in range(ITERATIONS):
        pid = erlang.spawn(named)
        try:
            erlang.register("otp_8099_reg_proc", pid)
        except erlsim.Error:
            old = erlang.whereis("otp_8099_reg_proc")
            erlang.unregister("otp_8099_reg_proc")
            erlang.exit(old, "kill")
            assert erlang.register("otp_8099_reg_proc", pid) is True
        assert erlang.whereis("otp_8099_reg_proc") == pid
        erlang.exit(pid, "kill")
