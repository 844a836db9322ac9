"""Terms as deep as they are printed. `limited.terms` has what OTP 25 made of each at the depths."""

from __future__ import annotations

from pathlib import Path

import pytest

from erlsim import terms
from erlsim.otp import io_lib

DEPTHS = (0, 1, 2, 3, 4, 5, 8)
LIMITED = Path(__file__).with_name("limited.terms").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("line", LIMITED)
def test_what_is_too_deep_is_left_out_as_otp_does(line):
    term, answers = terms.parse(line.removesuffix("."))
    assert [io_lib.limit_term(term, depth) for depth in DEPTHS] == answers
    assert io_lib.limit_term(term, "unlimited") == term
