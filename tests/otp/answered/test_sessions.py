"""Sessions of calls are answered as an Erlang answered them: see `tests.otp.answered`."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import terms
from erlsim.erl import load
from erlsim.erl.library import External
from tests.otp.answered.sessions import AREAS, PROGRAM, sessions

SESSIONS = {f"{area.stem}: {each.title}": each for area in AREAS for each in sessions(area)}


def callable_(term):
    """A term whose funs are those that compiled code has."""
    if type(term) is terms.ExportedFun:
        return External(term.module, term.name, term.arity)
    if type(term) is dict:
        return {callable_(key): callable_(value) for key, value in term.items()}
    return type(term)(map(callable_, term)) if type(term) in (list, tuple) else term


@pytest.mark.parametrize("session", SESSIONS.values(), ids=SESSIONS)
def test_a_session_is_answered_as_on_otp(session):
    program = load(PROGRAM)

    async def main():
        erlsim.otp.net_kernel.start(["recorder", "shortnames"])
        told = []
        for call in session.terms():
            told.append(terms.format("~ts ~0tp", list(await program.told(*map(callable_, terms.parse(call))))))
        return told

    told = erlsim.run(main, reports=False, trace=False)
    assert list(zip(session.calls, told, strict=True)) == list(zip(session.calls, session.answers, strict=True))
