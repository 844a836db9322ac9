"""The checks of child specifications, one fault at a time."""

import pytest

from erlsim.otp import supervisor
from erlsim.terms import Improper, Pid

MFA = ("m", "f", ["a"])
GOOD = {"id": "child", "start": MFA}
FAULTS = [
    ("foo", ("invalid_child_spec", "foo")),
    (("child", MFA, "permanent", 10, "worker"), ("invalid_child_spec", ("child", MFA, "permanent", 10, "worker"))),
    ({}, "missing_id"),
    ({"id": "child"}, "missing_start"),
    ({"start": MFA}, "missing_id"),
    ({**GOOD, "start": "mfa"}, ("invalid_mfa", "mfa")),
    ({**GOOD, "start": (1, "f", [])}, ("invalid_mfa", (1, "f", []))),
    ({**GOOD, "start": ("m", 1, [])}, ("invalid_mfa", ("m", 1, []))),
    ({**GOOD, "start": ("m", "f", "a")}, ("invalid_mfa", ("m", "f", "a"))),
    ({**GOOD, "start": (Pid(1), "f", [])}, ("invalid_mfa", (Pid(1), "f", []))),
    ({**GOOD, "restart": "prmanent"}, ("invalid_restart_type", "prmanent")),
    ({**GOOD, "shutdown": -10}, ("invalid_shutdown", -10)),
    ({**GOOD, "shutdown": True}, ("invalid_shutdown", True)),
    ({**GOOD, "shutdown": 1.0}, ("invalid_shutdown", 1.0)),
    ({**GOOD, "type": "wrker"}, ("invalid_child_type", "wrker")),
    ({**GOOD, "modules": "dy"}, ("invalid_modules", "dy")),
    ({**GOOD, "modules": ["m", 1, 2]}, ("invalid_module", 1)),
    ({**GOOD, "significant": "maybe"}, ("invalid_significant", "maybe")),
    ({**GOOD, "significant": 1}, ("invalid_significant", 1)),
    (("child", MFA, "permanent", 1000, "worker", "dy"), ("invalid_modules", "dy")),
    # of two faults OTP's order decides
    ({**GOOD, "restart": "x", "type": "y"}, ("invalid_restart_type", "x")),
    ({**GOOD, "start": 1, "restart": "x"}, ("invalid_mfa", 1)),
    ({**GOOD, "type": "y", "shutdown": "z"}, ("invalid_child_type", "y")),
]


@pytest.mark.rule(124)
@pytest.mark.parametrize(("spec", "fault"), FAULTS)
def test_a_faulty_spec_is_refused_with_otps_term(spec, fault):
    assert supervisor.check_childspecs([spec]) == ("error", fault)


def test_specs_that_are_no_list_are_a_badarg():
    assert supervisor.check_childspecs(GOOD) == ("error", ("badarg", GOOD))
    assert supervisor.check_childspecs([GOOD], "foo") == ("error", ("badarg", "foo"))


def test_good_specs_are_ok_whatever_unknown_keys_they_have():
    assert supervisor.check_childspecs([]) == "ok"
    assert (
        supervisor.check_childspecs([{**GOOD, "silly": 1}, ("b", MFA, "temporary", "infinity", "supervisor", [])])
        == "ok"
    )
    assert supervisor.check_childspecs([{**GOOD, "start": ("m", "f", Improper(("a",), "b"))}]) == "ok"
    assert supervisor.check_childspecs([{**GOOD, "modules": "dynamic"}]) == "ok"


def test_significant_is_checked_against_the_auto_shutdown_that_is_given():
    spec = {**GOOD, "restart": "transient", "significant": True}
    assert supervisor.check_childspecs([spec]) == "ok"
    assert supervisor.check_childspecs([spec], "any_significant") == "ok"
    assert supervisor.check_childspecs([spec], "never")[1][0] == "bad_combination"
    assert supervisor.check_childspecs([{**spec, "restart": "permanent"}])[1][1][0] == ("restart", "permanent")


def test_two_ids_that_are_equal_but_not_the_same_are_no_duplicates():
    assert supervisor.check_childspecs([{**GOOD, "id": 1}, {**GOOD, "id": 1.0}, {**GOOD, "id": True}]) == "ok"
    assert supervisor.check_childspecs([{**GOOD, "id": [1]}, {**GOOD, "id": [1]}]) == (
        "error",
        ("duplicate_child_name", [1]),
    )
