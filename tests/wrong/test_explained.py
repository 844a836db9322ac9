"""Failures are explained as OTP explains them: the first entry of the stack, its error_info, and the words."""

from __future__ import annotations

import pytest

from tests.wrong import explained

ANSWERS = explained.read()
# One general case of so many is compared here; `python -m tests.wrong.explained compare` compares all.
EVERY = 9
EXPLAINED = explained.explaining(ANSWERS)


@pytest.mark.parametrize("function", EXPLAINED, ids=str)
def test_a_failure_is_explained_in_the_words_of_otp(function):
    assert explained.differences(function, ANSWERS[str(function)], EVERY) == []


def test_what_is_compared_has_explanations_of_every_kind():
    words = {text for each in EXPLAINED for text in ANSWERS[str(each)] if text != "none"}
    assert len(words) > 600
    for text in (
        "does not refer to an existing ETS table",
        "insufficient access rights",
        "not an atom",
        "out of range",
    ):
        assert any(text in each for each in words), text
