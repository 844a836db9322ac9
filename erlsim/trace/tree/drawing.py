"""How trees are shown: as lines for a terminal, boxes from left to right in SVG, a flow chart in Mermaid.

All three fold long lists: of more than `MANY` processes below one, the first are shown, and a line says
how many more there are and in which states.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from erlsim.trace import svg as draw
from erlsim.trace.events import SHELL
from erlsim.trace.facts import cut, show
from erlsim.trace.picture import Line, Piece
from erlsim.trace.tree.nodes import Node

MANY = 20
STYLES = {
    "running": "up",
    "restarting": "restarting",
    "launching": "restarting",
    "waiting": "waiting",
    "terminating": "down",
    "terminated": "down",
    "exited": "down",
    "undefined": "down",
}


class Fold(NamedTuple):
    """Processes that are not shown one by one."""

    nodes: tuple[Node, ...]

    def text(self) -> str:
        """How many, in which states."""
        states = Counter(node.state for node in self.nodes)
        return f"… {len(self.nodes):,} more: " + ", ".join(f"{count:,} {state}" for state, count in states.items())


Shown = Any
"""A `Node` or a `Fold`."""


def below(node: Node) -> list[Shown]:
    """What is drawn below a node: children, then what it has spawned, each list folded."""
    return [*_folded(node.children), *_folded(node.spawned)]


def _folded(nodes: tuple[Node, ...]) -> list[Shown]:
    if len(nodes) <= MANY:
        return list(nodes)
    return [*nodes[:MANY], Fold(nodes[MANY:])]


# ---- text -------------------------------------------------------------------


def lines(nodes: tuple[Node, ...]) -> list[Line]:
    """One line a process, and one for each list of links or monitors."""
    found: list[Line] = []
    waiting: list[tuple[Shown, str, str]] = [(node, "", "") for node in reversed(_folded(nodes))]
    while waiting:
        node, first, rest = waiting.pop()
        inner = [] if isinstance(node, Fold) else below(node)
        stem = rest + ("│  " if inner else "   ")
        found.append([(first, "frame"), *_pieces(node)])
        if not isinstance(node, Fold):
            for what, whom in (("links", node.links), ("monitors", node.monitors)):
                if whom:
                    found.append([(stem, "frame"), (f"{what}: {', '.join(whom)}", "link")])
        for number, each in enumerate(reversed(inner)):
            corner, bar = ("└─ ", "   ") if number == 0 else ("├─ ", "│  ")
            waiting.append((each, rest + corner, rest + bar))
    return found or [[("nobody is alive", "note")]]


def _pieces(node: Shown) -> list[Piece]:
    """`title <pid> state, restarts, messages`."""
    if isinstance(node, Fold):
        return [(node.text(), "note")]
    pieces: list[Piece] = [(node.title, "strong")]
    if named := also_known(node):
        pieces.append((f" ({named})", ""))
    if node.pid is not None:
        pieces.append((f" {node.pid!r}" if node.title else repr(node.pid), "pid"))
    pieces += [(f" {what(node)}" if what(node) else "", "soft")]
    if node.state != "running" or node.kind == "worker":
        pieces.append((f" {node.state}", STYLES.get(node.state, "down")))
    for remark in remarks(node):
        pieces.append((f", {remark}", ""))
    return [piece for piece in pieces if piece[0]]


def also_known(node: Node) -> str:
    """The registered name, where it is not the title anyway."""
    name = "" if node.name is None else show(node.name, 40)
    return name if name != node.title else ""


def what(node: Node) -> str:
    """The behaviour of a supervisor, or that this is an ordinary process."""
    if node.is_supervisor:
        return f"{node.kind} {node.detail}".rstrip()
    return "process" if node.kind == "process" else ""


def remarks(node: Node, messages: bool = True) -> list[str]:
    """What else is worth saying."""
    found = []
    if node.restarts:
        found.append(f"{node.restarts} restart{'' if node.restarts == 1 else 's'}")
    if node.messages and messages:
        found.append(f"{node.messages} message{'' if node.messages == 1 else 's'}")
    if not node.tied:
        found.append("not linked")
    return found


def folded_rows(nodes: tuple[Node, ...]) -> Iterator[tuple[Shown, int]]:
    """Every node that is shown, from the top, with how deep it is."""
    waiting: list[tuple[Shown, int]] = [(node, 0) for node in reversed(_folded(nodes))]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        if not isinstance(node, Fold):
            waiting += [(each, depth + 1) for each in reversed(below(node))]


# ---- SVG --------------------------------------------------------------------

ROW, GAP, PAD, MARGIN = 34, 40, 10, 14


class _Box(NamedTuple):
    node: Shown
    column: int
    row: int
    parent: int


def svg(nodes: tuple[Node, ...], title: str, text: str) -> str:
    """Boxes from left to right, children one below the other; dashed curves for links, dotted ones for monitors."""
    boxes = list(_boxes(nodes))
    widths: dict[int, float] = {}
    for box in boxes:
        widths[box.column] = max(widths.get(box.column, 0), _width(box.node))
    lefts = _lefts(widths)
    parts = [_edge(box, boxes[box.parent], lefts, widths) for box in boxes if box.parent >= 0]
    parts += [_box(box, lefts[box.column]) for box in boxes]
    right = max((lefts[box.column] + _width(box.node) for box in boxes), default=200)
    curves, bulge = _curves(boxes, lefts)
    height = 2 * MARGIN + ROW * max((box.row + 1 for box in boxes), default=1)
    if not boxes:
        parts = [draw.text(MARGIN, MARGIN + 16, "nobody is alive", "soft")]
    return draw.picture(right + MARGIN + bulge, height, title, parts + curves, text)


def _boxes(nodes: tuple[Node, ...]) -> Iterator[_Box]:
    """Every node with its column and row, parents before their children."""
    waiting: list[tuple[Shown, int, int]] = [(node, 0, -1) for node in reversed(_folded(nodes))]
    row = number = 0
    last = -1
    while waiting:
        node, column, parent = waiting.pop()
        if last >= column:
            row += 1
        last = column
        yield _Box(node, column, row, parent)
        inner = [] if isinstance(node, Fold) else below(node)
        waiting += [(each, column + 1, number) for each in reversed(inner)]
        number += 1


def _lefts(widths: dict[int, float]) -> dict[int, float]:
    lefts: dict[int, float] = {}
    x = float(MARGIN)
    for column in sorted(widths):
        lefts[column] = x
        x += widths[column] + GAP
    return lefts


def _words(node: Shown) -> tuple[str, str]:
    """The bold first part and the rest of what stands in a box."""
    if isinstance(node, Fold):
        return "", node.text()
    pieces = _pieces(node)
    head = pieces[0][0] if node.title else ""
    return head, "".join(text for text, _ in pieces)[len(head) :].strip()


def _width(node: Shown) -> float:
    head, rest = _words(node)
    return 2 * PAD + 12 + draw.width(f"{head} {rest}" if head else rest)


def _box(box: _Box, x: float) -> str:
    node = box.node
    y = MARGIN + box.row * ROW
    head, rest = _words(node)
    inside = [] if isinstance(node, Fold) else [draw.tip(_tip(node))]
    style = "waiting" if isinstance(node, Fold) else STYLES.get(node.state, "down")
    dashes = "" if isinstance(node, Fold) or node.pid is not None else " dashed"
    parts = [draw.rect(x, y, _width(node), ROW - 8, f"panel line-box {style}-line{dashes}", *inside, rx=5)]
    parts.append(draw.element("circle", cx=x + PAD + 2, cy=y + 13.0, r=4, cls=style))
    left = x + PAD + 12
    if head:
        parts.append(draw.text(left, y + 17, head, "ink bold"))
        left += draw.width(head + " ")
    parts.append(draw.text(left, y + 17, rest, "soft"))
    data = {} if isinstance(node, Fold) or node.pid is None else {"data_pid": node.pid.number}
    return draw.element("g", *parts, cls="node", **data)


def _tip(node: Node) -> str:
    rows = ["".join(text for text, _ in _pieces(node)), *([f"runs {node.label}"] if node.label else [])]
    rows += [
        f"{what}: {', '.join(whom)}" for what, whom in (("links", node.links), ("monitors", node.monitors)) if whom
    ]
    return "\n".join(rows)


def _edge(box: _Box, parent: _Box, lefts: dict[int, float], widths: dict[int, float]) -> str:
    """From the parent's box down the gap between the columns, and into the child's box."""
    x1 = lefts[parent.column] + _width(parent.node)
    x3 = lefts[box.column]
    x2 = x3 - GAP / 2
    y1, y2 = MARGIN + parent.row * ROW + 13, MARGIN + box.row * ROW + 13
    supervised = isinstance(box.node, Fold) or box.node.id is not None
    tied = isinstance(box.node, Fold) or box.node.tied
    cls = "edge" + ("" if supervised and tied else " dashed" if tied else " dotted")
    n = draw.number
    return draw.path(f"M{n(x1)} {n(y1)}H{n(x2)}V{n(y2)}H{n(x3)}", cls)


def _curves(boxes: list[_Box], lefts: dict[int, float]) -> tuple[list[str], float]:
    """Links and monitors, right of the boxes, and how far they reach."""
    ends = {f" {box.node.pid!r}": box for box in boxes if not isinstance(box.node, Fold) and box.node.pid is not None}
    drawn: dict[tuple[str, ...], None] = {}
    parts = []
    reach = 0.0
    for box in boxes:
        if isinstance(box.node, Fold):
            continue
        for kind, whom in (("dashed", box.node.links), ("dotted", box.node.monitors)):
            for title in whom:
                other = ends.get(title[title.rfind(" ") :])
                pair = (kind, *sorted([str(box.row), str(other.row if other else "")]))
                if other is None or (kind == "dashed" and pair in drawn):
                    continue
                drawn[pair] = None
                x1, x2 = (lefts[each.column] + _width(each.node) for each in (box, other))
                y1, y2 = (MARGIN + each.row * ROW + 13 for each in (box, other))
                out = max(x1, x2) + 24 + 8 * min(abs(box.row - other.row), 6)
                reach = max(reach, out - max(x1, x2))
                n = draw.number
                curve = f"M{n(x1)} {n(y1)}C{n(out)} {n(y1)} {n(out)} {n(y2)} {n(x2)} {n(y2)}"
                parts.append(draw.path(curve, f"link-line {kind}"))
                if kind == "dotted":
                    parts.append(draw.head(x2, y2, -1, "link"))
    return parts, reach


# ---- Mermaid ----------------------------------------------------------------


def mermaid(nodes: tuple[Node, ...]) -> str:
    """A flow chart from left to right; states are classes, so that a theme may colour them."""
    rows = ["flowchart LR"]
    links: list[str] = []
    for number, box in enumerate(_boxes(nodes)):
        head, rest = _words(box.node)
        words = "<br/>".join(quoted(cut(each, 80)) for each in (head, rest) if each)
        rows.append(f'  n{number}["{words}"]')
        if box.parent >= 0:
            supervised = isinstance(box.node, Fold) or box.node.id is not None
            links.append(f"  n{box.parent} {'---' if supervised else '-.-'} n{number}")
        if not isinstance(box.node, Fold) and box.node.kind != SHELL:
            rows.append(f"  class n{number} {STYLES.get(box.node.state, 'down')}")
    rows += links
    for name in ("up", "restarting", "waiting", "down"):
        rows.append(f"  classDef {name} stroke:{draw.COLOURS[name][1]},stroke-width:2px")
    return "\n".join(rows) + "\n"


def quoted(words: str) -> str:
    """A text that Mermaid takes as it is."""
    table = {'"': "#quot;", "<": "#lt;", ">": "#gt;", "#": "#35;", ";": "#59;", "`": "#96;"}
    return "".join(table.get(each, each) for each in words)
