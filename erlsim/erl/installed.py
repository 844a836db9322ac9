"""An OTP that is installed: its sources, where erlsim has no module of its own or somebody wants OTP's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from erlsim import code
from erlsim.erl import loading
from erlsim.errors import ErlsimError

__in_stacks__ = False

APPLICATIONS = ("stdlib", "kernel")
"""The applications whose modules are found without being asked for by their names."""


class Installation:
    """The sources of an OTP, compiled when they are needed, once for all simulations that it is entered in."""

    __module__ = "erlsim.erl"

    def __init__(self, home: str | Path, instead: Sequence[str] = ()) -> None:
        """`home` is OTP's folder or the `lib` in it; the modules `instead` take the place of erlsim's own.

        Raises `ErlsimError` if there are no sources, or none of such a module.
        """
        home = Path(home)
        self.libraries = home / "lib" if (home / "lib").is_dir() else home
        self.instead = tuple(dict.fromkeys(instead))
        self._found: dict[str, ModuleType] = {}
        self._sources = {
            path.stem: path
            for application in sorted(self.libraries.iterdir())
            if application.name.partition("-")[0] in APPLICATIONS
            for path in sorted(application.glob("src/**/*.erl"))
        }
        self._includes = list(dict.fromkeys(_home(path) / "include" for path in self._sources.values()))
        if not self._sources:
            raise ErlsimError(f"no sources of OTP's {' and '.join(APPLICATIONS)} in {str(home)!r}")
        for name in self.instead:
            if name not in self._sources:
                raise ErlsimError(f"the OTP in {str(home)!r} has no source of {name!r}")

    def enter(self) -> None:
        """Let the current simulation have OTP's modules: those `instead` of erlsim's, and those that it lacks."""
        code.search(self.find)
        for name in self.instead:
            code.load(name, self.find(name))

    def find(self, name: str) -> ModuleType | None:
        """A module of OTP, compiled; `None` if there is no source of it."""
        made = self._found.get(name)
        if made is None and name in self._sources:
            path = self._sources[name]
            made = self._found[name] = loading.load(
                path,
                includes=[path.parent, *self._includes],
                libraries=[self.libraries],
                instead=self.instead,
            )
        return made


def _home(source: Path) -> Path:
    """The folder of a source's application."""
    return next(each.parent for each in source.parents if each.name == "src")
