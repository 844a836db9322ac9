"""A lesson as a student runs it: in one IPython session, cells again and again, in more orders than one.

No kernel is started for it: the session is in this process, and its coroutines run to their ends by themselves, which
is what erlsim promises for the top of a cell.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from erlsim._kernel import thread
from tests.declared import nothing_declared
from tests.notebooks.lessons import shown


@dataclass(frozen=True)
class Ran:
    """A cell that was run: its source, what it showed, and how it failed."""

    source: str
    shown: str
    failure: BaseException | None = None


class Values(DisplayHook):
    """Takes the value of a cell as it is displayed."""

    taken: list[dict[str, Any]]

    def __call__(self, result: Any = None) -> None:
        if result is not None:
            data, _ = self.shell.display_formatter.format(result)
            self.taken.append(data)


class Names(CachingCompiler):
    """Gives cells names like those that a kernel gives them: a number and `.py`."""

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        return f"{crc32(raw_code.encode()):010}.py"


class Session(InteractiveShell):
    """IPython, but for the values of cells and their names."""

    compiler_class = Names
    displayhook_class = Values


class Student:
    """Runs cells in a session of their own."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def run(self, cell: Any) -> Ran:
        """Run one cell."""
        self._session.displayhook.taken = []
        with capture_output() as captured:
            running = self._session.run_cell_async(
                cell["source"], transformed_cell=self._session.transform_cell(cell["source"])
            )
            try:
                running.send(None)
            except StopIteration as done:
                result = done.value
            else:
                raise AssertionError("the shell was suspended")
        values = [*(each.data for each in captured.outputs), *self._session.displayhook.taken]
        outputs = [{"output_type": "display_data", "data": each} for each in values]
        printed = {"output_type": "stream", "text": captured.stdout}
        return Ran(cell["source"], shown([printed, *outputs]), result.error_before_exec or result.error_in_exec)


@contextmanager
def student() -> Iterator[Student]:
    """A session that leaves nothing behind in this process."""
    main, hook, world = sys.modules["__main__"], sys.displayhook, thread.world
    before = dict(vars(builtins))
    session = Session.instance(config=Config({"HistoryManager": {"enabled": False}}))
    try:
        with nothing_declared():
            yield Student(session)
    finally:
        session.restore_sys_module_state()
        Session.clear_instance()
        sys.modules["__main__"], sys.displayhook = main, hook
        for name in set(vars(builtins)) - set(before):
            delattr(builtins, name)
        thread.world = world


def sections(cells: list[Any]) -> list[list[Any]]:
    """The code cells of each section: of the text before the first heading, and of each heading's."""
    found: list[list[Any]] = [[]]
    for cell in cells:
        if cell["cell_type"] == "code":
            found[-1].append(cell)
        elif found[-1] and any(line.startswith("## ") for line in cell["source"].splitlines()):
            found.append([])
    return [each for each in found if each]
