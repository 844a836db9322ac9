"""The tutorial's session runs as it is printed."""

import ast
import builtins
import contextlib
import doctest
import io
import re
from pathlib import Path

import pytest

import erlsim

PAGE = Path(__file__).parents[2] / "docs" / "tutorial" / "gen_tracker.md"
PID = re.compile(r"<0\.\d+\.\d+>")
BLOCK = re.compile(r"```pycon\n(.*?)```", re.DOTALL)


def examples():
    session = "\n".join(BLOCK.findall(PAGE.read_text(encoding="utf-8")))
    return doctest.DocTestParser().get_examples(session)


def said(source, names):
    """What the prompt prints for some source with `await` outside of functions."""
    compiled = compile(source, "<tutorial>", "single", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            value = eval(compiled, names)
            if value is not None:
                with pytest.raises(StopIteration):
                    value.send(None)
        except erlsim.ErlangException as failure:
            print(f"Traceback (most recent call last):\n{type(failure).__module__}.{type(failure).__name__}: {failure}")
    return printed.getvalue()


@pytest.fixture
def prompt():
    """What a session changes: the simulation of the thread, the prompt's last value."""
    with erlsim.Simulation():
        # Whatever becomes current inside, what was current outside is so again afterwards.
        yield {"__name__": "session"}
    builtins.__dict__.pop("_", None)


def numbered(texts):
    """The texts with pids told apart, but not by their numbers: these depend on what else the world is made of."""
    numbers = {}
    return [PID.sub(lambda pid: f"<{numbers.setdefault(pid[0], len(numbers))}>", text) for text in texts]


def test_the_session_of_the_tutorial_runs_as_it_is_printed(prompt):
    session = examples()
    got = numbered(said(example.source, prompt) for example in session)
    want = numbered(example.want for example in session)
    wrong = [(example.source, *pair) for example, *pair in zip(session, want, got, strict=True) if pair[0] != pair[1]]
    assert wrong == []
