"""Writes docs/reference/erl-functions.md: which functions of OTP compiled Erlang may call, and which it may not.

`python -m docs._tools.erl_functions` writes the page, `--check` only says whether it is up to date. What OTP 25 exports
is in otp_exports.txt beside this file (record_exports.escript asks an `erl` again); what is there, erlsim says.
"""

from __future__ import annotations

import sys
from pathlib import Path

import erlsim
from docs._tools.written import ROOT, keep
from erlsim.erl.library import find, has, resolve

HERE = Path(__file__).parent
EXPORTS = HERE / "otp_exports.txt"
PAGE = ROOT / "docs" / "reference" / "erl-functions.md"
# Modules whose functions do not do all that OTP's do.
PARTLY = {
    "application": "a permanent application that ends does not take the node with it",
    "file": "the files are in memory and belong to the simulation",
    "io": "prints on the simulation's output; there is no input",
    "rand": "without a seed a process has the same numbers in each run",
    "re": "what Python has no expression for is refused",
    "string": "of lists within lists, what is left comes in one list",
}
INTRODUCTION = """# What Erlang may call

Compiled Erlang calls functions of other sources that are loaded, and of the modules below: those that erlsim has in
the place of OTP's. Anything else is `undef`, with a note that says so. The page is generated: what OTP 25.2.3 exports
beside what is there. Many exports are OTP's own business and in no manual.
"""


def exports() -> dict[str, list[str]]:
    """What OTP exports, `name/arity` by module."""
    lines = EXPORTS.read_text(encoding="utf-8").splitlines()
    return {module: functions for module, *functions in map(str.split, lines)}


def is_there(module: str, function: str) -> bool:
    """Whether compiled Erlang may call `module:name/arity`."""
    name, _, arity = function.rpartition("/")
    if find(module, name, int(arity)) is not None:
        return True
    known = resolve(module)
    return known is not None and has(known, name, int(arity))


def page() -> str:
    """The whole page."""
    with erlsim.Simulation():
        found = {module: [is_there(module, each) for each in functions] for module, functions in exports().items()}
    parts = [INTRODUCTION, "| module | there | exported by OTP | but |", "|---|--:|--:|---|"]
    for module, there in found.items():
        parts.append(f"| [`{module}`](#erl-{module}) | {sum(there)} | {len(there)} | {PARTLY.get(module, '')} |")
    total = sum(map(sum, found.values()))
    parts.append(f"| all | {total} | {sum(map(len, found.values()))} | |")
    for module, functions in exports().items():
        pairs = list(zip(functions, found[module], strict=True))
        parts.append(f"\n(erl-{module})=\n## {module}")
        for title, wanted in (("There", True), ("Not there", False)):
            names = [f"`{function}`" for function, there in pairs if there is wanted]
            if names:
                parts.append(f"\n{title}: {' '.join(names)}")
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.exit(keep("erl_functions", {PAGE: lambda _: page()}))
