"""The module `filelib`, in part: what there is, and names by patterns."""

from __future__ import annotations

import re
from typing import Any

from erlsim.erl.library.files.names import wide
from erlsim.erl.library.files.places import Directory, File, Places, Refusal, current, datetime_of, named
from erlsim.erl.library.regex.re_ import run
from erlsim.erl.library.registry import applying
from erlsim.terms import ABSENT, Term, chars

__in_stacks__ = False


def _node(name: Term) -> File | Directory | None:
    try:
        return current().find(named(name))
    except Refusal:
        return None


def is_file(name: Term) -> bool:
    """`is_file/1`: a file or a directory."""
    return _node(name) is not None


def is_regular(name: Term) -> bool:
    """`is_regular/1`."""
    return isinstance(_node(name), File)


def is_dir(name: Term) -> bool:
    """`is_dir/1`."""
    return isinstance(_node(name), Directory)


def file_size(name: Term) -> int:
    """`file_size/1`: 0 if there is none."""
    node = _node(name)
    return len(node.data) if isinstance(node, File) else 0 if node is None else 4096


def last_modified(name: Term) -> Term:
    """`last_modified/1`: 0 if there is none."""
    node = _node(name)
    return 0 if node is None else datetime_of(node.changed)


def ensure_dir(name: Term) -> Term:
    """`ensure_dir/1`: the directories above a name."""
    return _ensured(named(name).rstrip("/").rpartition("/")[0])


def ensure_path(name: Term) -> Term:
    """`ensure_path/1`: a directory and those above."""
    return _ensured(named(name))


def _ensured(path: str) -> Term:
    places = current()
    names = places.absolute(path) if path else []
    for count in range(1, len(names) + 1):
        try:
            places.make_directory("/" + "/".join(names[:count]))
        except Refusal as refusal:
            if refusal.reason != "eexist":
                return ("error", refusal.reason)
    try:
        if path:
            places.directory(path)
    except Refusal:
        return ("error", "eexist")
    return "ok"


def wildcard(pattern: Term, directory: Term = ABSENT) -> list[Term]:
    """`wildcard/1,2`: `*`, `**`, `?`, `[...]` and `{...}` in the parts of a name, sorted."""
    text = wide(pattern)
    start = "" if directory is ABSENT else wide(directory)
    places = current()
    found: list[str] = []
    for each in _braces(text):
        parts = [part for part in each.split("/") if part]
        root = "/" if each.startswith("/") else ""
        found += _matching(places, start, root, parts)
    return [chars(each) for each in sorted(dict.fromkeys(found))]


def _braces(text: str) -> list[str]:
    """The alternatives of `{a,b}` written out."""
    match = re.search(r"\{([^{}]*)\}", text)
    if match is None:
        return [text]
    return [
        each for choice in match[1].split(",") for each in _braces(text[: match.start()] + choice + text[match.end() :])
    ]


def _matching(places: Places, start: str, prefix: str, parts: list[str]) -> list[str]:
    if not parts:
        return [prefix]
    part, rest = parts[0], parts[1:]
    path = prefix if prefix.startswith("/") else "/".join(each for each in (start, prefix) if each) or "."
    try:
        node: Any = places.find(path)
    except Refusal:
        return []
    if not isinstance(node, Directory):
        return []
    if part == "**":
        below = [_under(prefix, name) for name, each in node.entries.items() if isinstance(each, Directory)]
        deeper = [found for name in below for found in _matching(places, start, name, parts)]
        here = _matching(places, start, prefix, rest) if rest else [_under(prefix, name) for name in node.entries]
        return here + deeper
    if not re.search(r"[*?\[\\]", part):
        names = [part] if part in (".", "..") or part in node.entries else []
    else:
        expression = re.compile(_expression(part), re.DOTALL)
        names = [name for name in node.entries if expression.fullmatch(name)]
    return [found for name in names for found in _matching(places, start, _under(prefix, name), rest)]


def _under(prefix: str, name: str) -> str:
    return f"{prefix}{name}" if prefix in ("", "/") else f"{prefix}/{name}"


def _expression(part: str) -> str:
    found = re.sub(r"\\(.)|(\*+)|(\?)|(\[[^\]]+\])|(.)", _translated, part)
    return found


def _translated(match: re.Match[str]) -> str:
    if match[2]:
        return ".*"
    if match[3]:
        return "."
    if match[4]:
        return "[" + match[4][1:-1].replace("\\", "\\\\").replace("^", "\\^") + "]"
    return re.escape(match[1] or match[5])


@applying(3)
def fold_files(directory: Term, expression: Term, recursive: Term, function: Term, start: Term) -> Any:
    """`fold_files/5`: over the files whose names match an expression."""
    found = start
    for path in _below(named(directory), recursive is True):
        base = path.rpartition("/")[2]
        if run(chars(base), expression, [("capture", "none")]) == "match":
            found = yield function, chars(path), found
    return found


def _below(path: str, recursive: bool) -> list[str]:
    try:
        entries = current().directory(path).entries
    except Refusal:
        return []
    found = []
    for name in sorted(entries):
        if isinstance(entries[name], File):
            found.append(_under(path, name))
        elif recursive:
            found += _below(_under(path, name), recursive)
    return found
