"""The page of the functions that Erlang may call says what is there."""

from __future__ import annotations

import pytest

from docs._tools import erl_functions as functions


def test_the_page_of_functions_is_up_to_date():
    # If not: python -m docs._tools.erl_functions
    assert functions.PAGE.read_text(encoding="utf-8") == functions.page()


@pytest.mark.parametrize(
    ("module", "function", "there"),
    [
        ("lists", "keyfind/3", True),
        ("gen_server", "call/3", True),
        ("lists", "keyfind/4", False),
        ("re", "foo/2", False),
    ],
)
def test_what_is_there_is_asked_of_the_library(module, function, there, sim):
    assert functions.is_there(module, function) is there
