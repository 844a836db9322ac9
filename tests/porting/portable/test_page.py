"""The page "Write portable Python" tells of the rules as they are."""

from __future__ import annotations

from docs._tools import portable


def test_the_page_has_every_rule_as_it_is():
    # If not: python -m docs._tools.portable
    page = portable.PAGE.read_text(encoding="utf-8")
    assert portable.page(page) == page
