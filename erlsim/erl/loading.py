"""From a source to a module that Python and Erlang can call.

`load` compiles a file and makes it known under its name, as `erlsim.module` does: to the current simulation, or to
all if there is none. The colours of modules that are loaded are known to those that are compiled later.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from types import CodeType, CoroutineType, ModuleType
from typing import Any

import erlsim
from erlsim import NoSimulation, code
from erlsim.erl import caching, library, names, reading
from erlsim.erl.compiling.declarations import CannotCompile, FunctionName
from erlsim.erl.compiling.emitter import function_identifier
from erlsim.erl.compiling.inferring.colours import ASYNC
from erlsim.erl.compiling.object_code import ObjectCode
from erlsim.erl.compiling.transforms import transformed
from erlsim.erl.compiling.unit import Unit
from erlsim.erl.linting import lint as linted
from erlsim.erl.running.calls import Tail, compiled, finish, may_wait
from erlsim.erl.running.cells import Cell, outward
from erlsim.erl.running.driving import Driven
from erlsim.erl.running.failures import undef
from erlsim.errors import ErlsimError
from erlsim.terms import Term

__in_stacks__ = False

# The headers of OTP's applications that sources include, as far as there are any: eunit.hrl, ct.hrl and the like.
HEADERS = str(Path(__file__).parent / "headers")

# A frame of plain compiled code costs a few hundred bytes: the BEAM's stack has no limit but memory either.
_DEEPEST = 300_000


class SourceError(ErlsimError):
    """A source that cannot be compiled: `lines` are those that erlc prints."""

    __module__ = "erlsim.erl"

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = list(lines)


def load(
    path: str | Path,
    *,
    includes: Sequence[str | Path] = (),
    libraries: Sequence[str | Path] = (),
    macros: Mapping[str, Term] | None = None,
    instead: Collection[str] = (),
    cache: str | Path | bool | None = None,
) -> ModuleType:
    """Compile the Erlang module in a file and make it known; returns a module whose functions Python calls.

    `includes` are folders for `-include`, `libraries` folders of applications for `-include_lib`, `macros` what
    `erlc -D` would define; the modules `instead` are not erlsim's own but others that are loaded later. A function that
    may wait is a coroutine function. What was compiled is kept in the folder `cache`, by default the one that
    `ERLSIM_CACHE` names or the user's, or nowhere if it is `False`. Raises `SourceError` with erlc's lines.
    """
    places = _places(includes, libraries)
    around = _Around(instead)
    home = caching.folder(cache)
    if home is None:
        return _known_as_loaded(_compiled(_forms(path, places, macros), str(path), around), around)
    kept = caching.Cache(home, str(path), places, dict(macros or {}), sorted(instead))
    object_code = kept.find(around.is_as_then)
    if object_code is None:
        object_code = _compiled(_forms(path, kept.watched, macros), str(path), around)
        kept.keep(object_code)
    return _known_as_loaded(object_code, around)


def lint(
    path: str | Path,
    *,
    includes: Sequence[str | Path] = (),
    libraries: Sequence[str | Path] = (),
    macros: Mapping[str, Term] | None = None,
) -> list[str]:
    """What erlc would say of a source, a line each: errors, then warnings. The options are those of `load`."""
    return _findings(_forms(path, _places(includes, libraries), macros), str(path))


def lint_text(text: str, name: str = "nofile.erl") -> list[str]:
    """The same of a source in a string, called `name` in what is said."""
    return _findings(reading.parse_text(text, name, places=reading.Places(libraries=[HEADERS])), name)


def _findings(forms: list[Any], path: str) -> list[str]:
    wrong = _unreadable(forms, path)
    if wrong:
        return wrong
    try:
        findings = linted(transformed(forms), path)
    except CannotCompile as exc:
        return [str(exc)]
    return [str(each) for each in [*findings.errors(), *findings.warnings()]]


def _places(includes: Iterable[str | Path], libraries: Iterable[str | Path]) -> reading.Places:
    return reading.Places([*map(str, includes)], [*map(str, libraries), HEADERS])


def _forms(path: str | Path, places: reading.Places, macros: Mapping[str, Term] | None) -> list[Any]:
    return reading.parse_file(str(path), places=places, macros=macros)


def _unreadable(forms: list[Any], path: str) -> list[str]:
    return [reading.located(path, form[1]) for form in forms if form[0] == "error"]


def load_text(text: str, name: str = "nofile.erl", *, macros: Mapping[str, Term] | None = None) -> ModuleType:
    """The same of a source in a string, called `name` in stacks and errors."""
    places = reading.Places(libraries=[HEADERS])
    return module_of(reading.parse_text(text, name, places=places, macros=macros), name)


def module_of(forms: list[Any], path: str, is_evaluated: bool = False) -> ModuleType:
    """The module that forms stand for, made known; with `is_evaluated` it fails as what `erl_eval` evaluates does."""
    around = _Around(())
    return _known_as_loaded(_compiled(forms, path, around, is_evaluated), around)


def _compiled(forms: list[Any], path: str, around: _Around, is_evaluated: bool = False) -> ObjectCode:
    wrong = _unreadable(forms, path)
    if wrong:
        raise SourceError(wrong)
    try:
        forms = transformed(forms)
        wrong = [str(each) for each in linted(forms, path).errors()]
        if wrong:
            raise SourceError(wrong)
        return Unit(forms, around.colour, around.native, is_evaluated).object_code()
    except CannotCompile as exc:
        raise SourceError([str(exc)]) from None


def _known_as_loaded(object_code: ObjectCode, around: _Around) -> ModuleType:
    module = Loader(object_code, around.native).module()
    try:
        code.load(module.__name__, module)
    except NoSimulation:
        erlsim.module(name=module.__name__)(module)
    return module


class _Around:
    """What a module finds around it; the modules `instead` are not erlsim's own but others that are loaded later."""

    def __init__(self, instead: Collection[str]) -> None:
        self.instead = instead

    def native(self, module: Any, function: Any, arity: int) -> Any:
        """The library's function, if it is that which is called."""
        return library.native(module, function, arity, self.instead)

    def colour(self, module: Any, function: Any, arity: int) -> Any:
        """What is known of a function."""
        # What is to stand in the place of erlsim's may wait where that does not.
        is_late = module in self.instead and compiled(code.loaded(module)) is None
        return ASYNC if is_late else known(self.native, module, function, arity)

    def is_as_then(self, object_code: ObjectCode) -> bool:
        """Whether a module would find what it found when it was compiled."""
        return all((self.native(*mfa) is not None) == was for mfa, was in object_code.natives.items()) and all(
            self.colour(*mfa) == was for mfa, was in object_code.elsewhere.items()
        )


