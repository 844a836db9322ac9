"""Programs and their ports: the text that was reviewed is the text that is written."""

from __future__ import annotations

import pytest

from tests.porting.drafts.pages import PAGES, page, shown
from tests.porting.drafts.programs import SOURCES, golden, ported


@pytest.fixture(scope="module")
def ports():
    return {name: ported(name) for name in SOURCES}


@pytest.mark.parametrize("name", SOURCES)
def test_a_port_is_the_one_that_was_reviewed(name, ports):
    # `python -m tests.porting.drafts` writes them anew
    assert ports[name].files == golden(name, "erlang")


def test_of_the_functions_of_callback_modules_85_percent_are_translated(ports):
    found = [each for port in ports.values() for each in port.functions if each.in_behaviour]
    assert sum(each.state == "whole" for each in found) >= 0.85 * len(found)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_shows_each_file_of_a_port_as_it_is_written(path):
    assert path.read_text(encoding="utf-8") == page(path)
    assert shown(path) == set(golden(*PAGES[path]))


@pytest.mark.parametrize("name", SOURCES)
def test_each_function_is_translated_or_says_why_it_is_not(name, ports):
    for each in ports[name].functions:
        assert bool(each.reasons) == (each.state != "whole"), each
