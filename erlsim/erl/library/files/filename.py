"""The module `filename`, as on Unix. A name that came as a binary is given back as one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from erlsim.erl.library.files.names import NoName, like, no_clause, pair, text_of
from erlsim.erl.library.files.places import current
from erlsim.erl.running import operators
from erlsim.erl.running.cells import Cell, is_list, listed
from erlsim.terms import ABSENT, Term

__in_stacks__ = False


def _of_names(function: Callable[..., Term]) -> Callable[..., Term]:
    """A function of names: `function_clause` for what is none."""

    @wraps(function)
    def call(*args: Term) -> Term:
        try:
            return function(*args)
        except NoName:
            raise no_clause(function.__name__.rstrip("_"), *args) from None

    return call


@_of_names
def basename(name: Term, extension: Term = ABSENT) -> Term:
    """`basename/1,2`."""
    if extension is not ABSENT:
        return _basename_without(name, extension)
    text, is_bytes = text_of(name), type(name) is bytes
    if is_bytes:
        parts = [each for each in text.split("/") if each]
        return like(parts[-1] if parts else "", True)
    return like(_last_of(text), False)


def _last_of(text: str) -> str:
    return text.removesuffix("/").rpartition("/")[2]


def _basename_without(name: Term, extension: Term) -> Term:
    if type(name) is bytes and type(extension) is not bytes and not is_list(extension):
        raise NoName
    text, end, is_bytes = text_of(name), text_of(extension), False
    if type(name) is bytes or (type(extension) is bytes and is_list(name)):
        text, end, is_bytes = pair(name, extension)
    if is_bytes:
        parts = [each for each in text.split("/") if each]
        last = parts[-1] if parts else ""
        kept = len(last) - len(end)
        if kept >= 0 and text.endswith(end):
            last = text[len(text) - len(end) - kept : len(text) - len(end)]
        return like(last, True)
    if end and text.endswith(end):
        return like(text[: -len(end)].rpartition("/")[2], False)
    return like(_last_of(text), False)


@_of_names
def dirname(name: Term) -> Term:
    """`dirname/1`."""
    text = text_of(name)
    head, slash, _ = text.rpartition("/")
    if not slash:
        return like(".", type(name) is bytes)
    return like(head.rstrip("/") or "/", type(name) is bytes)


@_of_names
def extension(name: Term) -> Term:
    """`extension/1`: of a file whose name begins with a dot, that dot aside."""
    base = text_of(name).rpartition("/")[2]
    place = base.rfind(".", 1) if base.startswith(".") else base.rfind(".")
    return like(base[place:] if place >= 0 else "", type(name) is bytes)


@_of_names
def rootname(name: Term, extension: Term = ABSENT) -> Term:
    """`rootname/1,2`."""
    if extension is not ABSENT:
        text, end, is_bytes = pair(name, extension)
        root = text[: len(text) - len(end)]
        return like(root if text.endswith(end) and not root.endswith("/") else text, is_bytes)
    text = text_of(name)
    head, slash, base = text.rpartition("/")
    hidden = "." if slash and base.startswith(".") else ""
    base = base[len(hidden) :]
    # Only the last dot counts, and those before it that stand right at the beginning.
    place = base.rfind(".")
    return like(head + slash + hidden + (base[:place] if place >= 0 else base), type(name) is bytes)


def _joined(first: str, second: str) -> str:
    found: list[str] = []
    _append(found, first)
    if second:
        if found[-2:] == ["/", "."]:
            found.pop()
        elif found[-1:] != ["/"]:
            found.append("/")
        _append(found, second)
    text = "".join(found)
    return text[:-1] if text.endswith("/") and text != "/" else text


def _append(found: list[str], text: str) -> None:
    """The characters of a name, without slashes that follow each other and without `/./`."""
    for char in text:
        if char == "/" and found[-2:] == ["/", "."]:
            found.pop()
        elif char != "/" or found[-1:] != ["/"]:
            found.append(char)


@_of_names
def join(first: Term, second: Term = ABSENT) -> Term:
    """`join/1,2`: a name that is absolute stands for itself."""
    if second is not ABSENT:
        one, two, is_bytes = pair(first, second)
        return like(_joined(two, "") if two.startswith("/") else _joined(one, two), is_bytes)
    names = listed(first)
    if not names:
        raise NoName
    if len(names) == 1:
        return like(_joined(text_of(names[0]), ""), type(names[0]) is bytes)
    found = names[0]
    for name in names[1:]:
        found = join(found, name)
    return found


@_of_names
def append(directory: Term, name: Term) -> Term:
    """`append/2`."""
    if type(directory) is bytes or type(name) is bytes:
        one, two, _ = pair(directory, name)
        return like(f"{one}/{two}", True)
    return operators.append(directory, Cell(ord("/"), name))


@_of_names
def pathtype(name: Term) -> str:
    """`pathtype/1`."""
    return "absolute" if text_of(name).startswith("/") else "relative"


@_of_names
def split(name: Term) -> list[Term]:
    """`split/1`."""
    text, is_bytes = text_of(name), type(name) is bytes
    parts = [each for each in text.split("/") if each]
    return [like(each, is_bytes) for each in (["/", *parts] if text.startswith("/") else parts)]


@_of_names
def nativename(name: Term) -> Term:
    """`nativename/1`."""
    return like(_joined(text_of(name), ""), type(name) is bytes)


@_of_names
def flatten(name: Term) -> Term:
    """`flatten/1`."""
    return name if type(name) is bytes else like(text_of(name), False)


@_of_names
def absname(name: Term, directory: Term = ABSENT) -> Term:
    """`absname/1,2`: from the world's current directory on."""
    if text_of(name).startswith("/"):
        is_bytes = type(name) is bytes or (type(directory) is bytes and is_list(name))
        return like(_joined(text_of(name), ""), is_bytes)
    return join(current().cwd if directory is ABSENT else directory, name)


@_of_names
def absname_join(directory: Term, name: Term) -> Term:
    """`absname_join/2`."""
    one, two, is_bytes = pair(directory, name)
    return like(_joined(two, "") if two.startswith("/") else _joined(one, two), is_bytes)


def validate(name: Term) -> bool:
    """`validate/1`."""
    try:
        text = text_of(name)
    except NoName:
        return False
    return bool(text) and "\0" not in text and not any(0xD800 <= ord(each) <= 0xDFFF for each in text)
