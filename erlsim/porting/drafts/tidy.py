"""The last touch on forms: what a reader would put more shortly, and is the same."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from erlsim.porting.drafts.forms import Catch, Clause, Form, If, Match, Receive, Try, Var


def tidied(form: Any) -> Any:
    """A form with all bodies in it: `X = f(), X` at the end of one is `f()`."""
    if isinstance(form, tuple):
        return tuple(map(tidied, form))
    if not isinstance(form, Form) or isinstance(form, Var):
        return form
    changed: Any = replace(form, **{each.name: tidied(getattr(form, each.name)) for each in fields(form)})  # type: ignore[type-var,arg-type]
    match changed:
        case Clause() | Catch():
            return replace(changed, body=_body(changed.body))
        case Try():
            return replace(changed, body=_body(changed.body))
        case If():
            branches = tuple((test, _body(body)) for test, body in changed.branches)
            return If(branches, _body(changed.otherwise))
        case Receive(after=(time, body)):
            return replace(changed, after=(time, _body(body)))
    return changed


def _body(body: tuple[Form, ...]) -> tuple[Form, ...]:
    match body:
        case [*before, Match(pattern=Var() as var, value=value), last] if var is last:
            return (*before, value)
    return body
