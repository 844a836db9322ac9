"""mypy: classes of plain functions as callback modules.

`@erlsim.module` makes a class a namespace of functions: `def init(arg)` has no `self`. To a type checker that is a
method that has forgotten it. With this plugin (`plugins = ["erlsim.mypy_plugin"]` in mypy's configuration) the
functions of such a class are checked as the static functions that they are. Other checkers have no plugins: for these,
and for both, write `@staticmethod` before each function, or use a Python module in place of a class.
"""

from __future__ import annotations

from collections.abc import Callable

from mypy.nodes import FuncDef, OverloadedFuncDef
from mypy.plugin import ClassDefContext, Plugin

DECORATORS = ("erlsim.module", "erlsim.code.module")


class ErlsimPlugin(Plugin):
    """Knows what `@erlsim.module` makes of a class."""

    def get_class_decorator_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        """The functions of a class so decorated are static."""
        return _make_static if fullname in DECORATORS else None


def _make_static(context: ClassDefContext) -> None:
    for each in context.cls.defs.body:
        if isinstance(each, (FuncDef, OverloadedFuncDef)):
            each.is_static = True


def plugin(version: str) -> type[Plugin]:
    """What mypy asks for."""
    return ErlsimPlugin
