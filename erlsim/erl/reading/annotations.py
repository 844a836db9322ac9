"""Where a token or a node of a form stands. Mirrors what `erl_parse` needs of `erl_anno`.

An annotation is the location `(line, column)`. A few are more or less, as on the BEAM: the text of a quoted atom that
a feature may make a keyword, the mark of a `-file` attribute that the source itself wrote, the line alone of a size
that was not written. Those are `Noted`: locations to whoever compares them, other terms to whoever asks.
"""

from __future__ import annotations

from typing import Any, cast

from erlsim.terms import Term, chars

Location = tuple[int, int]
Token = tuple[Any, ...]
Node = tuple[Any, ...]

LITERALS = frozenset({"atom", "integer", "float", "char", "var"})


class Noted(tuple[int, int]):
    """A location that carries the `text` of its token, or the mark `generated`, or is a line alone."""

    text: str | None
    generated: bool
    line_only: bool

    def __new__(
        cls, location: Location, text: str | None = None, generated: bool = False, line_only: bool = False
    ) -> Noted:
        """A location with a note."""
        made = super().__new__(cls, location)
        made.text = text
        made.generated = generated
        made.line_only = line_only
        return made


def term(anno: Location) -> Term:
    """The annotation as `erl_anno` has it: the location alone, or a list of what is known."""
    if not isinstance(anno, Noted):
        return anno
    if anno.line_only:
        return anno[0]
    location = ("location", tuple(anno))
    if anno.generated:
        return [("generated", True), location]
    return [("text", chars(anno.text or "")), location]


def with_terms(node: Any) -> Any:
    """A form whose annotations are those of `erl_anno`, all the way down."""
    if isinstance(node, Noted):
        return term(node)
    if type(node) is tuple:
        return tuple(with_terms(each) for each in node)
    if type(node) is list:
        return [with_terms(each) for each in node]
    return node


def first(node: Node) -> Location:
    """The annotation of the leftmost token: of the nodes in preorder, the last before annotations grow."""
    best: Location = node[1]
    if node[0] in LITERALS:
        return best
    if node[0] == "remote" and node[2][0] in LITERALS and node[2][1] <= best < node[3][1]:
        # `module:function`, as most are.
        return cast("Location", node[2][1])
    waiting: list[Any] = [node]
    while waiting:
        each = waiting.pop()
        if type(each) is list:
            waiting.extend(part for part in reversed(each) if type(part) is tuple or type(part) is list)
            continue
        parts = _parts(each)
        if parts is None:
            continue
        if each[0] not in ("clauses", "function"):
            if each[1] > best:
                return best
            best = each[1]
        waiting.extend(part for part in reversed(parts) if type(part) is tuple or type(part) is list)
    return best


def last(node: Node) -> Location:
    """The greatest annotation in a node."""
    best: Location = node[1]
    waiting: list[Any] = [node]
    while waiting:
        each = waiting.pop()
        if type(each) is list:
            waiting.extend(part for part in each if type(part) is tuple or type(part) is list)
            continue
        parts = _parts(each)
        if parts is None:
            continue
        if each[0] not in ("clauses", "function"):
            best = max(best, each[1])
        waiting.extend(part for part in parts if type(part) is tuple or type(part) is list)
    return best


def _parts(node: Node) -> tuple[Any, ...] | None:
    """What `erl_parse:fold_anno` visits below a node; `None` for the name of a local function."""
    if node[0] == "clauses":
        return node[1:]
    if node[0] == "function":
        return node[1:] if len(node) == 4 else None
    return node[2:4] if node[0] == "bin_element" else node[2:]
