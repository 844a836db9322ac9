"""Why functions of ETS have failed. Mirrors the part on `ets` of `erl_stdlib_errors:format_error/2`.

`cause` is what ETS itself tells: about its first argument (`type`, `id`, `access`, `table_type`), or about others
(`badkey`, `keypos`, `position`, `already_exists`, `owner`, `not_owner`).
"""

from __future__ import annotations

from typing import Any

from erlsim.explanations import checks
from erlsim.explanations.checks import NOT_INTEGER, NOT_TUPLE, RANGE
from erlsim.explanations.processes import Explainer
from erlsim.terms import Improper, Pid, Ref, Term

_OF_TABLE = {
    "id": "the table identifier does not refer to an existing ETS table",
    "access": "the table identifier refers to an ETS table with insufficient access rights",
    "table_type": "the table identifier refers to an ETS table of a type not supported by this operation",
}
BAD_CONTINUATION = "invalid continuation"
BAD_KEY = "not a key that exists in the table"
BAD_NAME = "invalid table name (must be an atom)"
BAD_OPTIONS = "invalid options"
BAD_SPEC = "not a valid match specification"
_BAD_OPERATION = "not a valid update operation"
_EMPTY = "is an empty tuple"
_KEYPOS = "the position is the same as the key position"


def of_table(args: list[Any], cause: Term) -> str:
    """What is wrong with the first argument."""
    if cause == "type":
        return "not a valid table identifier" if type(args[0]) is Ref else "not an atom or a table identifier"
    return _OF_TABLE.get(cause, "")


def only_table(args: list[Any], cause: Term) -> list[str]:
    """Of most functions nothing but the table can be wrong."""
    return [of_table(args, cause)]


def or_second(words: str) -> Explainer:
    """The table, or else the second argument."""

    def explain(args: list[Any], cause: Term) -> list[str]:
        wrong = of_table(args, cause)
        return [wrong] if wrong else ["", words]

    return explain


def continuation(args: list[Any], cause: Term) -> list[str]:
    """A function that goes on where another one has stopped."""
    return [BAD_CONTINUATION]


def _row(row: Term) -> str:
    if type(row) is not tuple:
        return NOT_TUPLE
    return "" if row else _EMPTY


def delete_object(args: list[Any], cause: Term) -> list[str]:
    """`delete_object/2`."""
    return [of_table(args, cause), _row(args[1])]


def insert(args: list[Any], cause: Term) -> list[str]:
    """`insert/2`, `insert_new/2`."""
    rows = args[1]
    if type(rows) is not list and type(rows) is not Improper:
        return [of_table(args, cause), _row(rows)]
    fit = type(rows) is list and all(type(each) is tuple and each for each in rows)
    return [of_table(args, cause), "" if fit else "not a non-empty tuple or a list of non-empty tuples"]


def give_away(args: list[Any], cause: Term) -> list[str]:
    """`give_away/3`."""
    wrong = of_table(args, cause)
    if cause == "owner":
        return [wrong, "the process is already the owner of the table"]
    if cause == "not_owner":
        return [wrong, "the current process is not the owner"]
    if type(args[1]) is not Pid:
        return [wrong, checks.NOT_PID]
    return [wrong, "" if wrong else "the pid refers to a terminated process"]


def _count(number: Term) -> str:
    if type(number) is not int:
        return NOT_INTEGER
    return RANGE if number < 1 else ""


def lookup_element(args: list[Any], cause: Term) -> list[str]:
    """`lookup_element/3`."""
    wrong, position = of_table(args, cause), _count(args[2])
    if cause == "badkey":
        return [wrong, BAD_KEY, position]
    if not wrong and not position:
        position = "position is greater than the size of the object"
    return [wrong, "", position]


def limited(args: list[Any], cause: Term) -> list[str]:
    """`match/3` and its kin: a pattern and a limit."""
    return [of_table(args, cause), "", _count(args[2])]


