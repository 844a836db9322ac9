"""Names of files: text of lists, atoms and binaries, and back."""

from __future__ import annotations

from erlsim.erl.running.cells import listed, outward
from erlsim.erl.running.failures import Failed
from erlsim.terms import Term, chars

__in_stacks__ = False


class NoName(Exception):
    """The term is no name of a file."""


def text_of(name: Term) -> str:
    """The text of a name: of a binary its bytes, of an atom or a deep list its characters; raises `NoName`."""
    if type(name) is bytes:
        return name.decode("latin-1")
    if type(name) in (str, bool):
        return atom_text(name)
    if type(name) is int:
        raise NoName
    found: list[str] = []
    waiting = [name]
    while waiting:
        each = waiting.pop()
        parts = listed(each)
        if parts is not None:
            waiting.extend(reversed(parts))
        elif type(each) is int and 0 <= each < 0x110000:
            found.append(chr(each))
        elif type(each) in (str, bool) and each is not name:
            found.append(atom_text(each))
        else:
            raise NoName
    return "".join(found)


def atom_text(atom: Term) -> str:
    """The text of an atom."""
    return atom if type(atom) is str else str(atom).lower()


def wide(name: Term) -> str:
    """The name as the file system has it: characters, whatever it came as; raises `NoName`."""
    if type(name) is bytes:
        try:
            found = name.decode()
        except UnicodeDecodeError:
            found = name.decode("latin-1")
    else:
        found = text_of(name)
    if "\0" in found:
        raise NoName
    return found


def like(text: str, as_bytes: bool) -> Term:
    """The text as the name was given."""
    return text.encode("latin-1") if as_bytes else chars(text)


def pair(first: Term, second: Term) -> tuple[str, str, bool]:
    """Two names as one kind of text: if one is a binary, both are."""
    if type(first) is bytes or type(second) is bytes:
        return _bytes_text(first), _bytes_text(second), True
    return text_of(first), text_of(second), False


def _bytes_text(name: Term) -> str:
    return text_of(name) if type(name) is bytes else text_of(name).encode().decode("latin-1")


def no_clause(function: str, *args: Term) -> Failed:
    """What is no name has no clause."""
    return Failed("function_clause", ("filename", function, [outward(each) for each in args], []))
