"""Examples in docstrings run and show what they say.

They may await at the top, as in a notebook; each docstring begins without a simulation.
"""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil

import pytest

import director
import erlsim
import gen_tracker
from erlsim._kernel import thread
from tests.docs.sessions import Session

PACKAGES = (erlsim, director, gen_tracker)
COMMAND = "__main__"


def modules():
    """Every module of the packages."""
    for package in PACKAGES:
        yield package
        for info in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not info.name.endswith(COMMAND):
                yield importlib.import_module(info.name)


def documented():
    """Name and docstring of each module, class and function that has examples."""
    found = {}
    for module in modules():
        things = [(module.__name__, module)]
        for name, thing in vars(module).items():
            if getattr(thing, "__module__", None) == module.__name__:
                things.append((f"{module.__name__}.{name}", thing))
                if inspect.isclass(thing):
                    things += [(f"{module.__name__}.{name}.{key}", value) for key, value in vars(thing).items()]
        for name, thing in things:
            text = getattr(thing, "__doc__", None)
            if not (inspect.ismodule(thing) or inspect.isclass(thing) or inspect.isroutine(thing)):
                continue  # a value, with the docstring of its class
            if isinstance(text, str) and ">>>" in text:
                found[name] = (text, module)
    return found


DOCUMENTED = documented()


@pytest.mark.parametrize("name", DOCUMENTED)
def test_the_examples_of_a_docstring_show_what_they_say(name):
    text, module = DOCUMENTED[name]
    session = Session()
    session.names.update(vars(module))
    world, thread.world = thread.world, None
    checker, flags = doctest.OutputChecker(), doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    try:
        for example in doctest.DocTestParser().get_examples(text):
            shown = session.run(example.source)
            assert checker.check_output(example.want, shown, flags), (
                f"{example.source}shows\n{shown}not\n{example.want}"
            )
    finally:
        thread.world = world


def test_there_are_examples_in_docstrings():
    assert "erlsim.simulation.run" in DOCUMENTED
