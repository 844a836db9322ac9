"""The tutorial in Erlang is played from its beginning: modules, the shell's session, commands, Python.

A block `erlang` is a module, which is written into a folder; `erl` are lines for the Erlang shell there, one shell for
the whole page; `$ erlsim ...` is a command, `pycon` a session of Python. `python -m tests.docs.test_erlang_tutorial`
writes the page's outputs anew.
"""

from __future__ import annotations

import os
import re
import shlex
import tempfile
from pathlib import Path

from click.testing import CliRunner

from erlsim import code
from erlsim._kernel import thread
from erlsim.cli import main
from erlsim.erl.shell import Session
from tests.docs import sessions

PAGE = Path(__file__).parents[2] / "docs" / "tutorial" / "erlang.md"
BLOCK = re.compile(r"^```(erlang|erl|text|pycon)\n(.*?)^```$", flags=re.M | re.S)
PROMPT = re.compile(r"^(?:\d+> |\s*\.\. )(.*)$", flags=re.M)

# Lines of our own files in stacks.
OURS = re.compile(r'(?<=\.py"},\{line,)\d+|(?<=\.py, line )\d+')


class Player:
    """What has run on the page so far."""

    def __init__(self, folder):
        self.folder = folder
        self.shell = Session(folder=folder)
        self.shell.sim.reports.print = True
        self.python = sessions.Session()

    def block(self, found):
        """A block with what comes of it now."""
        kind, text = found[1], found[2]
        return f"```{kind}\n{getattr(self, kind)(text)}```"

    def erlang(self, text):
        name = re.match(r"-module\((\w+)\)", text)[1]
        (self.folder / f"{name}.erl").write_text(text, encoding="utf-8")
        return text

    def erl(self, text):
        lines = []
        for line in PROMPT.findall(text):
            prompt = self.shell.prompt
            said, printed = sessions.printed(lambda line=line: self.shell.enter(line))
            lines += [prompt + line, *printed, *said]
        return "".join(f"{line}\n" for line in lines)

    def text(self, text):
        command = text.splitlines()[0]
        result = CliRunner().invoke(main, shlex.split(command.removeprefix("$ erlsim ")))
        return f"{command}\n{result.stdout}"

    def pycon(self, text):
        return self.python.played(text)


def played():
    """The page with fresh outputs."""
    before, world, here = {name: list(found) for name, found in code._declared.items()}, thread.world, Path.cwd()
    code._declared.clear()
    thread.world = None
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            return BLOCK.sub(Player(Path(folder)).block, PAGE.read_text(encoding="utf-8"))
        finally:
            os.chdir(here)
            thread.world = world
            code._declared.clear()
            code._declared.update(before)


def test_the_tutorial_in_erlang_shows_what_comes_out():
    assert OURS.sub("_", played()) == OURS.sub("_", PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    PAGE.write_text(played(), encoding="utf-8")
