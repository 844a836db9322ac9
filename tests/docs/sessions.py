"""Pages that are sessions: their `pycon` blocks are run in order, as one session of a notebook.

What an example shows stands below it, as Python's own prompt shows it; of a traceback there is its first line,
three dots for the frames, and the exception.
"""

from __future__ import annotations

import ast
import contextlib
import doctest
import inspect
import io
import re
import traceback

from erlsim._kernel import thread
from tests.declared import nothing_declared

FENCE = re.compile(r"^```pycon\n(.*?)^```$", flags=re.M | re.S)


class Session:
    """Runs examples; a name that one defines is there for the next."""

    def __init__(self):
        self.names = {"__name__": "session"}

    def run(self, source):
        """Run an example: what it shows."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            try:
                self._run(source)
            except Exception as exc:
                print("Traceback (most recent call last):\n  ...")
                print("".join(traceback.format_exception_only(exc)), end="")
        return out.getvalue()

    def played(self, text):
        """The text of a block with fresh outputs."""
        lines = []
        for example in doctest.DocTestParser().get_examples(text):
            source = example.source.rstrip("\n").split("\n")
            lines += [">>> " + source[0], *("... " + line if line else "..." for line in source[1:])]
            lines += self.run(example.source).rstrip("\n").split("\n")
        return "\n".join(line for line in lines if line) + "\n"

    def _run(self, source):
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        try:
            compiled = compile(source, "session.py", "eval", flags)
        except SyntaxError:
            self._finish(eval(compile(source, "session.py", "exec", flags), self.names))
            return
        value = self._finish(eval(compiled, self.names))
        if value is not None:
            print(repr(value))

    def _finish(self, result):
        """The shell never waits for anybody outside, so one step runs it to its end."""
        if not inspect.iscoroutine(result) or result.cr_frame is None or result.cr_code.co_filename != "session.py":
            return result
        try:
            result.send(None)
        except StopIteration as done:
            return done.value
        raise AssertionError("the shell was suspended")


def printed(act):
    """The value of a function, and the lines that it has printed; those that are empty are left out."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        value = act()
    return value, [line for line in out.getvalue().split("\n") if line]


def played(page):
    """The text of a page with fresh outputs."""
    session = Session()

    def block(match):
        return f"```pycon\n{session.played(match[1])}```"

    world = thread.world
    thread.world = None  # a session begins where there is no simulation yet
    try:
        with nothing_declared():
            return FENCE.sub(block, page.read_text(encoding="utf-8"))
    finally:
        thread.world = world
