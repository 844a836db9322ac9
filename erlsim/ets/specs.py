"""Match specifications without a table: compile, run, test."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from erlsim.errors import Error, Exit
from erlsim.ets.matching import NOTHING, Program, compile_spec, lint, program_of, reference
from erlsim.ets.options import badarg
from erlsim.terms import Ref, Term, chars, copy

_UNTRANSFORMED = (
    "function called with real fun should be transformed with parse_transform "
    "or called with a fun generated in the shell"
).split()


def values(program: Program, terms: Iterable[Term]) -> list[Term]:
    """What `program` gives for those of `terms` that match, as the caller's own."""
    run = program.run
    return [copy(value) for term in terms if (value := run(term)) is not NOTHING]


def match_spec_compile(spec: Term) -> Ref:
    """A reference for `match_spec_run`; `badarg` for a bad or empty specification. Mirrors the function of `ets`."""
    program = compile_spec(spec, to_keep=True)
    if not program.clauses:
        badarg()
    return reference(program)


def is_compiled_ms(term: Term) -> bool:
    """Whether `term` is what `match_spec_compile` returns. Mirrors `ets:is_compiled_ms/1`."""
    return program_of(term) is not None


def match_spec_run(terms: list[Term], compiled: Ref) -> list[Term]:
    """The values for those of `terms` (any terms) that match, in their order. Mirrors `ets:match_spec_run/2`."""
    program = program_of(compiled)
    if not isinstance(terms, list) or program is None:
        badarg()
    return values(program, terms)


def test_ms(term: Term, spec: Term) -> Term:
    """Try a specification on one term: `("ok", value)`, `("ok", False)` if it does not match.

    For a bad specification `("error", [("error", text), ...])`. Mirrors `ets:test_ms/2`.
    """
    wrong = lint(spec)
    if wrong:
        return ("error", [("error", chars(text)) for text in wrong])
    value = compile_spec(spec).run(term)
    return ("ok", False if value is NOTHING else copy(value))


test_ms.__test__ = False  # type: ignore[attr-defined]  # pytest takes the name for a test's


def fun2ms(fun: Term) -> NoReturn:
    """Not possible: OTP's compiler turns the fun's source into a specification, here the source is Python's.

    Write the specification out, as `[(head, guards, body)]`. Fails as OTP does with a fun that was not transformed:
    `exit` with `badarg` and the reason in words; `function_clause` for what is no fun. Mirrors `ets:fun2ms/1`.
    """
    # DIVERGES(otp): there is no parse transform; match specifications are written out.
    if not callable(fun):
        raise Error("function_clause", [("ets", "fun2ms", [fun], [])])
    raise Exit(("badarg", ("ets", "fun2ms", _UNTRANSFORMED)))
