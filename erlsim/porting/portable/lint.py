"""The lint: sources in, findings out."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

from erlsim.porting.portable import sources
from erlsim.porting.portable.findings import Finding, checked, rules
from erlsim.porting.portable.looks import constructs
from erlsim.porting.portable.program import Program, drives, ported, program_of
from erlsim.porting.portable.report import Report
from erlsim.porting.portable.sources import Source
from erlsim.porting.portable.walking import walk

# So often the functions are gone through: what one gives, another takes.
ROUNDS = 3


def check(
    target: str | Path,
    *,
    notes: bool = False,
    ignore: Iterable[str] = (),
    select: Iterable[str] = (),
    name: str | None = None,
) -> list[Finding]:
    """What does not port to Erlang in a program: a list of findings, by place; empty if nothing was found.

    `target` is a file, a folder, the dotted name of a package, or Python source: text of more than a line, or any text
    with a `name`, by which findings call it. `notes` tells of what differs for few values only, too. `ignore` and
    `select` name rules. `SyntaxError` for what is no Python, `ErlsimError` for what is not there and for a rule that
    is none.
    """
    is_text = isinstance(target, str) and (name is not None or "\n" in target)
    found = [sources.parsed(str(target), name or "<source>")] if is_text else sources.found(target)
    return check_sources(found, notes=notes, ignore=ignore, select=select)


def check_sources(
    found: list[Source], *, notes: bool = False, ignore: Iterable[str] = (), select: Iterable[str] = ()
) -> list[Finding]:
    """The same of sources that are there already, as one program."""
    known = rules()
    unwanted, wanted = checked(list(ignore), known), checked(list(select), known)
    program = program_of(found)
    program.packages |= _packages(found)
    report = Report(known)
    for _ in range(ROUNDS):
        report = Report(known)
        for function in ported(program):
            walk(program, function, report)
    for source in found:
        for node in source.tree.body:
            if isinstance(node, ast.ClassDef) and not drives(source, node):
                constructs.look_at_class(program, source, node, report)
    return [
        each
        for each in report.findings()
        if each.code not in unwanted and (not wanted or each.code in wanted) and (notes or each.level == "warning")
    ]


def _packages(found: list[Source]) -> set[str]:
    """The names by which the files import one another."""
    names: set[str] = set()
    for source in found:
        path = Path(source.name)
        names.add(path.stem)
        names.update(path.parts[:-1])
    return names


__all__ = ["Program", "check", "check_sources"]
