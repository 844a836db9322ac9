"""`make oracle SUITES=DIR`: OTP's own suites, run by `erlsim test`, and what of them passes.

DIR is a source tree of the release whose `erl` is on the PATH (`lib/stdlib/test` is what is needed of it): nothing of
it is kept here. `data/otp_suites.json` has what was found: of each suite how many cases there are and pass, with
erlsim's modules and with OTP's own, and why each other does not. `python -m tests.erl.otp_suites DIR` runs them again
and fails if a case comes to something else; `--record` writes the counts, and every case that fails without a reason.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click

from tests.golden.otp_modules import BEHAVIOURS

DATA = Path(__file__).parent / "data" / "otp_suites.json"
SUITES = ("supervisor", "gen_statem", "gen_event", "gen_server", "proc_lib", "lists", "maps")
UNKNOWN = "differs"


@dataclass
class Found:
    """What one suite comes to. `failing` has for each case that does not pass the name of its reason."""

    total: int = 0
    passed: int = 0
    passed_on_otp: int | None = None
    failing: dict[str, str] = field(default_factory=dict)


def recorded() -> tuple[dict[str, str], dict[str, Found]]:
    """The reasons by name, and what each suite comes to."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    return data["reasons"], {name: Found(**found) for name, found in data["suites"].items()}


def keep(reasons: dict[str, str], suites: dict[str, Found]) -> None:
    """Write them."""
    data = {"reasons": reasons, "suites": {name: asdict(found) for name, found in suites.items()}}
    DATA.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def outcomes(suite: Path, home: str, instead: tuple[str, ...] = ()) -> dict[str, str]:
    """What `erlsim test` says of each case: passed, failed or skipped."""
    command = [sys.executable, "-m", "erlsim", "test", str(suite), "--otp", home, "--verbose"]
    command += [part for module in instead for part in ("--from-otp", module)]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=False)
    # What a case has printed may stand before the words on it, without a line's end between.
    found = re.findall(rf"{suite.stem}:(\S+) (passed|failed|skipped)", ran.stdout)
    if not found:
        raise click.ClickException(f"erlsim test {suite} says nothing of any case:\n{ran.stdout}{ran.stderr}")
    return dict(found)


def run(name: str, folder: Path, home: str, known: Found) -> Found:
    """Run one suite again, and keep the reasons that are known."""
    suite = folder / "lib" / "stdlib" / "test" / f"{name}_SUITE.erl"
    if not suite.exists():
        raise click.ClickException(f"{str(folder)!r} is no source tree of OTP: it lacks lib/stdlib/test/{suite.name}")
    ours = outcomes(suite, home)
    failing = {case: known.failing.get(case, UNKNOWN) for case, word in ours.items() if word != "passed"}
    theirs = None
    if known.passed_on_otp is not None or name in BEHAVIOURS:
        theirs = list(outcomes(suite, home, BEHAVIOURS).values()).count("passed")
    return Found(len(ours), len(ours) - len(failing), theirs, failing)


def changes(known: Found, now: Found) -> list[str]:
    """What is not as it was recorded."""
    told = [f"{case} does not pass" for case in now.failing if case not in known.failing]
    told += [f"{case} passes: record it" for case in known.failing if case not in now.failing]
    told += [f"{case} has no reason" for case, why in known.failing.items() if why == UNKNOWN]
    for what in ("total", "passed_on_otp"):
        if getattr(now, what) != getattr(known, what):
            told.append(f"{what} was {getattr(known, what)} and is {getattr(now, what)}")
    return told


def installed() -> str:
    """The folder of the OTP whose `erl` is on the PATH."""
    if shutil.which("erl") is None:
        raise click.ClickException("there is no `erl` on the PATH whose sources could be used (Debian: erlang-src)")
    asked = ["erl", "-noshell", "-eval", "io:put_chars(code:root_dir()), halt()."]
    return subprocess.run(asked, capture_output=True, check=True, encoding="utf-8").stdout


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--suite", "only", multiple=True, type=click.Choice(SUITES), help="Only this one; may be given again.")
@click.option("--record", is_flag=True, help="Write what is found.")
def main(folder: Path, only: tuple[str, ...], record: bool) -> None:
    """Run OTP's suites out of FOLDER, a source tree of the release that is installed."""
    home = installed()
    reasons, suites = recorded()
    has_changed = False
    for name in only or SUITES:
        known = suites.get(name, Found())
        now = run(name, folder, home, known)
        own = "" if now.passed_on_otp is None else f", {now.passed_on_otp} on OTP's own modules"
        click.echo(f"OTP's {name}_SUITE: {now.passed} of {now.total}{own}")
        for case, why in now.failing.items():
            click.echo(f"  {case}: {reasons.get(why, why)}")
        for change in changes(known, now):
            has_changed = True
            click.echo(f"  ! {change}")
        suites[name] = now
    if record:
        keep(reasons, suites)
    sys.exit(has_changed and not record)


if __name__ == "__main__":
    main()
