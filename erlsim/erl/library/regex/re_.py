"""The module `re`: PCRE's expressions, matched by Python's `re`.

Indices are those of bytes, as OTP's. A compiled expression is a term that says what it was compiled from.
"""

from __future__ import annotations

from erlsim import terms
from erlsim.erl.library.regex import matching
from erlsim.erl.library.regex.expressions import Unfit, compiled, data_of, expression_of, is_compiled, settings_of
from erlsim.erl.library.regex.reader import Wrong
from erlsim.erl.library.regex.replacing import BadReplacement, parts_of, replaced
from erlsim.erl.library.regex.splitting import Split
from erlsim.erl.library.text import unicode
from erlsim.erl.running.cells import listed, outward
from erlsim.erl.running.failures import Failed, bif_failed
from erlsim.errors import Error
from erlsim.terms import ABSENT, Term

__in_stacks__ = False

_VERSION = b"8.44 2020-02-12"


def _badarg(function: str, *args: Term) -> Failed:
    return bif_failed("badarg", "re", function, [each for each in args if each is not ABSENT])


def version() -> bytes:
    """`version/0`: of the PCRE whose expressions are understood."""
    return _VERSION


# DIVERGES(otp): no limit ends a match that tries too much: where PCRE gives up and says nomatch, here it goes on.
def compile_(pattern: Term, options: Term = ABSENT) -> Term:
    """`compile/1,2`: `{ok, Expression}` or `{error, {Words, Position}}`."""
    try:
        settings = settings_of([] if options is ABSENT else options)
        return ("ok", compiled(data_of(pattern, settings.unicode), settings).term())
    except Wrong as wrong:
        return ("error", (terms.chars(wrong.words), wrong.place))
    except Unfit:
        raise _badarg("compile", pattern, options) from None


def inspect(pattern: Term, item: Term) -> Term:
    """`inspect/2`: `{namelist, Names}`."""
    try:
        if item != "namelist":
            raise Unfit
        return ("namelist", [name.encode() for name in sorted(expression_of(pattern).names)])
    except Unfit:
        raise _badarg("inspect", pattern, item) from None


def run(subject: Term, pattern: Term, options: Term = ABSENT) -> Term:
    """`run/2,3`."""
    try:
        return matching.run(subject, matching.Run.of(pattern, [] if options is ABSENT else options))
    except Wrong as wrong:
        if wrong.is_told:
            return ("error", ("compile", (terms.chars(wrong.words), wrong.place)))
        raise _badarg("run", subject, pattern, options) from None
    except Unfit:
        raise _badarg("run", subject, pattern, options) from None
    except matching.BadOffset:
        raise Error("internal_error") from None


def _is_unicode(pattern: Term, options: list[Term]) -> bool:
    return bool(pattern[2]) if is_compiled(pattern) else "unicode" in options


def _converted(given: Term, as_unicode: bool) -> bytes:
    if type(given) is bytes:
        return given
    return data_of(given, as_unicode)


def replace(subject: Term, pattern: Term, replacement: Term, options: Term = ABSENT) -> Term:
    """`replace/3,4`."""
    try:
        wanted, kind = _replacing([] if options is ABSENT else options)
        as_unicode = _is_unicode(pattern, wanted)
        data, new = _converted(subject, as_unicode), _converted(replacement, as_unicode)
        rows = matching.spans(data, matching.Run.of(pattern, wanted))
        found = replaced(data, parts_of(new), rows) if rows else subject
    except (Wrong, Unfit, matching.BadOffset):
        raise _badarg("replace", subject, pattern, replacement, options) from None
    except BadReplacement as bad:
        raise Error(("badmatch", bad.value)) from None
    if kind == "iodata":
        return found
    if kind == "binary":
        return unicode.characters_to_binary(found) if as_unicode else _converted(found, False)
    return unicode.characters_to_list(found) if as_unicode else list(_converted(found, False))


def _replacing(options: Term) -> tuple[list[Term], str]:
    """The options of `run/3` among those of `replace/4`, and what is to be given back."""
    given = listed(options)
    if given is None:
        raise Unfit
    wanted, kind = [], "iodata"
    for option in map(outward, given):
        tag = option[0] if type(option) is tuple and option else option
        if tag == "return" and len(option) == 2 and option[1] in ("iodata", "list", "binary"):
            kind = option[1]
        elif tag in ("report_errors", "capture", "return"):
            raise Unfit
        else:
            wanted.append(option)
    return wanted, kind


def split(subject: Term, pattern: Term, options: Term = ABSENT) -> list[Term]:
    """`split/2,3`."""
    try:
        wanted = Split.of([] if options is ABSENT else options)
        as_unicode = _is_unicode(pattern, wanted.of_run)
        data = _converted(subject, as_unicode)
        run = matching.Run.of(pattern, [*wanted.of_run, "global"])
        return wanted.parts(data, matching.spans(data, run), run.expression.groups, as_unicode)
    except (Wrong, Unfit):
        raise _badarg("split", subject, pattern, options) from None
