"""What was compiled is kept, and used as long as nothing has changed that it was made of."""

from __future__ import annotations

import inspect
import os
import threading

import pytest

import erlsim
from erlsim import erl
from erlsim.erl import caching, loading, reading

SOURCE = """-module(kept).
-export([greet/1, fails/1]).
-include("words.hrl").
-ifdef(LOUD).
greet(Name) -> {?GREETING, Name, loud}.
-else.
greet(Name) -> {?GREETING, helper:adorned(Name)}.
-endif.
fails(X) ->
    Y = [N * 2 || N <- X],
    hd(Y).
"""
HELPER = "-module(helper).\n-export([adorned/1]).\nadorned(X) -> %s.\n"


@pytest.fixture
def compiled(monkeypatch):
    """The names of the modules that were compiled."""
    found = []

    class Unit(loading.Unit):
        def object_code(self):
            made = super().object_code()
            found.append(made.name)
            return made

    monkeypatch.setattr(loading, "Unit", Unit)
    return found


@pytest.fixture
def project(tmp_path):
    """A folder with a source and its header."""
    (tmp_path / "kept.erl").write_text(SOURCE)
    (tmp_path / "include").mkdir()
    (tmp_path / "include" / "words.hrl").write_text("-define(GREETING, hello).\n")
    with erlsim.Simulation():
        yield tmp_path


def load(project, **options):
    """The module, with the cache beside it."""
    return erl.load(project / "kept.erl", includes=[project / "include"], cache=project / "cache", **options)


def helper(value):
    """Have a helper that does something else."""
    erl.load_text(HELPER % value)


def files(project):
    """What lies in the cache."""
    return sorted((project / "cache").iterdir())


def test_what_was_compiled_is_not_compiled_again(project, compiled):
    helper("X")
    compiled.clear()
    first = load(project)
    again = load(project)
    assert compiled == ["kept"]
    assert first.greet("you") == again.greet("you") == ("hello", "you")
    assert len(files(project)) == 1


def test_what_comes_from_the_cache_fails_at_the_same_places(project):
    stacks = []
    for _ in range(2):
        with pytest.raises(erlsim.Error) as failure:
            load(project).fails(["x"])
        stacks.append(failure.value.stack)
    assert stacks[0] == stacks[1]
    assert [entry[1] for entry in stacks[0][1:3]] == ["-fails/1-lc$^0/1-0-", "fails"]
    assert dict(stacks[0][2][3])["line"] == 10


def changed_source(project):
    (project / "kept.erl").write_text(SOURCE.replace("{?GREETING, helper:", "{why, helper:"))


def changed_header(project):
    (project / "include" / "words.hrl").write_text("-define(GREETING, why).\n")


def header_that_is_found_first(project):
    (project / "words.hrl").write_text("-define(GREETING, why).\n")


@pytest.mark.parametrize("change", [changed_source, changed_header, header_that_is_found_first])
def test_what_has_changed_is_compiled_again(project, compiled, change):
    helper("X")
    load(project)
    change(project)
    compiled.clear()
    assert load(project).greet("me") == ("why", "me")
    assert load(project).greet("me") == ("why", "me")
    assert compiled == ["kept"]


def test_other_macros_are_another_module(project, compiled):
    helper("X")
    compiled.clear()
    load(project)
    assert load(project, macros={"LOUD": True}).greet("you") == ("hello", "you", "loud")
    assert load(project).greet("you") == ("hello", "you")
    assert compiled == ["kept", "kept"]


def test_a_function_elsewhere_that_may_wait_now_is_another_one(project, compiled):
    helper("X")
    assert load(project).greet("you") == ("hello", "you")
    helper("receive Y -> {X, Y} after 10 -> {X, late} end")
    compiled.clear()
    assert inspect.iscoroutinefunction(load(project).greet)
    assert compiled == ["kept"]


@pytest.mark.parametrize(
    "damage", [lambda data: b"", lambda data: data[: len(data) // 2], lambda data: data[:-1] + b"?"]
)
def test_a_damaged_file_is_as_good_as_none(project, compiled, damage):
    load(project)
    (file,) = files(project)
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    compiled.clear()
    load(project)
    load(project)
    assert compiled == ["kept"]
    assert len(files(project)) == 1


def test_where_nothing_can_be_written_nothing_is_kept(project, compiled):
    (project / "cache").write_text("no folder")
    load(project)
    load(project)
    assert compiled == ["kept", "kept"]
    assert (project / "cache").read_text() == "no folder"


def test_what_python_cannot_write_is_not_kept(project, compiled):
    (project / "kept.erl").write_text("-module(kept).\n-export([one/0]).\n-odd([a | b]).\none() -> 1.\n")
    assert load(project).one() == load(project).one() == 1
    assert compiled == ["kept", "kept"]
    assert not (project / "cache").exists()


def test_the_environment_moves_the_cache_or_turns_it_off(project, monkeypatch):
    source = project / "include" / "words.erl"
    source.write_text("-module(words).\n")
    monkeypatch.setenv("ERLSIM_CACHE", str(project / "elsewhere"))
    erl.load(source)
    assert len(list((project / "elsewhere").iterdir())) == 1
    for off in ("off", "0", ""):
        monkeypatch.setenv("ERLSIM_CACHE", off)
        assert caching.folder() is None
    monkeypatch.delenv("ERLSIM_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(project / "mine"))
    monkeypatch.setattr("sys.platform", "linux")
    assert caching.folder() == project / "mine" / "erlsim"
    assert caching.folder(False) is None


def test_the_oldest_of_too_many_files_go(project, monkeypatch):
    monkeypatch.setattr(caching, "_MOST", 2)
    (project / "cache").mkdir()
    for number in range(3):
        old = project / "cache" / f"{number}.erlc"
        old.write_bytes(b"")
        os.utime(old, (number, number))
    load(project)
    assert [each.name for each in files(project) if len(each.stem) == 1] == ["2.erlc"]
    assert len(files(project)) == 2


def test_many_may_keep_and_find_at_the_same_time(project):
    load(project)
    (kept,) = files(project)
    places = reading.Places([str(project / "include")], [loading.HEADERS])

    def cache():
        return caching.Cache(project / "cache", str(project / "kept.erl"), places, {}, [])

    object_code = cache().find(lambda _: True)
    found = []

    def busy():
        for _ in range(20):
            cache().keep(object_code)
            found.append(cache().find(lambda _: True))

    workers = [threading.Thread(target=busy) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [each.name for each in found] == ["kept"] * 80
    assert files(project) == [kept]
