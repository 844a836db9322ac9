"""Whoever catches everything lets through what ends the run: `errors.pass_on` says what that is.

A handler of `Exception`, of `BaseException` or of anything at all begins with a call of `pass_on`, or of what stands
for it in its file.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.files import Source

ALL = ("Exception", "BaseException")
RULE = "pass_on"
# What asks the rule itself, and raises again.
INSTEAD = {
    ("erlsim/_kernel/lifecycle.py", "crash"),
    ("erlsim/_kernel/scheduler.py", "crash"),
    ("erlsim/_kernel/scheduler.py", "note_interrupt"),
    ("erlsim/_kernel/steps/stepper.py", "_keep"),
    ("erlsim/_kernel/steps/stepper.py", "crash"),
    ("erlsim/_kernel/shell.py", "note_interrupt"),
    ("erlsim/testing/runs.py", "refuse_verdict"),
    ("erlsim/testing/search/simulated.py", "refuse_verdict"),
}
# Where no process and no test runs.
ELSEWHERE = {
    ("erlsim/course/answers.py", "_tried"): "tells whoever has written a solution what it has ended with",
    ("erlsim/playing/again.py", "run"): "keeps what a run has ended with, for whoever looks at it",
    ("erlsim/playing/again.py", "_go_on"): "keeps what a run has ended with, for whoever looks at it",
    ("erlsim/cli/words.py", "failures_in_words"): "tells of a script that has ended",
    ("erlsim/lab/mutation/telling/playing.py", "play"): "notes how a test has ended, of which nobody thinks anything",
}


def check(source: Source) -> list[str]:
    """Complaints about one file of the library."""
    return [source.at(node, complaint) for node, complaint in _check(source)]


def _check(source: Source) -> Iterator[tuple[ast.AST, str]]:
    for function, node in source.nodes_in_functions:
        if isinstance(node, ast.ExceptHandler) and _catches_all(node.type) and not _asks(source.path, node):
            if (source.path, function) not in ELSEWHERE:
                yield node, f"catches all and does not begin with {RULE}(...): a test's verdict ends here"
        elif isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "suppress":
            if any(_catches_all(each) for each in node.args):
                yield node, "suppresses all, a test's verdict as well"


def _catches_all(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(_catches_all(each) for each in caught.elts)
    return caught is None or ast.unparse(caught) in ALL


def _asks(path: str, handler: ast.ExceptHandler) -> bool:
    match handler.body[0]:
        case ast.Expr(value=ast.Call(func=ast.Name(id=called), args=[*_, ast.Name(id=given)])):
            return given == handler.name and (called == RULE or (path, called) in INSTEAD)
    return False
