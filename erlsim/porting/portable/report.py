"""Where findings are put: each once, without those that are waived, in the order of the sources."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from erlsim.porting.portable.findings import Finding, Rule
from erlsim.porting.portable.sources import Source


class Report:
    """The findings in some sources."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules = rules
        self._found: dict[tuple[str, int, int, str], Finding] = {}

    def add(self, source: Source, node: ast.AST, code: str, sentence: str = "", level: str | None = None) -> None:
        """`node` does not port by the rule `code`: `sentence` says what it is, or why the rule is one."""
        rule = self._rules[code]
        line, column = source.place(node)
        if source.waives(line, code):
            return
        finding = Finding(source.name, line, column, code, sentence or rule.why, rule.way, level or rule.level)
        before = self._found.get((source.name, line, column, code))
        if before is None or (before.level == "note" and finding.level == "warning"):
            self._found[source.name, line, column, code] = finding

    def findings(self) -> list[Finding]:
        """All of them, by place."""
        return [self._found[each] for each in sorted(self._found)]