def known(natives: Any, module: Any, function: Any, arity: int) -> Any:
    """The colour of another module's function, as far as anything is known of it."""
    native = natives(module, function, arity)
    if native is not None:
        return library.colour_of(native)
    # What would have to be searched for would be compiled now, and what that calls, too.
    found = library.resolve(module, searching=False)
    if found is None:
        return ASYNC
    colours = getattr(found, "__colours__", None)
    if colours is not None:
        return colours.get((function, arity), ASYNC)
    if library.has(found, function, arity):
        return library.colour_of(code.function(module, function, arity))
    return ASYNC


class Loader:
    """Makes a Python module of object code."""

    def __init__(self, object_code: ObjectCode, natives: Callable[[Any, Any, int], Any]) -> None:
        """Run the code that defines the functions."""
        self.object_code = object_code
        self.name = str(object_code.name)
        # Apart from the module's namespace: Erlang's names (list/1) must not hide Python's.
        self.env: dict[str, Any] = {**names.NAMES, "__name__": self.name, "__places__": object_code.places}
        exec(object_code.code, self.env)
        for python_name, (module, function, arity) in object_code.remotes.items():
            native = natives(module, function, arity)
            self.env[python_name] = native if native is not None else library.Remote(module, function, arity)
        for name in object_code.functions:
            self._finish_function(name)
        if sys.getrecursionlimit() < _DEEPEST:
            sys.setrecursionlimit(_DEEPEST)

    def module(self) -> ModuleType:
        """The module, with what is exported."""
        made = ModuleType(self.name)
        table: dict[FunctionName, Callable[..., Any]] = {}
        public: dict[str, dict[int, Callable[..., Any]]] = {}
        for name in self.object_code.exports:
            table[name] = self._entry(name)
            public.setdefault(str(name[0]), {})[name[1]] = self._public(name)
        info = self._module_info(table)
        table["module_info", 0] = table["module_info", 1] = info
        public["module_info"] = {0: info, 1: info}
        for function, by_arity in public.items():
            setattr(made, function, _door(self.name, function, by_arity))
        made.__compiled__ = table  # type: ignore[attr-defined]
        made.__colours__ = dict(self.object_code.colours)  # type: ignore[attr-defined]
        made.__file__ = self.object_code.path
        made.__erlang_module__ = self.name  # type: ignore[attr-defined]
        return made

    def _finish_function(self, name: FunctionName) -> None:
        """Give the Python functions of one its name, and make the one that `fun f/N` stands for."""
        for prefix in ("f", "p", "b"):
            function = self.env.get(f"{prefix}_{function_identifier(name)}")
            if function is not None:
                function.__name__ = function.__qualname__ = str(name[0])
                function.__code__ = _named(function.__code__, str(name[0]))
        self.env[f"g_{function_identifier(name)}"] = self._fun(name)

    def _entry(self, name: FunctionName) -> Callable[..., Any]:
        """The function as other compiled modules call it: around a recursion that waits there has to be a driver."""
        found = self._callee(name)
        if not self.object_code.has_deep_waits or not self.object_code.is_async(name):
            return found

        env = self.env

        async def entry(*args: Term) -> Any:
            result = await Driven(found(*args))
            # A tail call within the module needs a driver, too; one of another module's is left to the caller.
            while type(result) is Tail and getattr(result.function, "__globals__", None) is env:
                result = await Driven(result.function(*result.args))
            return result

        return _dressed(entry, found)

    def _callee(self, name: FunctionName) -> Callable[..., Any]:
        """The function as compiled code calls it: of two versions, the one that its funs need."""
        found: Callable[..., Any] = self.env[f"f_{function_identifier(name)}"]
        if not self.object_code.is_poly(name):
            return found
        plain = self.env[f"p_{function_identifier(name)}"]
        places = sorted(self.object_code.colours[name])

        def either(*args: Term) -> Any:
            return (found if any(may_wait(args[place]) for place in places) else plain)(*args)

        return _dressed(either, found, places=frozenset(places))

    def _fun(self, name: FunctionName) -> Callable[..., Any]:
        """What `fun f/N` is: it never gives a tail call to whoever calls it."""
        found = self._callee(name)
        if self.object_code.is_async(name):
            deep = self.object_code.has_deep_waits

            async def whole(*args: Term) -> Any:
                return await (Driven(finish(found(*args))) if deep else finish(found(*args)))

            return _dressed(whole, found)
        if self.object_code.is_poly(name):

            def whole_or_not(*args: Term) -> Any:
                result = found(*args)
                return _driven(finish(result)) if type(result) is CoroutineType else result

            return _dressed(whole_or_not, found, places=self.object_code.colours[name])
        return found

    def _public(self, name: FunctionName) -> Callable[..., Any]:
        """The function as Python calls it: what it gives has Python lists."""
        found = self._fun(name)
        if inspect.iscoroutinefunction(found):

            async def awaited(*args: Term) -> Any:
                return shown(await found(*args))

            return _dressed(awaited, self.env[f"f_{function_identifier(name)}"])

        def called(*args: Term) -> Any:
            result = found(*args)
            return _shown_later(result) if type(result) is CoroutineType else shown(result)

        return _dressed(called, self.env[f"f_{function_identifier(name)}"])

    def _module_info(self, table: Mapping[FunctionName, Any]) -> Callable[..., Any]:
        attributes = self.object_code.attributes
        items: dict[str, Term] = {
            "module": self.name,
            "exports": [*table, ("module_info", 0), ("module_info", 1)],
            "attributes": [*attributes] if any(key == "vsn" for key, _ in attributes) else [("vsn", [0]), *attributes],
            "compile": [],
            "functions": list(self.object_code.functions),
        }

        def module_info(item: Term = None) -> Term:
            if item is None:
                return [(key, value) for key, value in items.items() if key != "functions"]
            return items[item]

        module_info.__module__ = self.name
        return module_info


