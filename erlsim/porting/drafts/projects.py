"""The files of a rebar3 project around the modules of a port."""

from __future__ import annotations

import re

from erlsim.porting.drafts.building import Built
from erlsim.porting.drafts.forms import Atom as AtomForm
from erlsim.porting.drafts.forms import Call, Tuple, within
from erlsim.porting.drafts.printing import erlang_module
from erlsim.porting.drafts.printing.erlang import atom

LIBRARIES = ("director", "gen_tracker")


def rebar3(built: Built, application: str, renamed: dict[str, str]) -> dict[str, str]:
    """The files of a project, by their paths."""
    files = {
        f"src/{renamed.get(module.name, module.name)}.erl": erlang_module(module, renamed) for module in built.modules
    }
    libraries = used_libraries(built)
    mod = ""
    if built.top:
        name = f"{application}_app"
        files[f"src/{name}.erl"] = _application(application, renamed.get(built.top, built.top))
        mod = f"\n  {{mod, {{{atom(name)}, []}}}},"
    files[f"src/{application}.app.src"] = APP.format(
        name=atom(application),
        description=description(built, application),
        registered=", ".join(map(atom, registered(built))),
        applications=", ".join(["kernel", "stdlib", *libraries]),
        mod=mod,
    )
    files["rebar.config"] = _config(libraries)
    return dict(sorted(files.items()))


APP = """\
{{application, {name}, [
  {{description, "{description}"}},
  {{vsn, "0.1.0"}},
  {{registered, [{registered}]}},{mod}
  {{applications, [{applications}]}},
  {{env, []}},
  {{modules, []}}
]}}.
"""


def _config(libraries: list[str]) -> str:
    if not libraries:
        return "{erl_opts, [debug_info, warnings_as_errors]}.\n{deps, []}.\n"
    names = " and ".join(libraries)
    note = f"%% This port needs {names}: say here where they come from.\n"
    return "{erl_opts, [debug_info, warnings_as_errors]}.\n" + note + "{deps, []}.\n"


def _application(application: str, top: str) -> str:
    return f"""\
%%% The application: it starts the supervisor {top}.
-module({atom(application + "_app")}).
-behaviour(application).

-export([start/2, stop/1]).

start(_Type, _Args) ->
    {atom(top)}:start_link().

stop(_State) ->
    ok.
"""


def description(built: Built, application: str) -> str:
    """The first line of the package's docstring."""
    import ast

    for file in built.program.files:
        text = ast.get_docstring(file.tree)
        if text and file.dotted.rpartition(".")[2] == application:
            return re.sub(r'["\\]', "", text.splitlines()[0])
    return f"A port of {application}"


def registered(built: Built) -> list[str]:
    """The names under which the program's processes are registered when they start."""
    found: dict[str, None] = {}
    for form in within([clause.body for module in built.modules for fn in module.functions for clause in fn.clauses]):
        match form:
            case Call(name="start_link", args=[Tuple(items=[AtomForm(name="local"), AtomForm(name=name)]), *_]):
                found[name] = None
    return sorted(found)


def used_libraries(built: Built) -> list[str]:
    """The libraries outside OTP that the program calls."""
    found = set()
    for module in built.modules:
        found.update(set(module.behaviours) & set(LIBRARIES))
        for form in within([clause.body for fn in module.functions for clause in fn.clauses]):
            match form:
                case Call(module=name) if name in LIBRARIES:
                    found.add(name)
                case Tuple(items=[AtomForm(name=name), AtomForm(), _]) if name in LIBRARIES:
                    found.add(name)
    return sorted(found)