def limited_select(args: list[Any], cause: Term) -> list[str]:
    """`select/3` and its kin: a match specification and a limit."""
    from erlsim.errors import Error
    from erlsim.ets import is_compiled_ms, match_spec_compile

    table, _, limit = limited(args, cause)
    spec = ""
    if not is_compiled_ms(args[1]):
        try:
            match_spec_compile(args[1])
        except Error:
            spec = BAD_SPEC
    return [table, spec, limit]


def new(args: list[Any], cause: Term) -> list[str]:
    """`new/2`."""
    wrong = [checks.atom(args[0]), checks.plain_list(args[1])]
    if any(wrong):
        return wrong
    return ["table name already exists"] if cause == "already_exists" else ["", BAD_OPTIONS]


def rename(args: list[Any], cause: Term) -> list[str]:
    """`rename/2`."""
    wrong = [of_table(args, cause), "" if checks.is_atom(args[1]) else BAD_NAME]
    return wrong if any(wrong) else ["", "table name already exists"]


def _is_operation(operation: Term) -> bool:
    if type(operation) is tuple:
        return len(operation) in (2, 4) and all(type(each) is int for each in operation)
    return type(operation) is int


def _operation(operation: Term) -> str:
    many = operation if type(operation) is list else [operation]
    return "" if all(map(_is_operation, many)) else _BAD_OPERATION


def update_counter(args: list[Any], cause: Term) -> list[str]:
    """`update_counter/3,4`."""
    wrong, operation = of_table(args, cause), _operation(args[2])
    if len(args) == 4:
        return [wrong] if wrong else _update_or_insert(args, cause, operation)
    if cause == "badkey":
        return [wrong, BAD_KEY, operation]
    if cause == "keypos":
        return [wrong, "", _KEYPOS]
    if cause == "position":
        return [wrong, "", "the position in the update operation is out of range"]
    if cause is None or cause == "none":
        operation = operation or "the value in the given position, in the object, is not an integer"
    return [wrong, "", operation]


def _update_or_insert(args: list[Any], cause: Term, operation: str) -> list[str]:
    default = _row(args[3])
    if cause == "badkey":
        return ["", BAD_KEY, operation, default]
    if cause == "keypos":
        return ["", "", _KEYPOS, default]
    if cause == "position":
        return ["", "", "the position in the update operation is out of range"]
    if not operation and not default:
        return ["", "", "the value in the given position, in the object, is not an integer"]
    return ["", "", operation, default]


def update_element(args: list[Any], cause: Term) -> list[str]:
    """`update_element/3`."""
    wrong = of_table(args, cause)
    if cause == "keypos":
        return [wrong, "", _KEYPOS]
    changes = args[2] if type(args[2]) is list else [args[2]]
    fit = all(type(each) is tuple and len(each) == 2 and type(each[0]) is int and each[0] > 0 for each in changes)
    if not fit:
        return [wrong, "", "is not a valid element specification"]
    return [wrong, "", "" if wrong else RANGE]


EXPLAIN: dict[tuple[str, int], Explainer] = {
    ("delete_object", 2): delete_object,
    ("give_away", 3): give_away,
    ("info", 2): or_second("not a valid info item"),
    ("insert", 2): insert,
    ("insert_new", 2): insert,
    ("internal_select_delete", 2): or_second(BAD_SPEC),
    ("lookup_element", 3): lookup_element,
    **{(name, 1): continuation for name in ("match", "match_object", "select", "select_reverse")},
    **{(name, 3): limited for name in ("match", "match_object")},
    ("match_spec_compile", 1): lambda args, cause: [BAD_SPEC],
    ("new", 2): new,
    **{(name, 2): or_second(BAD_KEY) for name in ("next", "prev")},
    ("rename", 2): rename,
    ("safe_fixtable", 2): or_second("not a boolean value"),
    **{(name, 2): or_second(BAD_SPEC) for name in ("select", "select_count", "select_replace", "select_reverse")},
    **{(name, 3): limited_select for name in ("select", "select_reverse")},
    ("setopts", 2): or_second(BAD_OPTIONS),
    ("slot", 2): or_second(RANGE),
    **{("update_counter", arity): update_counter for arity in (3, 4)},
    ("update_element", 3): update_element,
    ("whereis", 1): lambda args, cause: [BAD_NAME],
}
