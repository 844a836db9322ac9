"""The checks of child specifications, one fault at a time."""

import pytest

from erlsim import Error
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


@pytest.mark.rule(124)
@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"start": ("m", "f")}, ("invalid_mfa", ("m", "f"))),
        ({"start": ("m", "f", [], "x")}, ("invalid_mfa", ("m", "f", [], "x"))),
        ({"start": ["m", "f", []]}, ("invalid_mfa", ["m", "f", []])),
        ({"modules": 3}, ("invalid_modules", 3)),
        ({"modules": ("m",)}, ("invalid_modules", ("m",))),
        ({"modules": "dynamo"}, ("invalid_modules", "dynamo")),
        ({"modules": "zynamic"}, ("invalid_modules", "zynamic")),
        ({"modules": Improper(("m", 1), "n")}, ("invalid_module", 1)),
        ({"restart": True}, ("invalid_restart_type", True)),
        ({"restart": ["permanent"]}, ("invalid_restart_type", ["permanent"])),
        ({"type": 1}, ("invalid_child_type", 1)),
        ({"shutdown": "brutal"}, ("invalid_shutdown", "brutal")),
        ({"shutdown": -1}, ("invalid_shutdown", -1)),
        ({"shutdown": ["infinity"]}, ("invalid_shutdown", ["infinity"])),
        ({"restart": "x", "significant": "y"}, ("invalid_restart_type", "x")),
        ({"significant": "y", "type": "z"}, ("invalid_significant", "y")),
        ({"shutdown": "y", "modules": "z"}, ("invalid_shutdown", "y")),
    ],
)
def test_a_faulty_value_is_refused_with_otps_term(changed, fault):
    assert supervisor.check_childspecs([{**GOOD, **changed}]) == ("error", fault)


@pytest.mark.rule(124)
@pytest.mark.parametrize(
    "more", [{"shutdown": 0}, {"shutdown": "brutal_kill"}, {"modules": []}, {"type": "supervisor"}]
)
def test_values_at_the_border_are_good(more):
    assert supervisor.check_childspecs([{**GOOD, **more}]) == "ok"


def test_a_tuple_of_another_size_is_no_spec():
    whole = ("child", MFA, "permanent", 10, "worker", ["m"])
    for spec in ((), whole[:5], (*whole, "x")):
        assert supervisor.check_childspecs([spec]) == ("error", ("invalid_child_spec", spec))
    assert supervisor.check_childspecs([whole]) == "ok"


def test_modules_that_are_no_proper_list_are_refused_with_the_failure_of_lists_foreach():
    error, (kind, (reason, stack)) = supervisor.check_childspecs([{**GOOD, "modules": Improper(("m",), "n")}])
    assert (error, kind, reason, stack[0][0]) == ("error", "EXIT", "function_clause", "lists")


def test_specs_that_are_no_proper_list_fail_after_the_first_fault_in_them():
    with pytest.raises(Error, match="function_clause"):
        supervisor.check_childspecs(Improper((GOOD,), "x"))
    assert supervisor.check_childspecs(Improper(("foo",), "x")) == ("error", ("invalid_child_spec", "foo"))


@pytest.mark.rule(136)
@pytest.mark.parametrize(
    ("restart", "significant", "auto_shutdown", "good"),
    [
        ("transient", True, "all_significant", True),
        ("temporary", True, "any_significant", True),
        ("transient", False, "never", True),
        ("permanent", False, "any_significant", True),
        ("permanent", True, "any_significant", False),
        ("transient", True, "never", False),
    ],
)
def test_significant_goes_with_some_restart_types_and_some_auto_shutdowns(restart, significant, auto_shutdown, good):
    spec = {**GOOD, "restart": restart, "significant": significant}
    assert (supervisor.check_childspecs([spec], auto_shutdown) == "ok") is good
