"""Which childspecs are accepted, what they mean, and the error terms of those that are not."""

import functools

import pytest

import director
from director import default_plan_element_fun
from erlsim.terms import Improper
from tests.director.support import Bar, pid_of, run, spec

START = {"start": ("m", "f")}


def fault(**values):
    """The error of a childspec that is sound but for these values."""
    match director.check_childspec({"id": 1, **START, **values}):
        case ("error", ("childspec_value", [("key", key), ("reason", reason)])):
            assert key in values
            return reason
        case other:
            return other


def test_id_and_start_are_all_that_a_childspec_must_have():
    assert director.check_childspec({"id": 1, **START}) == "ok"


@pytest.mark.parametrize("key", ["id", "start"])
def test_a_missing_key_is_named_with_the_childspec(key):
    given = {name: value for name, value in {"id": 1, **START}.items() if name != key}
    assert director.check_childspec(given) == ("error", ("key_not_found", [("key", key), ("childspec", given)]))


def test_an_id_may_be_any_term():
    for id_ in (0, 1.5, b"bin", [], {"a": 1}, ("a", 1), "a"):
        assert director.check_childspec({"id": id_, **START}) == "ok"


def test_what_is_no_map_is_no_childspec():
    for given in ([], "a", ("id", 1)):
        assert director.check_childspec(given) == ("error", ("childspec_type", [("childspec", given)]))


def test_any_tuple_of_two_or_three_is_a_start():
    for start in (("m", "f", []), ("m", "f"), ("a", "b", "c"), (1, 2, 3), (1, "f"), ("m", 2)):
        assert fault(start=start) == "ok"
    for start in ("x", ("a",), ("a", "b", [], 1), ["m", "f", []]):
        assert fault(start=start) == ("format", [("start", start)])


def test_a_python_module_or_class_may_stand_in_a_start_function():
    assert fault(start=(Bar, "start_link")) == "ok"


def test_a_plan_is_a_list():
    assert fault(plan="restart") == ("plan_type", [("plan", "restart")])
    assert fault(plan=[]) == "ok"


def test_every_kind_of_plan_element_is_accepted():
    plan = ["restart", ("restart", 1), "wait", "delete", "stop", ("stop", ("any", "term")), lambda reason, n: "wait"]
    assert fault(plan=plan) == "ok"


@pytest.mark.parametrize("element", ["sleep", 5, ("restart",), ("wait", 1), True, ()])
def test_an_unknown_plan_element_is_named(element):
    assert fault(plan=["restart", element]) == ("plan_element_type", [("plan_element", element)])


@pytest.mark.parametrize("time", [-1, 0, "soon", 1.5, True])
def test_the_time_of_a_restart_is_a_positive_integer(time):
    element = ("restart", time)
    assert fault(plan=[element]) == ("plan_restart_time_integer", [("plan_element", element)])


def test_a_plan_function_takes_two_arguments():
    def one(reason):
        return "restart"

    assert fault(plan=[one]) == ("plan_fun_arity", [("fun", one), ("arity", 1)])


def test_a_plan_function_is_plain():
    async def waits(reason, count):
        return "restart"

    class Waits:
        async def __call__(self, reason, count):
            return "restart"

    for fun in (waits, functools.partial(waits), Waits()):
        assert fault(plan=["wait", fun]) == ("plan_fun_async", [("fun", fun)])


@pytest.mark.parametrize("count", [-1, "many", 1.0, True, "1.5"])
def test_a_count_is_an_integer_from_0_up_or_infinity(count):
    assert fault(count=count) == ("count_range_or_type", [("count", count)])
    assert fault(count=0) == fault(count=7) == fault(count="infinity") == "ok"


@pytest.mark.parametrize("timeout", [-5, "brutal_kill", 0.5])
def test_a_terminate_timeout_is_an_integer_from_0_up_or_infinity(timeout):
    expected = ("terminate_timeout_range_or_type", [("terminate_timeout", timeout)])
    assert fault(terminate_timeout=timeout) == expected


