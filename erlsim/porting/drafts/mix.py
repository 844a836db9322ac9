"""The files of a mix project around the modules of a port."""

from __future__ import annotations

from erlsim.porting.drafts.building import Built
from erlsim.porting.drafts.naming import camel
from erlsim.porting.drafts.printing import elixir_module
from erlsim.porting.drafts.projects import description, used_libraries
from erlsim.porting.drafts.sources import snake


def names(built: Built, application: str) -> dict[str, str]:
    """Elixir's names of the program's modules: all stand in the application's."""
    top = camel(application)
    found = {}
    for module in built.modules:
        rest = module.name.removeprefix(f"{application}_")
        found[module.name] = top if rest == application else f"{top}.{camel(rest)}"
    return found


def mix(built: Built, application: str, renamed: dict[str, str]) -> dict[str, str]:
    """The files of a project, by their paths."""
    files = {_path(renamed[module.name]): elixir_module(module, renamed) for module in built.modules}
    top = camel(application)
    mod = ""
    if built.top:
        files[_path(f"{top}.Application")] = _application(top, renamed[built.top])
        mod = f", mod: {{{top}.Application, []}}"
    libraries = used_libraries(built)
    files["mix.exs"] = PROJECT.format(
        top=top,
        name=application,
        description=_quoted(description(built, application)),
        mod=mod,
        xref=XREF.format(", ".join(f":{each}" for each in libraries)) if libraries else "",
        deps=f"\n    # This port needs {' and '.join(libraries)}: say here where they come from.\n    []\n  "
        if libraries
        else "\n    []\n  ",
    )
    files[".formatter.exs"] = '[\n  inputs: ["{mix,.formatter}.exs", "{lib,test}/**/*.{ex,exs}"]\n]\n'
    files["test/test_helper.exs"] = "ExUnit.start()\n"
    return dict(sorted(files.items()))


def _quoted(text: str) -> str:
    return f' "{text}"' if len(text) <= 76 else f'\n        "{text}"'


XREF = "\n      xref: [exclude: [{}]],"
PROJECT = """\
defmodule {top}.MixProject do
  use Mix.Project

  def project do
    [
      app: :{name},
      version: "0.1.0",
      description:{description},
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      aliases: [test: "test --no-start"],{xref}
      deps: deps()
    ]
  end

  def application do
    [extra_applications: [:logger]{mod}]
  end

  defp deps do{deps}end
end
"""


def _path(module: str) -> str:
    return "lib/" + "/".join(map(snake, module.split("."))) + ".ex"


def _application(top: str, supervisor: str) -> str:
    return f"""\
defmodule {top}.Application do
  @moduledoc "Starts the supervisor {supervisor}."
  use Application

  @impl true
  def start(_type, _args) do
    {supervisor}.start_link()
  end
end
"""
