"""Wrong arguments are refused as OTP refuses them: the same class, the same reason."""

from __future__ import annotations

import pytest

from erlsim import terms
from tests.wrong import cases, ours, record

ANSWERS = record.read()


@pytest.mark.parametrize("function", [each for each in cases.functions() if str(each) in ANSWERS], ids=str)
def test_wrong_arguments_are_refused_as_otp_refuses_them(function):
    theirs, ours_alone = ANSWERS[str(function)], cases.EXTENSIONS.get(str(function), lambda args: False)
    differing = [
        f"{function.module}:{function.name}({terms.format('~0tp', [list(args)])[1:-1]}): OTP {wanted}, here {got}"
        for args, wanted, got in zip(cases.combinations(function.arity), theirs, ours.answers(function), strict=True)
        if wanted is not None and got != wanted and not ours_alone(args)
    ]
    assert differing == []
