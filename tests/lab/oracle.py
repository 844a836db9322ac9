"""`make oracle`, the part about the laboratory: the blast radius of trees of supervisors, on a real Erlang and here.

Each process of each tree of `trees.py` is struck on an `erl` of the PATH. Who falls, who is started again in which
order, and what becomes of the tree has to be the same. `--record` keeps what Erlang answered for the tests that run
where there is none.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import click

from erlsim import terms
from erlsim.lab.blast import blast_radius
from tests.lab.kit import made
from tests.lab.trees import TREES

ERL = Path(__file__).with_name("erl")
RECORDED = Path(__file__).with_name("data") / "blast.terms"


def ours():
    """Of each tree, here: `(victim, reason) -> answer`, and who supervises."""
    return {name: _struck(name, tree) for name, tree in TREES.items()}


def _struck(name, tree):
    found = blast_radius(made(tree))
    supervisors = {place.name for place in found.places if place.is_supervisor}
    answers = {}
    for blast in found:
        # Who traps exits cannot be made to crash from outside.
        if blast.reason != "crash" or not (blast.victim in supervisors or name == "trapping"):
            answers[blast.victim, blast.reason] = answer(blast.fallen, blast.back, blast.outcome, supervisors)
    return answers, supervisors


def answer(fell, back, outcome, supervisors):
    """What has to be the same; a supervisor's pid is older than its children's, and who looks at it sees them first."""
    workers = [name for name in back if name not in supervisors]
    return (list(fell), workers, sorted(set(back) & supervisors), outcome)


def recorded(text):
    """What Erlang answered, in the same shape: by tree, victim and reason."""
    found = {}
    for line in text.splitlines():
        name, victim, reason, (fell, back, outcome) = terms.parse(line.removesuffix("."))
        found.setdefault(name, {})[victim, reason] = (fell, back, outcome)
    return found


def ask(mine):
    """What the Erlang of this machine answers to the same strikes, as text."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["erlc", "-o", folder, *map(str, sorted(ERL.glob("*.erl")))], check=True)
        source, target = Path(folder) / "trees.terms", Path(folder) / "answers.terms"
        rows = [(name, tree, list(mine[name][0])) for name, tree in TREES.items()]
        source.write_text("".join(terms.format("~w.~n", [row]) for row in rows), encoding="utf-8")
        run = f'try lab_blast:main(["{source}", "{target}"]) catch _:Why -> io:format("~p~n", [Why]), halt(1) end.'
        command = ["erl", "+S", "1", "-noshell", "-pa", folder, "-eval", run]
        subprocess.run(command, check=True, timeout=120)
        return target.read_text(encoding="utf-8")


def differences(text, mine):
    """Each strike of which Erlang says something else than erlsim, as a line."""
    theirs = recorded(text)
    for name, (answers, supervisors) in mine.items():
        asked = theirs.get(name, {})
        for key, (fell, back, outcome) in asked.items():
            told = answer(fell, back, outcome, supervisors)
            if told != answers.get(key):
                yield f"{name}, {key}: Erlang {told}, erlsim {answers.get(key)}"
        for key in answers.keys() - asked.keys():
            yield f"{name}, {key}: not asked"


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--record", is_flag=True, help="Keep what Erlang answers.")
def main(record: bool) -> None:
    """Strike the processes of the trees on a real `erl`, and compare erlsim with it."""
    if shutil.which("erl") is None or shutil.which("erlc") is None:
        raise click.ClickException("there is no `erl` and `erlc` on the PATH to ask (Debian: erlang-base, erlang-dev)")
    mine = ours()
    text = ask(mine)
    different = sorted(differences(text, mine))
    strikes = len(text.splitlines())
    click.echo(f"blast radius {strikes - len(different)}/{strikes}")
    for line in different:
        click.echo(f"  {line}")
    if record:
        RECORDED.write_text(text, encoding="utf-8")
    if different:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
