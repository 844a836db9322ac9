"""Forms and errors, compared with what a real Erlang made of the same sources (`record.py`)."""

from __future__ import annotations

import json

import pytest

from erlsim import terms
from erlsim.erl import reading
from tests.erl.record import FORMS, PROGRAMS, WRONG

RECORDED = {
    "".join(map(chr, name)): forms
    for name, forms in (terms.parse(line.removesuffix(".")) for line in FORMS.read_text(encoding="utf-8").splitlines())
}
WRONG_SOURCES = [json.loads(line) for line in WRONG.read_text(encoding="utf-8").splitlines()]


def described(form):
    """A form as the BEAM has it: errors of erl_parse are in two pieces there."""
    match form:
        case ("error" | "warning" as kind, (location, "erl_parse", _) as info):
            return kind, location, reading.format_error(info)
    return reading.with_terms(form)


def recorded(form):
    match form:
        case ("error" | "warning" as kind, (location, "erl_parse", [*parts])):
            return kind, location, "".join("".join(map(chr, part)) for part in parts)
    return form


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_the_forms_of_a_source_are_those_of_the_BEAM(name, monkeypatch):
    monkeypatch.chdir(PROGRAMS)
    ours, theirs = reading.parse_file(name), RECORDED[name]
    assert [form for form, other in zip(ours, theirs, strict=False) if described(form) != recorded(other)] == []
    assert len(ours) == len(theirs)


def test_every_program_was_recorded():
    assert sorted(RECORDED) == sorted(path.name for path in PROGRAMS.glob("*.erl"))


@pytest.mark.parametrize("wrong", WRONG_SOURCES, ids=lambda wrong: wrong["source"])
def test_what_is_wrong_is_told_in_the_words_of_erlc_and_in_its_place(wrong):
    forms = reading.parse_text(wrong["source"], "wrong.erl")
    assert [reading.located("wrong.erl", info) for kind, info in errors(forms)] == [
        f"wrong.erl:{line}" for line in wrong["told"]
    ]


def errors(forms):
    return [form for form in forms if form[0] == "error"]


def body_of(text, **options):
    """The expressions of the function f/0 of a source."""
    forms = reading.parse_text(text, **options)
    assert errors(forms) == []
    return next(form for form in forms if form[0] == "function")[4][0][4]


def test_a_file_that_is_not_utf8_is_told_of_once(tmp_path):
    path = tmp_path / "latin.erl"
    path.write_bytes(b"-module(latin).\nf() -> '\xe6'.\n")
    assert reading.parse_file(str(path)) == [("error", ((2, 1), "file_io_server", "invalid_unicode"))]
    path.write_bytes(b"%% -*- coding: latin-1 -*-\nf() -> '\xe6'.\n")
    assert reading.parse_file(str(path))[1][4][0][4] == [("atom", (2, 8), "æ")]


def test_macros_may_be_given():
    assert body_of("f() -> ?A.", macros={"A": ("x", [1])})[0] == (
        "tuple",
        (1, 9),
        [("atom", (1, 9), "x"), ("cons", (1, 9), ("integer", (1, 9), 1), ("nil", (1, 9)))],
    )


def test_features_may_be_enabled_from_outside():
    assert body_of("f() -> maybe ok ?= ok end.", features=["maybe_expr"])[0][0] == "maybe"


def test_include_files_are_found_in_folders_and_in_applications(tmp_path):
    for folder, number in (("app-1.9", 1), ("app-1.10", 2), ("app-doc", 3)):
        (tmp_path / "lib" / folder / "include").mkdir(parents=True)
        (tmp_path / "lib" / folder / "include" / "a.hrl").write_text(f"-define(N, {number}).\n")
    (tmp_path / "b.hrl").write_text("-define(M, ?N).\n")
    places = reading.Places(includes=[str(tmp_path)], libraries=[str(tmp_path / "lib")])
    source = '-include_lib("app/include/a.hrl").\n-include("b.hrl").\nf() -> ?M.\n'
    assert body_of(source, places=places) == [("integer", (3, 9), 2)]


def test_a_header_that_one_folder_of_applications_lacks_is_looked_for_in_the_next(tmp_path):
    (tmp_path / "tests_only" / "app" / "test").mkdir(parents=True)
    (tmp_path / "otp" / "app-1.0" / "include").mkdir(parents=True)
    (tmp_path / "otp" / "app-1.0" / "include" / "a.hrl").write_text("-define(N, 7).\n")
    places = reading.Places(libraries=[str(tmp_path / "tests_only"), str(tmp_path / "otp")])
    source = '-include_lib("app/include/a.hrl").\nf() -> ?N.\n'
    assert body_of(source, places=places) == [("integer", (2, 9), 7)]


def test_a_variable_of_the_environment_may_begin_the_path_of_an_include_file(tmp_path):
    (tmp_path / "a.hrl").write_text("-define(N, 1).\n")
    places = reading.Places(variables={"HERE": str(tmp_path)})
    assert body_of('-include("$HERE/a.hrl").\nf() -> ?N.\n', places=places) == [("integer", (2, 9), 1)]


def test_a_file_that_includes_itself_is_stopped(tmp_path):
    (tmp_path / "a.hrl").write_text('-include("a.hrl").\n')
    forms = reading.parse_text('-include("a.hrl").\n', places=reading.Places(includes=[str(tmp_path)]))
    assert [reading.format_error(info) for _, info in errors(forms)] == ["include too deep"]


def test_numbers_of_any_length_are_read():
    digits = "9" * 10_000
    assert body_of(f"f() -> {digits}.")[0][2] == 10**10_000 - 1


def test_a_header_that_was_read_before_is_read_in_the_way_of_the_source_that_includes_it(tmp_path):
    header = '-define(SIZE, 1).\nhas(maybe) -> ?SIZE.\n-file("other.hrl", 7).\nend_() -> ok.\nwrong( -> $\\^.\n-x(.\n'
    (tmp_path / "header.hrl").write_text(header)

    def read(before=""):
        (tmp_path / "a.erl").write_text(f'{before}-module(a).\n-include("header.hrl").\nlast() -> 1.\n')
        return reading.parse_file(str(tmp_path / "a.erl"))

    first = read()
    assert [form[:4] for form in first if form[0] == "function"] == [
        ("function", (2, 1), "has", 1),
        ("function", (8, 1), "end_", 0),
        ("function", (3, 1), "last", 0),
    ]
    assert read() == first
    # Where `maybe` is a reserved word it is no pattern any more.
    featured = read("-feature(maybe_expr, enable).\n")
    assert [form for form in featured if form[:3] == ("function", (2, 1), "has")] == []
    assert read() == first
