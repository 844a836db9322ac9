"""The tutorial runs, prints what it says, and agrees with the values of director's Erlang documentation.

`python -m tests.director.test_tutorial` writes the outputs in the tutorial anew.
"""

from __future__ import annotations

import ast
import contextlib
import doctest
import inspect
import io
import re
from pathlib import Path

from erlsim import terms

PAGE = Path(__file__).parents[2] / "docs" / "tutorial" / "director.md"
FENCE = re.compile(r"^```(pycon|erlang)\n(.*?)^```$", flags=re.M | re.S)


class Reader:
    """Runs the blocks of the page as one session of a notebook."""

    def __init__(self):
        self.names = {"__name__": "tutorial"}
        self.value = None
        self.printed = ""

    def run(self, source):
        """Run an example; what it prints, the value of an expression included, is in `printed` then."""
        out = io.StringIO()
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        with contextlib.redirect_stdout(out):
            try:
                self.value = self._finish(eval(compile(source, "tutorial", "eval", flags), self.names))
                if self.value is not None:
                    print(repr(self.value))
            except SyntaxError:
                self._finish(eval(compile(source, "tutorial", "exec", flags), self.names))
        self.printed = out.getvalue()

    def _finish(self, result):
        """The shell never waits for anybody outside, so one step runs it to its end."""
        if not inspect.iscoroutine(result):
            return result
        try:
            result.send(None)
        except StopIteration as done:
            return done.value
        raise AssertionError("the shell was suspended")


def readable(text):
    """The term that a text shows, all pids being one."""
    text = re.sub(r"<0\.\d+\.0>", "'$pid'", text)
    return terms.parse(text.replace("fun director:default_plan_element_fun/2", "'$fun'"))


def normal(term):
    """A term as text, all pids being one."""
    return re.sub(r"<0\.\d+\.0>", "'$pid'", terms.format("~w", [term]))


def played():
    """The page with fresh outputs, and pairs of what the Erlang documentation says and what came out."""
    reader, pairs, expected = Reader(), [], []
    parser = doctest.DocTestParser()

    def block(match):
        kind, text = match.groups()
        if kind == "erlang":
            expected.append(readable(text))
            return match.group()
        lines = []
        for example in parser.get_examples(text):
            source = example.source.rstrip("\n").split("\n")
            lines += [">>> " + source[0], *("... " + line if line else "..." for line in source[1:])]
            reader.run(example.source)
            lines += reader.printed.rstrip("\n").split("\n")
        if expected:
            here = readable(reader.printed) if reader.value is None else reader.value
            pairs.append((normal(expected.pop()), normal(here)))
        return "```pycon\n" + "\n".join(line for line in lines if line) + "\n```"

    return FENCE.sub(block, PAGE.read_text(encoding="utf-8")), pairs


def test_the_tutorial_runs_and_prints_what_it_says():
    page, _ = played()
    assert page == PAGE.read_text(encoding="utf-8")


def test_the_values_of_the_erlang_documentation_come_out():
    _, pairs = played()
    assert len(pairs) == 9
    for documented, here in pairs:
        assert documented == here


if __name__ == "__main__":
    PAGE.write_text(played()[0], encoding="utf-8")
