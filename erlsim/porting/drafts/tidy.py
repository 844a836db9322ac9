"""The last touch on forms: what a reader would put more shortly, and is the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from erlsim.porting.drafts.forms import Catch, Clause, Form, If, Match, Receive, Try, Var, rebuilt


def tidied(form: Any) -> Any:
    """A form with all bodies in it: `X = f(), X` at the end of one is `f()`."""
    return rebuilt(form, _tidied)


def _tidied(form: Form) -> Form:
    match form:
        case Clause() | Catch() | Try():
            return replace(form, body=_body(form.body))
        case If():
            branches = tuple((test, _body(body)) for test, body in form.branches)
            return If(branches, _body(form.otherwise))
        case Receive(after=(time, body)):
            return replace(form, after=(time, _body(body)))
    return form


def _body(body: tuple[Form, ...]) -> tuple[Form, ...]:
    match body:
        case [*before, Match(pattern=Var() as var, value=value), last] if var is last:
            return (*before, value)
    return body
