"""Functions of the library answer what they answer on OTP 25.2.3, call by call (`answers/record.py`)."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import terms
from erlsim.erl.library import apply_mfa
from tests.erl.answers.calls import AREAS
from tests.erl.answers.ours import differences

# All calls are compared by `make oracle`.
EVERY = 4


@pytest.mark.parametrize("area", AREAS)
def test_calls_are_answered_as_on_the_BEAM(area):
    different = differences(area, EVERY)
    told = [f"{call}\n  OTP  {theirs}\n  here {ours}" for call, theirs, ours in different[:10]]
    assert not different, f"{len(different)} calls differ\n" + "\n".join(told)


@pytest.mark.parametrize(
    ("pattern", "what"),
    [
        (r"(?R)", "(?R"),
        (r"(a)(?1)", "(?1"),
        (r"(?|a|b)", "(?|"),
        (r"a\Kb", r"\K"),
        (r"\Ga", r"\G"),
        (r"\X", r"\X"),
        (r"\p{Greek}", r"\p{Greek}"),
        (r"(a\1)", "a reference to a group that is not closed yet"),
        (r"a(*COMMIT)b", "(*COMMIT)"),
        (r"(?C1)a", "(?C"),
    ],
)
def test_what_python_has_no_expression_for_is_told(pattern, what, sim):
    with pytest.raises(erlsim.ErlsimError) as caught:
        apply_mfa("re", "run", [b"aab", pattern.encode(), ["unicode"]])
    assert str(caught.value) == f"re: {what} is not simulated"


def test_a_compiled_expression_is_a_term_that_can_be_sent_and_run(sim):
    _, compiled = apply_mfa("re", "compile", [terms.chars("(?<x>A)"), ["caseless"]])
    assert compiled[:4] == ("re_pattern", 1, 0, 0)
    assert apply_mfa("re", "run", [b"bab", terms.copy(compiled), [("capture", "all_names", "binary")]]) == (
        "match",
        [b"a"],
    )
    with pytest.raises(erlsim.Error, match="badarg"):
        apply_mfa("re", "run", [b"bab", ("re_pattern", 1, 0, 0, b"ERCP"), []])
