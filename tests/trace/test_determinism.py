"""Pictures and files are the same in every interpreter, byte for byte."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = """
import hashlib
import erlsim
from docs.examples import pictures

sim = erlsim.Simulation()
sim.run(pictures.main)
drawn = (sim.tree(links=True, monitors=True), sim.trace.sequence(), sim.trace.timeline())
texts = [each for picture in drawn for each in (picture.text(), picture.svg(), picture.mermaid())]
texts += [sim.trace.text(), sim.trace.to_jsonl(), sim.trace.to_chrome(), sim.to_html()]
print(*[hashlib.sha256(text.encode()).hexdigest() for text in texts])
"""


def digests(seed):
    env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=env, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


def test_pictures_do_not_depend_on_the_hash_seed():
    first = digests("0")
    assert len(first) == 13
    assert all(len(each) == hashlib.sha256().digest_size * 2 for each in first)
    assert digests("1") == digests("12345") == first