async def _driven(call: Any) -> Term:
    return await Driven(call)


async def _shown_later(result: Any) -> Term:
    return shown(await result)


# Results of callbacks whose other elements belong to the module: nobody else looks at them.
_STATES = frozenset({"reply", "noreply", "keep_state", "next_state", "repeat_state", "stop_and_reply", "stop"})


def shown(result: Term) -> Term:
    """A result as Python code is to see it. What a behaviour only keeps is left as it is: a long list in the state of
    a server costs nothing at each call."""
    if type(result) is tuple and result and type(result[0]) is str and result[0] in _STATES:
        for part in result:
            if type(part) is Cell:
                return tuple(outward(part) if type(part) is Cell else part for part in result)
        return result
    return outward(result)


def _named(code_: CodeType, name: str) -> CodeType:
    return code_.replace(co_name=name, co_qualname=name)


def _dressed(
    function: Callable[..., Any], like: Callable[..., Any], places: frozenset[int] | None = None
) -> Callable[..., Any]:
    """A wrapper with the name, module and parameters of what it wraps."""
    function.__name__ = function.__qualname__ = like.__name__
    function.__module__ = like.__module__
    function.__signature__ = inspect.signature(like)  # type: ignore[attr-defined]
    if places:
        function.__colour__ = places  # type: ignore[attr-defined]
    return function


def _door(module: str, name: str, by_arity: dict[int, Callable[..., Any]]) -> Callable[..., Any]:
    """One Python function for the Erlang functions of a name."""
    if len(by_arity) == 1:
        return next(iter(by_arity.values()))
    least, most = min(by_arity), max(by_arity)

    def door(*args: Term) -> Any:
        function = by_arity.get(len(args))
        if function is None:
            raise undef(module, name, list(args))
        return function(*args)

    door.__name__ = door.__qualname__ = name
    door.__module__ = module
    kind = inspect.Parameter.POSITIONAL_ONLY
    door.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(f"a{i}", kind, **({"default": None} if i >= least else {})) for i in range(most)]
    )
    if any(inspect.iscoroutinefunction(each) for each in by_arity.values()):
        door.__may_wait__ = True  # type: ignore[attr-defined]
    return door


__all__ = ["SourceError", "lint", "load", "load_text", "shown"]
