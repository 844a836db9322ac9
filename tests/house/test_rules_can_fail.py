"""Each house rule finds what it is there to find."""

from __future__ import annotations

import pytest

from docs._tools import divergences
from tests.house import banned, catchers, circles, exports, layers, matching, sizes, state
from tests.house.files import Source


def source(path, text):
    return Source(path, text)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("erlsim/terms/order.py", "from erlsim._kernel import here"),
        ("erlsim/terms/order.py", "import simpy"),
        ("erlsim/_kernel/scheduler.py", "import simpy"),
        ("erlsim/_kernel/scheduler.py", "from erlsim import erlang"),
        ("erlsim/_kernel/scheduler.py", "from erlsim.trace import Trace"),
        ("erlsim/erlang.py", "from erlsim._kernel.scheduler import Scheduler"),
        ("erlsim/erlang.py", "from erlsim._kernel import scheduler"),
        ("erlsim/timer.py", "from erlsim.otp import gen_server"),
        ("erlsim/otp/gen.py", "from erlsim._kernel import here"),
        ("erlsim/otp/gen.py", "from erlsim._bifs import links"),
        ("erlsim/otp/gen.py", "import director"),
        ("erlsim/otp/gen.py", "import click"),
        ("erlsim/otp/gen.py", "def f():\n    import erlsim.testing"),
        ("director/__init__.py", "from erlsim._kernel import here"),
        ("director/server.py", "from erlsim.otp.supervisor import spec"),
        ("director/server.py", "from erlsim.otp.supervisor.spec import Child"),
        ("director/server.py", "import gen_tracker"),
        ("gen_tracker/__init__.py", "from director import start_link"),
        ("erlsim/testing/choosers.py", "from erlsim._kernel import Scheduler"),
        ("erlsim/ets/__init__.py", "import hypothesis"),
        ("erlsim/ets/table.py", "from ..otp import sys"),
        ("erlsim/erlang.py", "import numpy"),
    ],
)
def test_an_import_that_points_up_is_found(path, line):
    assert layers.check(source(path, line)) != []


@pytest.mark.parametrize("pattern", ['("EXIT", pid, reason)', '"a" | ("b", _)', '("ok", state) as answer', "_, x"])
def test_a_match_that_takes_a_list_for_a_tuple_is_found(pattern):
    text = "match {}:\n    case 1:\n        pass\n    case " + pattern + ":\n        pass\n"
    assert matching.check(source("erlsim/otp/gen.py", text.format("message"))) != []
    assert matching.check(source("erlsim/otp/gen.py", text.format("matchable(message)"))) == []


@pytest.mark.parametrize(
    "line",
    [
        "from erlsim._kernel.scheduler import Scheduler",
        "from erlsim._kernel import scheduler",
        "if TYPE_CHECKING:\n    from .scheduler import Scheduler",
        "def f():\n    import erlsim._kernel.scheduler",
    ],
)
def test_a_circle_of_imports_is_found_however_it_is_hidden(line):
    above = source("erlsim/_kernel/scheduler.py", "from erlsim._kernel.world import World")
    middle = source("erlsim/_kernel/running.py", "from erlsim._kernel.world import World")
    assert circles.check([above, middle, source("erlsim/_kernel/world.py", "from erlsim.terms import Pid")]) == []
    assert circles.check([above, middle, source("erlsim/_kernel/world.py", line)]) != []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("erlsim/_kernel/clock/environment.py", "import simpy"),
        ("erlsim/_kernel/scheduler.py", "from erlsim._kernel.clock import Timer"),
        ("erlsim/erlang.py", "from erlsim._kernel import here, receive"),
        ("erlsim/erlang.py", "from erlsim._bifs.links import link"),
        ("erlsim/otp/gen.py", "from erlsim import TIMEOUT, erlang, terms"),
        ("erlsim/otp/gen.py", "from erlsim.errors import Error"),
        ("erlsim/otp/supervisor/api.py", "from erlsim.otp.supervisor.spec import Child"),
        ("erlsim/testing/choosers.py", "from erlsim._kernel import Chooser"),
        ("erlsim/testing/choosers.py", "import hypothesis"),
        ("director/server.py", "from erlsim.otp import gen_server\nfrom director.plan import run"),
        ("director/server.py", "from . import plan"),
        ("erlsim/cli/run.py", "import click\nfrom erlsim import simulation"),
    ],
)
def test_an_import_that_points_down_is_allowed(path, line):
    assert layers.check(source(path, line)) == []


