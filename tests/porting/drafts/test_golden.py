"""Programs and their ports: the text that was reviewed is the text that is written, and it does the same."""

from __future__ import annotations

import pytest

import erlsim
from erlsim.erl.testing import Project
from erlsim.erl.testing.outcomes import Passed
from erlsim.porting.drafts import checking
from tests.porting.drafts.pages import PAGES, files_of, page, shown
from tests.porting.drafts.programs import GOLDEN, LANGUAGES, PROGRAMS, ROOT, SOURCES, golden, ported, scenarios


@pytest.fixture(scope="module")
def ports():
    return {(name, to): ported(name, to) for name in SOURCES for to in LANGUAGES}


@pytest.mark.parametrize("to", LANGUAGES)
@pytest.mark.parametrize("name", SOURCES)
def test_a_port_is_the_one_that_was_reviewed(name, to, ports):
    # `python -m tests.porting.drafts` writes them anew
    assert ports[name, to].files == golden(name, to)


@pytest.mark.parametrize("name", SOURCES)
def test_a_port_does_in_its_scenarios_what_the_prototype_does(name, ports):
    reports = checking.check(ports[name, "erlang"], GOLDEN / name / "erlang", scenarios(name))
    assert [str(each) for report in reports for each in report.differences] == []
    assert all(report.counts["erlsim"][0] >= 3 for report in reports)


def test_of_the_functions_of_callback_modules_85_percent_are_translated(ports):
    for to in LANGUAGES:
        found = [each for name in SOURCES for each in ports[name, to].functions if each.in_behaviour]
        assert len(found) > 100
        assert sum(each.state == "whole" for each in found) >= 0.85 * len(found)


@pytest.mark.parametrize("name", SOURCES)
def test_each_function_is_translated_or_says_why_it_is_not(name, ports):
    for each in ports[name, "erlang"].functions:
        assert bool(each.reasons) == (each.state != "whole"), each


def test_the_lesson_on_ports_has_the_program_that_is_tested_here():
    lesson = (ROOT / "notebooks" / "08_prototyping_a_tree.py").read_text(encoding="utf-8")
    assert f"TREE = '''\\\n{(ROOT / PROGRAMS / 'planned.py').read_text(encoding='utf-8')}'''" in lesson


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_shows_each_file_of_a_port_as_it_is_written(path):
    assert path.read_text(encoding="utf-8") == page(path)
    assert shown(path) == set(files_of(path)) >= set(golden(*PAGES[path]))


def test_exported_tests_of_a_port_whose_modules_have_other_names_pass(tmp_path, ports):
    draft = ports["turnstile", "erlang"]
    draft.write(tmp_path)
    ((path, text),) = checking.tests(draft, scenarios("turnstile")).items()
    assert "turnstile_pool:count()" in text
    assert "by_ids(tree(Tree))" in text
    (tmp_path / "test").mkdir()
    (tmp_path / path).write_text(text, encoding="utf-8")
    found = {case.name: case.run(erlsim.Simulation(trace=False)) for case in Project([tmp_path]).all_cases()}
    assert len(found) == 3
    assert all(isinstance(each, Passed) for each in found.values()), found
