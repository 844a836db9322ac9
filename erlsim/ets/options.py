"""The options of `ets:new/2` and `ets:setopts/2`, checked; whatever is wrong with them is `badarg`."""

from __future__ import annotations

from typing import NoReturn

from erlsim import hints
from erlsim.errors import Error
from erlsim.terms import Pid, Term, matchable

TYPES = frozenset(("set", "ordered_set", "bag", "duplicate_bag"))
PROTECTIONS = frozenset(("public", "protected", "private"))
LARGEST_POSITION = (1 << 59) - 1


def badarg(cause: Term = None) -> NoReturn:
    """`error:badarg`: what every function of ETS answers to arguments that it cannot take; `cause` as OTP tells it."""
    raise Error.known("badarg", cause=cause)


class Options:
    """What a table is made with; of an option given twice the last one counts."""

    def __init__(self) -> None:
        self.type = "set"
        self.protection = "protected"
        self.named_table = False
        self.keypos = 1
        self.heir: Pid | None = None
        self.heir_data: Term = None
        self.compressed = False
        self.write_concurrency: Term = False
        self.read_concurrency = False
        self.decentralized_counters: bool | None = None

    def complete(self) -> None:
        """Fill in what follows from the rest: a private table has no use for concurrent writers."""
        if self.protection == "private":
            self.write_concurrency = False
        if self.write_concurrency is False:
            self.decentralized_counters = False
        elif self.decentralized_counters is None:
            self.decentralized_counters = self.type == "ordered_set" or self.write_concurrency == "auto"


def parse(options: Term) -> Options:
    """The options of a new table, from the list that `ets:new/2` takes."""
    parsed = Options()
    if isinstance(options, str):
        raise hints.badarg(f"the options are a list: [{options!r}]")
    for option in _proper(options):
        if isinstance(option, tuple):
            _pair(option, parsed)
        elif not isinstance(option, str):
            badarg()
        elif option in TYPES:
            parsed.type = option
        elif option in PROTECTIONS:
            parsed.protection = option
        elif option in ("named_table", "compressed"):
            setattr(parsed, option, True)
        else:
            badarg()
    parsed.complete()
    return parsed


def _pair(option: tuple[Term, ...], parsed: Options) -> None:
    match matchable(option):
        case ("keypos", int() as position) if is_position(position):
            parsed.keypos = position
        case ("heir", *_):
            parsed.heir, parsed.heir_data = heir_of(option)
        case ("write_concurrency", bool() | "auto" as value):
            parsed.write_concurrency = value
        case ("read_concurrency" | "decentralized_counters" as name, bool() as value):
            setattr(parsed, name, value)
        case _:
            badarg()


def is_position(term: Term) -> bool:
    """Whether `term` can be the position of an element: a positive integer, but no bignum."""
    return type(term) is int and 0 < term <= LARGEST_POSITION


def heir_of(option: tuple[Term, ...]) -> tuple[Pid | None, Term]:
    """The heir and its data in `("heir", pid, data)` or `("heir", "none")`."""
    match matchable(option):
        case ("heir", "none"):
            return None, None
        case ("heir", Pid() as heir, data):
            return heir, data
    badarg()


def parse_changes(options: Term) -> dict[str, Term]:
    """What `ets:setopts/2` is to change: `heir` to `(pid, data)`, `protection` to its new value, each at most once."""
    changes: dict[str, Term] = {}
    for option in [options] if isinstance(options, tuple) else _proper(options):
        match matchable(option if isinstance(option, tuple) else ()):
            case ("heir", *_) if "heir" not in changes:
                changes["heir"] = heir_of(option)
            case ("protection", str() as value) if value in PROTECTIONS and "protection" not in changes:
                changes["protection"] = value
            case _:
                badarg()
    return changes


def _proper(term: Term) -> list[Term]:
    if not isinstance(term, list):
        badarg()
    items: list[Term] = term
    return items
