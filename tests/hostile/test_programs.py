"""Random programs go the same way on every Python that is found, under every hash seed, and once more."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from random import SystemRandom

import pytest

from tests.determinism.test_determinism import interpreters
from tests.hostile.kit import EXAMPLES
from tests.hostile.programs import digest

ROOT = Path(__file__).parents[2]
COUNT = EXAMPLES or 30
FIRST = SystemRandom().randrange(10**9) if EXAMPLES else 0


@pytest.fixture(scope="module")
def here():
    """The digests of this process, in which the programs run one after the other."""
    return [f"{number} {digest(number)}" for number in range(FIRST, FIRST + COUNT)]


@pytest.mark.parametrize("python", list(interpreters().values()), ids=list(interpreters()))
def test_random_programs_go_the_same_way_on_every_python(python, here):
    libraries = os.pathsep.join([str(ROOT), sysconfig.get_path("purelib")])
    run = subprocess.run(
        [python, "-X", "utf8", "-B", "-c", f"from tests.hostile.programs import tell; tell({FIRST}, {COUNT})"],
        cwd=ROOT,
        env={"PYTHONPATH": libraries, "PYTHONHASHSEED": "random", "PATH": os.environ.get("PATH", "")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert [line for line, ours in zip(run.stdout.splitlines(), here, strict=True) if line != ours] == []


def test_random_programs_differ_from_one_another(here):
    assert len({line.split()[1] for line in here}) > COUNT // 2


def test_this_is_another_python_if_there_is_one():
    assert sys.executable in interpreters().values()
