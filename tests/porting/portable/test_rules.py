"""The table of rules: each finds what it is for, by name, at its line; the portable form is not found, and ports."""

from __future__ import annotations

import pytest

import erlsim
from erlsim import erl
from erlsim.porting.portable import check, rules
from tests.porting.portable.kit import HEAD, PRELUDE, erlang_main_of, main_of, marked, places

RULES = list(rules().values())
BY_LINT = [rule for rule in RULES if "lint" in rule.by]


def named(rules_):
    return pytest.mark.parametrize("rule", rules_, ids=lambda rule: rule.name)


@named(BY_LINT)
def test_the_lint_finds_what_is_not_portable_by_the_rules_name_in_its_line(rule):
    text = PRELUDE + rule.wrong
    expected = [(line, rule.name) for line in marked(text)]
    assert expected
    found = check(text, notes=True)
    assert [each for each in places(found) if each[1] == rule.name] == expected
    assert {each.code for each in found if each.level == "warning"} <= {rule.name}


@named(BY_LINT)
def test_the_lint_finds_nothing_in_the_portable_form(rule):
    assert check(PRELUDE + rule.right) == []
    assert rule.name not in {each.code for each in check(PRELUDE + rule.right, notes=True)}


@named(RULES)
def test_the_portable_form_gives_what_the_erlang_gives_that_it_becomes(rule):
    here = erlsim.run(main_of(PRELUDE + rule.right))
    there = erlsim.run(erlang_main_of(rule.erlang))
    assert erlsim.terms.exact_eq(here, there)


@named(RULES)
def test_erlc_has_nothing_to_say_of_the_erlang(rule, tmp_path):
    file = tmp_path / "ported.erl"
    file.write_text(HEAD + rule.erlang + "\n", encoding="utf-8")
    assert erl.lint(file) == []


@named(RULES)
def test_a_rule_says_why_and_what_to_write_in_whole_sentences(rule):
    assert rule.why.endswith(".")
    assert rule.way.endswith(".") or rule.way.endswith(").")
    assert rule.level in ("warning", "note")
    assert set(rule.by) <= {"lint", "strict"}
