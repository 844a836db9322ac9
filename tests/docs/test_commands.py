"""Pages that show commands show what these print: each block that begins with `$ erlsim`."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from erlsim.cli import main

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "docs" / "how-to" / "compare-a-port.md"]
BLOCK = re.compile(r"^```text\n\$ erlsim (.*)\n((?:.*\n)*?)```$", flags=re.M)
COMMANDS = [(page, *found.groups()) for page in PAGES for found in BLOCK.finditer(page.read_text(encoding="utf-8"))]


def test_the_pages_have_commands():
    assert {page for page, _, _ in COMMANDS} == set(PAGES)


@pytest.mark.parametrize(("page", "command", "output"), COMMANDS, ids=[command[:60] for _, command, _ in COMMANDS])
def test_a_command_prints_what_the_page_shows(page, command, output, monkeypatch):
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(main, shlex.split(command))
    assert result.stdout == output
