"""The module `code`: which modules there are. Sources are compiled when they are loaded; there is no object code."""

from __future__ import annotations

from typing import Any

from erlsim import code
from erlsim.erl.library.registry import resolve
from erlsim.erl.running.failures import no_clause
from erlsim.terms import Term, chars

__in_stacks__ = False


def _file_of(module: Any) -> Term:
    """Where OTP would have found it: the source's place, or that of erlsim's own module."""
    path = str(getattr(module, "__file__", None) or f"{code.name(module)}.erl")
    return chars(path.rpartition(".")[0] + ".beam")


def _is_name(term: Term) -> bool:
    return type(term) in (str, bool)


def is_loaded(module: Term) -> Term:
    """`{file, Path}` or false."""
    if not _is_name(module):
        raise no_clause("code", "is_loaded", module)
    found = resolve(str(module), searching=False)
    return False if found is None else ("file", _file_of(found))


def ensure_loaded(module: Term) -> Term:
    """`{module, Module}`, or `{error, nofile}` if there is none."""
    if not _is_name(module):
        raise no_clause("code", "ensure_loaded", module)
    return ("error", "nofile") if resolve(str(module)) is None else ("module", module)


def load_file(module: Term) -> Term:
    """The same: what is compiled is loaded."""
    return ensure_loaded(module)


def ensure_modules_loaded(modules: list[Term]) -> Term:
    """ok, or an error for each module that there is not."""
    missing = [(module, "nofile") for module in modules if resolve(str(module)) is None]
    return ("error", missing) if missing else "ok"


def which(module: Term) -> Term:
    """The path of a module, or `non_existing`."""
    found = resolve(module) if _is_name(module) else None
    return "non_existing" if found is None else _file_of(found)


def delete(module: Term) -> bool:
    """Forget the version that is loaded: whether there was one."""
    return code.purge(str(module))


def purge(_module: Term) -> bool:
    """No process is killed: old code is kept as long as a process runs it."""
    return False


def soft_purge(_module: Term) -> bool:
    """As `purge`, which never has to refuse."""
    return True


def is_sticky(_module: Term) -> bool:
    """Every module may be loaded anew."""
    return False


def add_path(_folder: Term) -> bool:
    """`add_path/1` and its kin: sources are loaded by who runs the simulation, so a folder changes nothing."""
    return True


MORE = {(name, 1): add_path for name in ("add_patha", "add_pathz", "del_path")}


def lib_dir(_application: Term) -> Term:
    """No application has a folder."""
    return ("error", "bad_name")


def priv_dir(_application: Term) -> Term:
    """As `lib_dir`."""
    return ("error", "bad_name")


def get_object_code(_module: Term) -> str:
    """There is no object code: `error`."""
    return "error"
