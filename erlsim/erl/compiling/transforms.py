"""The parse transforms that there are: what a source asks for with `-compile({parse_transform, Name})`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from erlsim.erl.compiling.match_specs import fun2ms_replaced
from erlsim.erl.reading.annotations import Node

Forms = list[Node]


def transformed(forms: Forms) -> Forms:
    """The forms after the transforms that they ask for; one that there is not is passed over."""
    for form in list(forms):
        if form[0] == "attribute" and form[2] == "compile":
            for option in form[3] if type(form[3]) is list else [form[3]]:
                if type(option) is tuple and option[0] == "parse_transform":
                    forms = _TRANSFORMS.get(option[1], _unchanged)(forms)
    return forms


def _unchanged(forms: Forms) -> Forms:
    return forms


def _eunit_autoexport(forms: Forms) -> Forms:
    """Export the functions that are tests, and `test/0`, which runs them."""
    names = [(form[2], form[3]) for form in forms if form[0] == "function"]
    tests = [(name, arity) for name, arity in names if arity == 0 and _is_test(name)]
    added: Forms = []
    place = next((form[1] for form in forms if form[0] == "attribute" and form[2] == "module"), (1, 1))
    if ("test", 0) not in names:
        tests.append(("test", 0))
        module: Any = next(form[3] for form in forms if form[0] == "attribute" and form[2] == "module")
        eunit_test = ("remote", place, ("atom", place, "eunit"), ("atom", place, "test"))
        call = ("call", place, eunit_test, [("atom", place, module)])
        added.append(("function", place, "test", 0, [("clause", place, [], [], [call])]))
    export = ("attribute", place, "export", tests)
    first = next(index for index, form in enumerate(forms) if form[0] == "attribute" and form[2] == "module")
    end = len(forms) - (forms[-1][0] == "eof")
    return [*forms[: first + 1], export, *forms[first + 1 : end], *added, *forms[end:]]


def _is_test(name: Any) -> bool:
    return type(name) is str and name.endswith(("_test", "_test_"))


_TRANSFORMS: dict[Any, Callable[[Forms], Forms]] = {
    "eunit_autoexport": _eunit_autoexport,
    "ms_transform": fun2ms_replaced,
}