def test_a_type_is_worker_or_supervisor():
    assert fault(type="process") == ("type_type", [("type", "process")])
    assert fault(type="worker") == fault(type="supervisor") == "ok"


def test_modules_are_a_list_one_module_or_dynamic():
    assert fault(modules=3) == ("modules_type", [("modules", 3)])
    assert fault(modules=[1]) == fault(modules=Improper(["m"], "n")) == "ok"
    assert fault(modules=[]) == fault(modules="m") == fault(modules=["a", "b"]) == fault(modules="dynamic") == "ok"


def test_append_is_a_boolean():
    assert fault(append="yes") == ("append_type", [("append", "yes")])
    assert fault(append=True) == "ok"


def test_modules_may_be_the_atom_true_and_are_listed_so():
    async def main(pid):
        return (await director.which_children(pid))[0][3]

    assert run(main, spec(modules=True)) == [True]
    assert run(main, spec(modules=[1, "m"])) == [1, "m"]


def test_one_module_is_listed_as_a_list_of_it_and_dynamic_as_it_is():
    async def main(pid):
        return (await director.which_children(pid))[0][3]

    assert run(main, spec(modules="module")) == ["module"]
    assert run(main, spec(modules="dynamic")) == "dynamic"


def test_a_type_is_checked_before_a_terminate_timeout():
    assert fault(type="x", terminate_timeout=-1) == ("type_type", [("type", "x")])
    assert fault(terminate_timeout=-1, modules=3) == (
        "terminate_timeout_range_or_type",
        [("terminate_timeout", -1)],
    )


def test_of_several_faults_the_first_key_is_told():
    assert fault(type="process", count=-1) == ("count_range_or_type", [("count", -1)])


def test_a_childspec_is_filled_up_with_defaults():
    async def main(pid):
        return (await director.get_childspec(pid, 1))[1]

    full = run(main, {"id": 1, "start": ("dt_bar", "start_link")})
    assert full == {
        "id": 1,
        "start": ("dt_bar", "start_link", []),
        "plan": [default_plan_element_fun],
        "count": 1,
        "terminate_timeout": 1000,
        "type": "worker",
        "modules": ["dt_bar"],
        "append": False,
    }


def test_a_supervisor_has_all_the_time_it_wants_to_end():
    async def main(pid):
        return (await director.get_childspec(pid, "bar_id"))[1]["terminate_timeout"]

    assert run(main, spec(type="supervisor")) == "infinity"


def test_a_childspec_is_found_by_pid_too():
    async def main(pid):
        return await director.get_childspec(pid, await pid_of(pid)), await director.get_childspec(pid, "bar_id")

    one, other = run(main, spec())
    assert one == other


def test_a_class_is_no_plan_function():
    assert fault(plan=[Bar]) == ("plan_element_type", [("plan_element", Bar)])


def test_a_plan_function_of_a_wrong_arity_is_told_with_the_most_that_it_takes():
    for fun, arity in ((lambda: "wait", 0), (lambda a, b, c: "wait", 3), (lambda a, b, c, d=0: "wait", 4)):
        assert fault(plan=[fun]) == ("plan_fun_arity", [("fun", fun), ("arity", arity)])
    assert fault(plan=[lambda a, b=0, c=0: "wait"]) == fault(plan=[lambda *both: "wait"]) == "ok"


def test_a_module_before_dynamic_in_the_order_of_atoms_is_one_module_as_well():
    async def main(pid):
        return (await director.which_children(pid))[0][3]

    assert run(main, spec(modules="abc")) == ["abc"]


@pytest.mark.parametrize("wrong", [True, "many", -1, 1.0])
def test_a_terminate_timeout_is_no_boolean_and_nothing_below_zero(wrong):
    assert fault(terminate_timeout=wrong) == ("terminate_timeout_range_or_type", [("terminate_timeout", wrong)])
    assert fault(terminate_timeout=0) == fault(terminate_timeout="infinity") == "ok"


@pytest.mark.parametrize("type_", [True, 1, ["worker"], b"worker"])
def test_a_type_is_an_atom(type_):
    assert fault(type=type_) == ("type_type", [("type", type_)])
