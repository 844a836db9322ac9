"""`make oracle`, the part about sources: every source of an OTP that is here, read by it and by erlsim.

The forms have to be the same: every node, line, column and note. Prints how many files and forms are, and how many
lines erlsim reads in a second.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click

from erlsim.erl import reading
from erlsim.porting.scenarios.beam import etf

DUMP = """\
#!/usr/bin/env escript
main([Out | Files]) ->
    {ok, Fd} = file:open(Out, [write, raw, binary]),
    [ok = file:write(Fd, packet(term_to_binary(forms(F)))) || F <- Files],
    ok = file:close(Fd).

forms(File) ->
    Include = filename:join([filename:dirname(File), "..", "include"]),
    {ok, Forms} = epp:parse_file(File, [{includes, [Include]}, {location, {1, 1}}]),
    Forms.

packet(Binary) -> [<<(byte_size(Binary)):32>>, Binary].
"""
LIBRARIES = "io:put_chars(code:lib_dir()), halt()."


def libraries():
    """Where the applications of the OTP on the PATH lie."""
    run = subprocess.run(["erl", "-noshell", "-eval", LIBRARIES], capture_output=True, check=True, encoding="utf-8")
    return Path(run.stdout)


def recorded(files):
    """The forms that a real Erlang reads in each of some files."""
    with tempfile.TemporaryDirectory() as directory:
        script, out = Path(directory) / "dump.escript", Path(directory) / "forms"
        script.write_text(DUMP, encoding="utf-8")
        subprocess.run(["escript", str(script), str(out), *map(str, files)], check=True)
        data = out.read_bytes()
    while data:
        size = int.from_bytes(data[:4], "big")
        yield etf.decode(data[4 : 4 + size])
        data = data[4 + size :]


def plain(node):
    """A form in which what is written differently and means the same is alike: errors of erl_parse come in pieces."""
    match node:
        case (("error" | "warning") as kind, (location, "erl_parse", [*parts])):
            return kind, (location, "erl_parse", "".join("".join(map(chr, part)) for part in parts))
    return node


def compare(files, home):
    """Counts, and the files that differ."""
    same = total = lines = 0
    seconds = 0.0
    different = []
    for path, theirs in zip(files, recorded(files), strict=True):
        places = reading.Places([os.path.join(path.parent, "..", "include")], [str(home)])
        start = time.process_time()
        ours = reading.parse_file(str(path), places=places)
        seconds += time.process_time() - start
        lines += path.read_bytes().count(b"\n")
        alike = [mine == plain(other) for mine, other in zip(reading.with_terms(ours), theirs, strict=False)]
        same += sum(alike)
        total += len(theirs)
        if len(ours) != len(theirs) or not all(alike):
            different.append(path)
    return same, total, lines / seconds, different


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--application", "names", multiple=True, default=("stdlib", "kernel"), show_default=True)
def main(names: tuple[str, ...]) -> None:
    """Read the sources of OTP's applications with a real `erl` and with erlsim, and compare the forms."""
    if shutil.which("erl") is None or shutil.which("escript") is None:
        raise click.ClickException("there is no `erl` and `escript` on the PATH to ask (Debian: erlang-base)")
    home = libraries()
    files = [each for name in names for each in sorted(home.glob(f"{name}-*/src/**/*.erl"))]
    if not files:
        raise click.ClickException(f"the OTP in {home} has no sources of {', '.join(names)} (Debian: erlang-src)")
    same, total, speed, different = compare(files, home)
    click.echo(f"reading {len(files) - len(different)}/{len(files)} files, {same}/{total} forms, {speed:,.0f} lines/s")
    for path in different:
        click.echo(f"  {path.relative_to(home)}: differs")
    sys.exit(bool(different))


if __name__ == "__main__":
    main()
