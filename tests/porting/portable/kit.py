"""What the tests share: the examples of the rules as programs."""

from __future__ import annotations

import types

from erlsim.erl import load_text

# What stands before each example in Python, and before each in Erlang.
PRELUDE = """\
import erlsim
from erlsim import erlang, ets, terms, timer
from erlsim.otp import gen_server
from erlsim.terms import Term

"""
HEAD = "-module(ported).\n-compile([export_all, nowarn_export_all]).\n\n"
MARK = "# <-"


def marked(text):
    """The numbers of the lines that are marked."""
    return [number for number, line in enumerate(text.splitlines(), 1) if MARK in line]


def places(findings):
    """Line and rule of each."""
    return [(each.line, each.code) for each in findings]


def main_of(text):
    """The function main of a program."""
    module = types.ModuleType("portable_example")
    exec(compile(text, "portable_example.py", "exec"), module.__dict__)
    return module.main


def erlang_main_of(text):
    """The function main/0 of an Erlang program."""
    return load_text(HEAD + text, "ported.erl").main
