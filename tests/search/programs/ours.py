"""Programs of our own in the manner of Concuerror's: in Erlang, so that the very same source runs here and there.

Each function that a module in `erlang/` exports without arguments is a program; in `our_timers` timers matter.
What a BIF answers is noted down as in the others (`kit`), where the compiled code calls it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import erlsim
from erlsim import TIMEOUT
from erlsim.erl import loading
from erlsim.erl.running.failures import Failed
from tests.search.programs.kit import HISTORY, RAISES, READS, SPAWNS, History, Program, vague

FOLDER = Path(__file__).parent / "erlang"
OURS = "ours"
# Called by another program, no program itself.
HELPERS = frozenset(["woken"])


class Source:
    """An Erlang module whose processes note down what BIFs tell them."""

    def __init__(self, path: Path) -> None:
        """Compile it."""
        around = loading._Around(())
        forms = loading._forms(path, loading._places((), ()), None)
        loader = loading.Loader(loading._compiled(forms, str(path), around), around.native)
        self._history = History()
        self._watch(loader)
        self.name = loader.name
        self._module = loader.module()
        self.programs = [str(name) for name, arity in loader.object_code.exports if not arity and name not in HELPERS]

    def _watch(self, loader: Any) -> None:
        env = loader.env
        for place, (module, function, _) in loader.object_code.remotes.items():
            if module in ("erlang", "ets") and function not in SPAWNS and function != "self":
                env[place] = self._noting(function, env[place])
        env["send"], env["receive"] = self._noting("send", env["send"]), self._receiving(env["receive"])

    def _note(self, text: str) -> None:
        self._history.mine().notes.append(text)

    def _noting(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*arguments: Any) -> Any:
            told = self._history.text
            try:
                answer = function(*arguments)
            except (erlsim.Error, Failed) as wrong:
                if name not in RAISES:
                    self._note(f"! {told(wrong.reason)} {name}")
                raise
            if name in READS:
                self._note(f"{name}({','.join(map(told, arguments))}) = {told(vague(name, answer))}")
            return answer

        return noted

    def _receiving(self, function: Callable[..., Any]) -> Callable[..., Any]:
        async def received(*patterns: Any, **more: Any) -> Any:
            message = await function(*patterns, **more)
            self._note("after" if message is TIMEOUT else f"? {self._history.text(message)}")
            return message

        return received

    def program(self, name: str) -> Program:
        """One of its functions."""

        def main() -> Any:
            erlsim.code.load(self.name, self._module)
            self._history = erlsim.erlang.get(HISTORY)
            return getattr(self._module, name)()

        main.__name__ = name
        return Program(main, f"{OURS}/{self.name}:{name}", late=self.name == "our_timers")


SOURCES = [Source(path) for path in sorted(FOLDER.glob("*.erl"))]
PROGRAMS = {name: source.program(name) for source in SOURCES for name in source.programs}