@pytest.mark.parametrize(
    "text",
    [
        "import time",
        "from time import sleep",
        "import random\nrandom.random()",
        "from random import shuffle",
        "from datetime import datetime\ndatetime.now()",
        "import datetime\ndatetime.datetime.utcnow()",
        "id(3)",
        "class A:\n    def __eq__(self, other):\n        return hash(self) == hash(other)",
        "print('x')",
        "@types.coroutine\ndef f():\n    yield",
        "for x in {1, 2}: pass",
        "[x for x in set([1])]",
        "list({1, 2})",
        "(*{1, 2},)",
        "', '.join({'a', 'b'})",
        "class A:\n    def __init__(self):\n        self.s: set[int] = set()\n    def f(self):\n        list(self.s)",
        "def f():\n    seen = {1}\n    return [x for x in seen]",
        "import uuid",
    ],
)
def test_what_differs_from_run_to_run_is_found(text):
    assert banned.check(source("erlsim/x.py", text)) != []


@pytest.mark.parametrize(
    "text",
    [
        "import random\nrandom.Random(3).random()",
        "class A:\n    def __hash__(self):\n        return hash(3)",
        "x = {1, 2}\ny = 1 in x\nz = sorted(x)",
        "for x in [1, 2]: pass",
        "def f():\n    s = {1}\ndef g(s):\n    return [x for x in s]",
        "from erlsim import timer\ntimer.sleep(3)",
    ],
)
def test_what_is_the_same_in_every_run_is_allowed(text):
    assert banned.check(source("erlsim/x.py", text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "number = 0\ndef f():\n    global number\n    number += 1",
        "from functools import cache\n@cache\ndef f(x):\n    return x",
        "import functools\n@functools.lru_cache(maxsize=9)\ndef f(x):\n    return x",
        "class A:\n    @functools.lru_cache\n    def f(self):\n        return 1",
        "seen = {}",
        "SEEN: list[int] = []",
        "seen = set()",
        "seen = collections.defaultdict(list)",
        "_numbers = itertools.count(1)",
        "NUMBERS = count(1)",
        "CURRENT = ContextVar('x')",
        "_serials = _Serials()",
        "class A:\n    listeners = []",
        "class A:\n    known: ClassVar[dict[str, int]] = {}",
        "class A:\n    number = 0\n    def f(self):\n        A.number += 1",
        "class A:\n    KNOWN = {1: 2}\n    def f(self):\n        A.KNOWN[3] = 4",
        "TABLE = {1: 2}\ndef f():\n    TABLE[3] = 4",
        "TABLE = {1: 2}\ndef f():\n    del TABLE[1]",
        "TABLE = [1]\ndef f():\n    TABLE.append(2)",
        "TABLE = [1]\nf = lambda: TABLE.append(2)",
        "from x import TABLE\ndef f():\n    TABLE.append(2)",
        "from director import checks\ndef f():\n    checks.listeners.append(2)",
        "from erlsim import code\ndef f():\n    code.generation += 1",
        "from x import A\ndef f(function):\n    setattr(A, 'init', function)",
    ],
)
def test_state_that_outlives_a_simulation_is_found(text):
    assert state.check(source("erlsim/x.py", text)) != []


@pytest.mark.parametrize(
    "text",
    [
        "TABLE = {1: 2}\ndef f():\n    return TABLE[1]",
        "TABLE = [1]\nTABLE += [2]",
        "def f(TABLE):\n    TABLE.append(2)",
        "table = [1]\ndef f():\n    table = []\n    table.append(2)",
        "class A:\n    def __init__(self):\n        self.seen = {}\n        self.seen[1] = 2",
        "NOTHING = _Nothing()\nT = TypeVar('T')\nnames = frozenset('a')",
        "class A:\n    rows: list[int] = field(default_factory=list)",
        "from erlsim import terms\ndef f(items):\n    return terms.sort(items)",
        "from erlsim.threads import thread\ndef f(world):\n    thread.world = world",
    ],
)
def test_a_table_that_nobody_changes_is_no_state(text):
    assert state.check(source("erlsim/x.py", text)) == []


def test_print_is_for_the_command_line():
    assert banned.check(source("erlsim/cli/run.py", "print(1)")) == []


