"""The repository keeps the house rules."""

from __future__ import annotations

import pytest

from docs._tools import divergences
from tests.house import banned, catchers, circles, exports, layers, matching, sizes, state
from tests.house.files import ROOT, everything, library, tracked

LIBRARY = library()
TEXT = (".py", ".md", ".toml", ".txt", ".yml", ".yaml", ".cfg", ".ipynb", ".out", "")


def complaints(check, sources):
    return [each for source in sources for each in check(source)]


def test_imports_point_down_only():
    assert complaints(layers.check, LIBRARY) == []


def test_no_imports_go_round_in_a_circle():
    assert circles.check(LIBRARY) == []


def test_no_folder_of_the_library_is_crowded():
    assert sizes.check_folders(LIBRARY) == []


def test_nothing_depends_on_clocks_addresses_hashes_or_global_randomness():
    assert complaints(banned.check, LIBRARY) == []


def test_no_list_is_taken_for_a_tuple():
    assert complaints(matching.check, LIBRARY) == []


def test_whoever_catches_all_lets_through_what_ends_the_run():
    assert complaints(catchers.check, LIBRARY) == []


def test_nothing_at_module_level_is_state():
    assert complaints(state.check, LIBRARY) == []


def test_the_exceptions_of_that_rule_are_needed(monkeypatch):
    allowed = dict(state.ALLOWED)
    for exception in allowed:
        monkeypatch.setattr(state, "ALLOWED", {each: why for each, why in allowed.items() if each != exception})
        assert complaints(state.check, [each for each in LIBRARY if each.path == exception[0]]) != [], exception


def test_files_and_functions_are_short():
    assert complaints(sizes.check, everything()) == []


def test_every_module_says_what_it_is():
    assert complaints(sizes.check_docstring, [each for each in everything() if each.text.strip()]) == []


def test_no_file_names_a_path_of_one_machine():
    found = []
    for path in tracked():
        if path.suffix in TEXT and "tests/golden/data" not in path.as_posix():
            found += sizes.check_paths(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    assert [each for each in found if not each.startswith("tests/house/")] == []


@pytest.mark.parametrize("source", [each for each in LIBRARY if each.is_package], ids=lambda source: source.module)
def test_every_package_says_what_it_exports_and_has_it(source):
    assert exports.check(source) == []
    assert exports.missing(source) == []


def test_every_package_is_typed():
    assert [name for name in ("erlsim", "director", "gen_tracker") if not (ROOT / name / "py.typed").exists()] == []


@pytest.mark.parametrize("original", divergences.PAGES)
def test_the_pages_of_divergences_are_up_to_date(original):
    # If not: python -m docs._tools.divergences
    page = (ROOT / "docs" / "explanation" / f"{divergences.PAGES[original]}.md").read_text(encoding="utf-8")
    assert divergences.page(page, original) == page
