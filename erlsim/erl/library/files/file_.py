"""The module `file`, over files in memory that belong to a world. What is wrong is `{error, Reason}`, as on Linux."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from erlsim import erlang, io, terms
from erlsim.erl.library.conversions import iolist
from erlsim.erl.library.files import devices
from erlsim.erl.library.files.consulting import consulted
from erlsim.erl.library.files.handles import Handle, Modes
from erlsim.erl.library.files.names import NoName, pair, wide
from erlsim.erl.library.files.places import Directory, File, Places, Refusal, current, datetime_of, named
from erlsim.erl.running.cells import is_list, listed
from erlsim.erl.running.failures import Failed
from erlsim.terms import ABSENT, Pid, Term, chars

__in_stacks__ = False

_RAW = "file_descriptor"


def _answering(function: Callable[..., Term]) -> Callable[..., Term]:
    """A function whose refusals are `{error, Reason}`."""

    @wraps(function)
    def call(*args: Term) -> Term:
        try:
            return function(*args)
        except Refusal as refusal:
            return ("error", refusal.reason)

    return call


def _bytes(data: Term) -> bytes:
    try:
        if type(data) is not int:
            return iolist(data, "iolist_to_binary")
    except Failed:
        pass
    raise Refusal("badarg")


# ---- whole files


@_answering
def read_file(name: Term) -> Term:
    """`read_file/1`."""
    return ("ok", bytes(current().opened(named(name), create=False).data))


@_answering
def write_file(name: Term, data: Term, modes: Term = ABSENT) -> Term:
    """`write_file/2,3`."""
    given = Modes.of(["write", *(listed(modes) or [])] if modes is not ABSENT else ["write"])
    found = _bytes(data)
    Handle.open(current(), named(name), given).write(found)
    return "ok"


@_answering
def delete(name: Term, options: Term = ABSENT) -> Term:
    """`delete/1,2`."""
    current().remove(named(name))
    return "ok"


@_answering
def rename(source: Term, target: Term) -> Term:
    """`rename/2`."""
    current().rename(named(source), named(target))
    return "ok"


@_answering
def make_link(existing: Term, new: Term) -> Term:
    """`make_link/2`."""
    current().link(named(existing), named(new))
    return "ok"


def make_symlink(existing: Term, new: Term) -> Term:
    """`make_symlink/2`: the file system has none."""
    return ("error", "enotsup")


@_answering
def read_link(name: Term) -> Term:
    """`read_link/1`: nothing is one."""
    current().find(named(name))
    return ("error", "einval")


read_link_all = read_link
MORE: dict[tuple[str, int], Any] = {("read_link_all", 1): read_link}


@_answering
def copy(source: Term, target: Term, count: Term = "infinity") -> Term:
    """`copy/2,3`: `{ok, Bytes}`."""
    if count != "infinity" and (type(count) is not int or count < 0):
        raise Refusal("badarg")
    reader, writer = _copied(source, "read"), _copied(target, "write")
    data = reader.read(len(reader.file.data) if count == "infinity" else count) or b""
    writer.write(data)
    return ("ok", len(data))


def _copied(place: Term, mode: str) -> Handle:
    """What is copied from or to: a name, a name with modes, or an open file."""
    if type(place) is tuple and len(place) == 2 and is_list(place[1]):
        return Handle.open(current(), named(place[0]), Modes.of([mode, *(listed(place[1]) or [])]))
    if type(place) is Pid or (type(place) is tuple and place[:1] == (_RAW,)):
        return _handle(place)
    return Handle.open(current(), named(place), Modes.of([mode]))


@_answering
def consult(name: Term) -> Term:
    """`consult/1`: the terms of a file."""
    return consulted(bytes(current().opened(named(name), create=False).data))


@_answering
def path_consult(path: Term, name: Term) -> Term:
    """`path_consult/2`."""
    full, file = _in_path(path, name)
    found = consulted(bytes(file.data))
    return ("ok", found[1], full) if found[0] == "ok" else found


def path_open(path: Term, name: Term, modes: Term) -> Term:
    """`path_open/3`."""
    try:
        full, _ = _in_path(path, name)
    except Refusal as refusal:
        return ("error", refusal.reason)
    found = open_(full, modes)
    return ("ok", found[1], full) if found[0] == "ok" else found


def _in_path(path: Term, name: Term) -> tuple[Term, File]:
    """The file of that name in the first of some directories that has it."""
    for directory in [None] if named(name).startswith("/") else listed(path) or []:
        try:
            first, second, is_bytes = pair(name if directory is None else directory, name)
        except NoName:
            raise Refusal("badarg") from None
        text = second if directory is None else f"{first.rstrip('/')}/{second}"
        full = text.encode("latin-1") if is_bytes else chars(text)
        try:
            return full, current().opened(named(full), create=False)
        except Refusal as refusal:
            if refusal.reason not in ("enoent", "enotdir"):
                raise
    raise Refusal("enoent")


# ---- directories


@_answering
def make_dir(name: Term) -> Term:
    """`make_dir/1`."""
    current().make_directory(named(name))
    return "ok"


@_answering
def del_dir(name: Term) -> Term:
    """`del_dir/1`."""
    current().remove_directory(named(name))
    return "ok"


@_answering
def del_dir_r(name: Term) -> Term:
    """`del_dir_r/1`: with all that is in it."""
    places, path = current(), named(name)
    parent, base = places.parent(path)
    places.find(path)
    if not base:
        raise Refusal("einval")
    del parent.entries[base]
    return "ok"


@_answering
def list_dir(name: Term) -> Term:
    """`list_dir/1`: in the order of the names."""
    return ("ok", [chars(each) for each in sorted(current().directory(named(name)).entries)])


MORE["list_dir_all", 1] = list_dir


def get_cwd() -> Term:
    """`get_cwd/0`."""
    return ("ok", current().cwd)


@_answering
def set_cwd(name: Term) -> Term:
    """`set_cwd/1`."""
    places, path = current(), named(name)
    places.directory(path)
    names: list[str] = []
    for each in places.absolute(path):
        if each == "..":
            names[-1:] = []
        else:
            names.append(each)
    places.path = "/" + "/".join(names)
    return "ok"


# ---- what is known of a file

_PERMISSIONS = {"regular": 0o100000, "directory": 0o40000}


@_answering
def read_file_info(name: Term, options: Term = ()) -> Term:
    """`read_file_info/1,2`: `{ok, #file_info{}}`."""
    if type(name) is Pid or (type(name) is tuple and name[:1] == (_RAW,)):
        node: File | Directory = _handle(name).file
    else:
        node = current().find(named(name))
    wanted = [each for each in listed(options) or [] if type(each) is tuple and each[:1] == ("time",)]
    posix = bool(wanted) and wanted[0][1] == "posix"
    when = node.changed if posix else datetime_of(node.changed)
    size = len(node.data) if isinstance(node, File) else 4096
    mode = _PERMISSIONS[node.kind] | node.mode
    return (
        "ok",
        ("file_info", size, node.kind, "read_write", when, when, when, mode, node.links, 0, 0, node.number, 0, 0),
    )


read_link_info = read_file_info
MORE |= {("read_link_info", 1): read_file_info, ("read_link_info", 2): read_file_info}


@_answering
def change_mode(name: Term, mode: Term) -> Term:
    """`change_mode/2`: it is kept, and hinders nobody."""
    if type(mode) is not int:
        raise Refusal("badarg")
    current().find(named(name)).mode = mode & 0o7777
    return "ok"


# ---- open files


def _handle(device: Term) -> Handle:
    """The open file that a pid or a raw descriptor stands for; raises `Refusal`."""
    if type(device) is Pid:
        found = current().handles.get(device)
        if found is None:
            raise Refusal("terminated")
    elif type(device) is tuple and len(device) == 3 and device[0] == _RAW and type(device[2]) is dict:
        found = current().handles.get(device[2].get("handle"))
        if found is None:
            raise Refusal("einval")
    else:
        raise Refusal("badarg")
    handle: Handle = found
    return handle


@_answering
def open_(name: Term, modes: Term) -> Term:
    """`open/2`: a process for the file, or with `raw` a descriptor."""
    places: Places = current()
    given = Modes.of(modes if is_list(modes) else [modes])
    handle = Handle.open(places, named(name), given)
    if not given.raw:
        return ("ok", devices.start(places, handle))
    ref = erlang.make_ref()
    places.handles[ref] = handle
    return ("ok", (_RAW, "prim_file", {"handle": ref, "owner": erlang.self()}))


async def close(device: Term) -> Term:
    """`close/1`."""
    if type(device) is Pid:
        return await devices.close(device)
    try:
        _handle(device)
    except Refusal as refusal:
        return ("error", refusal.reason)
    del current().handles[device[2]["handle"]]
    return "ok"


def _shown(handle: Handle, data: bytes | None) -> Term:
    return "eof" if data is None else ("ok", handle.shown(data))


def _size(count: Term) -> int:
    if type(count) is not int or count < 0:
        raise Refusal("badarg")
    return count


def _transferred(device: Term, transfer: Callable[[Handle], Term]) -> Term:
    """What a transfer comes to; a device that cannot do it ends."""
    if type(device) is str:
        # A device that is no file: it has nothing to read.
        return "eof" if device == "standard_io" or erlang.whereis(device) != "undefined" else ("error", "arguments")
    try:
        return transfer(_handle(device))
    except Refusal as refusal:
        if refusal.reason == "ebadf" and type(device) is Pid:
            devices.end(current(), device)
        return ("error", refusal.reason)


@_answering
def read(device: Term, count: Term) -> Term:
    """`read/2`."""
    size = _size(count)
    return _transferred(device, lambda handle: _shown(handle, handle.read(size)))


def read_line(device: Term) -> Term:
    """`read_line/1`."""
    return _transferred(device, lambda handle: _shown(handle, handle.read_line()))


async def write(device: Term, data: Term) -> Term:
    """`write/2`: to a device that is no file, too."""
    try:
        found = _bytes(data)
    except Refusal as refusal:
        return ("error", refusal.reason)
    if type(device) is str:
        return await io.put_chars(device, found.decode("latin-1"))

    def transfer(handle: Handle) -> Term:
        handle.write(found)
        return "ok"

    return _transferred(device, transfer)


@_answering
def position(device: Term, location: Term) -> Term:
    """`position/2`."""
    return ("ok", _handle(device).move(location))


@_answering
def truncate(device: Term) -> Term:
    """`truncate/1`."""
    _handle(device).truncate()
    return "ok"


@_answering
def pread(device: Term, place: Term, count: Term = ABSENT) -> Term:
    """`pread/2,3`."""
    handle = _handle(device)
    if count is not ABSENT:
        return _shown(handle, handle.read_at(_place(handle, place), _size(count)))
    rows = listed(place)
    if rows is None or not all(type(each) is tuple and len(each) == 2 for each in rows):
        raise Refusal("badarg")
    found = [handle.read_at(_place(handle, at), _size(size)) for at, size in rows]
    return ("ok", ["eof" if each is None else handle.shown(each) for each in found])


def _place(handle: Handle, location: Term) -> int:
    place = handle.located(location)
    if place < 0:
        raise Refusal("einval")
    return place


@_answering
def pwrite(device: Term, place: Term, data: Term = ABSENT) -> Term:
    """`pwrite/2,3`."""
    handle = _handle(device)
    rows = [(place, data)] if data is not ABSENT else listed(place)
    if rows is None or not all(type(each) is tuple and len(each) == 2 for each in rows):
        raise Refusal("badarg")
    for at, new in rows:
        handle.write_at(_place(handle, at), _bytes(new))
    return "ok"


@_answering
def sync(device: Term) -> Term:
    """`sync/1`: nothing is kept back."""
    _handle(device)
    return "ok"


@_answering
def advise(device: Term, place: Term, count: Term, advice: Term) -> Term:
    """`advise/4`: advice is not needed."""
    _handle(device)
    return "ok"


MORE |= {("datasync", 1): sync, ("advise", 4): advise}


# ---- the rest

_MESSAGES = {
    "eacces": "permission denied",
    "badarg": "bad argument",
    "ebadf": "bad file number",
    "eexist": "file already exists",
    "einval": "invalid argument",
    "eisdir": "illegal operation on a directory",
    "enoent": "no such file or directory",
    "enotdir": "not a directory",
    "enotsup": "operation not supported",
    "eperm": "not owner",
    "terminated": "the file server process has terminated",
    "system_limit": "a system limit was hit, probably not enough ports",
    "badarg_": "bad argument",
}


def format_error(reason: Term) -> Term:
    """`format_error/1`."""
    if type(reason) is tuple and len(reason) == 3:
        line, module, why = reason
        if module == "erl_parse":
            text = "".join(map(_said, why if type(why) is list else [why]))
        else:
            text = terms.format("~tp", [why])
        return chars(f"{terms.format('~w', [line])}: {text}")
    return chars(_MESSAGES.get(reason, "unknown POSIX error") if type(reason) is str else "unknown POSIX error")


def _said(part: Term) -> str:
    return "".join(map(chr, part)) if type(part) is list else wide(part)


def native_name_encoding() -> str:
    """`native_name_encoding/0`."""
    return "utf8"