def test_a_long_file_and_a_long_function_are_found():
    long = "def f():\n" + "    x = 1\n" * 59
    assert len(sizes.check(source("erlsim/x.py", long))) == 1
    assert sizes.check(source("erlsim/x.py", "def f():\n" + "    x = 1\n" * 38)) == []
    assert len(sizes.check(source("erlsim/x.py", "x = 1\n" * 800))) == 1
    assert sizes.check(source("erlsim/x.py", "x = 1\n" * 399)) == []


def test_a_folder_with_too_many_files_is_found():
    files = [source(f"erlsim/x/m{number}.py", "") for number in range(17)]
    assert sizes.check_folders(files[:16]) == []
    assert sizes.check_folders(files) == ["erlsim/x: 17 files, more than 16"]


def test_a_docstring_does_not_make_a_function_long():
    text = 'def f():\n    """One\n' + "    line\n" * 50 + '    """\n'
    assert sizes.check(source("erlsim/x.py", text)) == []


def test_a_module_without_a_docstring_is_found():
    assert sizes.check_docstring(source("erlsim/x.py", "x = 1")) != []
    assert sizes.check_docstring(source("erlsim/x.py", '"""This."""')) == []


def test_a_path_of_one_machine_is_found():
    assert sizes.check_paths("x", "see /" + "home/somebody/x") != []
    assert sizes.check_paths("x", "open('/" + "tmp/x')") != []
    assert sizes.check_paths("x", "docs/home/index.md and https://a.b/home/x") == []


def test_a_package_without_exports_is_found():
    assert exports.check(source("erlsim/x/__init__.py", '"""X."""')) != []
    assert exports.check(source("erlsim/x/__init__.py", '__all__ = ["a", "a"]')) != []
    assert exports.check(source("erlsim/_x/__init__.py", '"""X."""')) == []
    assert exports.missing(source("erlsim/terms/__init__.py", '__all__ = ["no_such_name"]')) != []


def test_divergences_are_collected_from_comments_and_docstrings():
    text = '''"""Doc.

DIVERGES(otp): one,
over two lines.

More.
"""
# DIVERGES(otp): two
# goes on
x = 1  # DIVERGES(otp): three
# not this
'''
    assert divergences.collect(text) == ["one, over two lines.", "two goes on", "three"]


def test_departures_from_one_original_are_not_taken_for_those_from_another():
    text = "# DIVERGES(otp): one\n# DIVERGES(director): two\n# goes on\nx = 1  # DIVERGES(gen_tracker): three\n"
    found = {original: divergences.collect(text, original) for original in ("otp", "director", "gen_tracker")}
    assert found == {"otp": ["one"], "director": ["two goes on"], "gen_tracker": ["three"]}


def test_the_page_keeps_what_is_written_by_hand(tmp_path):
    begin, end = divergences.MARKS
    for package in divergences.PACKAGES:
        (tmp_path / package).mkdir()
    (tmp_path / "erlsim" / "a.py").write_text("# DIVERGES(otp): it is so\n")
    first = divergences.page(f"By hand.\n{begin}\nold\n{end}\nAlso by hand.\n", "otp", tmp_path)
    assert first.startswith("By hand.\n")
    assert first.endswith("Also by hand.\n")
    assert "- It is so" in first
    assert "old" not in first
    assert divergences.page(first, "otp", tmp_path) == first


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    f()\nexcept Exception:\n    pass",
        "try:\n    f()\nexcept:\n    raise",
        "try:\n    f()\nexcept (OSError, BaseException) as exc:\n    log(exc)\n    pass_on(exc)",
        "try:\n    f()\nexcept Exception as exc:\n    pass_on(other)",
        "try:\n    f()\nexcept BaseException as exc:\n    crash(process, exc)",
        "with contextlib.suppress(KeyError, Exception):\n    f()",
    ],
)
def test_a_catcher_of_all_that_does_not_ask_the_rule_is_found(text):
    assert len(catchers.check(source("erlsim/otp/gen.py", text))) == 1


def test_a_catcher_that_asks_the_rule_or_catches_less_is_fine():
    asks = "try:\n    f()\nexcept Exception as exc:\n    pass_on(exc)\n    log(exc)"
    less = "try:\n    f()\nexcept ErlangException:\n    pass"
    assert [catchers.check(source("erlsim/otp/gen.py", text)) for text in (asks, less)] == [[], []]
