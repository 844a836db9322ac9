"""A refusal: what has no translation that is right for certain is not translated, and says why."""

from __future__ import annotations

import ast


class Refused(Exception):
    """This node cannot be translated: `reason` says why, and what would help."""

    def __init__(self, node: ast.AST | None, reason: str) -> None:
        super().__init__(reason)
        self.node = node
        self.reason = reason
        self.line = getattr(node, "lineno", 0)


def text_of(node: ast.AST) -> str:
    """A node as Python, on one line."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 60 else text[:57] + "..."
