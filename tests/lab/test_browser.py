"""The pages of the laboratory in a browser."""

from __future__ import annotations

import pytest

from erlsim.lab.blast import blast_radius
from tests.lab.kit import made
from tests.lab.trees import TREES


@pytest.fixture
def page(browser):
    return browser.new_page()


def test_the_page_shows_the_tree_of_the_victim_that_is_chosen(page, tmp_path):
    blast_radius(made(TREES["rest_for_one"])).to_html(tmp_path / "blast.html", title="A <tree>")
    page.goto((tmp_path / "blast.html").as_uri())
    page.click('button[data-name="b"]')
    assert page.inner_text("#outcome") == "b, kill at rest: recovered"
    assert page.get_attribute("li:has(button[data-name='c'])", "class") == "back"
    page.select_option("#reason", "hang")
    assert page.inner_text("#outcome") == "b, hang at rest: changed"
    assert page.get_attribute("li:has(button[data-name='b'])", "class") == "hangs"
    assert page.title() == "A <tree>"
