"""How trees are shown: as lines for a terminal, boxes in SVG, a flow chart in Mermaid.

All three fold long lists: of more than `MANY` processes below one, the first are shown, and a line says
how many more there are and in which states.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from erlsim.errors import ErlsimError
from erlsim.trace import svg as draw
from erlsim.trace.events import SHELL
from erlsim.trace.facts import cut, show
from erlsim.trace.picture import Line, Piece
from erlsim.trace.tree.layout import BETWEEN, GAP, HIGH, INDENT, MARGIN, Place, down, to_the_right
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

PAD, DOT = 10, 12
DIRECTIONS = ("right", "down")


class _Box(NamedTuple):
    node: Shown
    place: Place


def svg(nodes: tuple[Node, ...], title: str, text: str, direction: str = "right") -> str:
    """Boxes of two lines, children to the right or below; dashed curves for links, dotted ones for monitors."""
    if direction not in DIRECTIONS:
        raise ErlsimError(f"a tree is drawn 'right' or 'down', not {direction!r}")
    found = list(_boxes(nodes))
    boxes = [_Box(node, Place(parent, depth, _width(node))) for node, depth, parent in found]
    places = [box.place for box in boxes]
    (to_the_right if direction == "right" else down)(places)
    parts = [_edge(box, places[box.place.parent], direction) for box in boxes if box.place.parent >= 0]
    parts += [_box(box) for box in boxes]
    right = max((place.x + place.wide for place in places), default=200.0)
    curves, bulge = _curves(boxes)
    height = max((place.y for place in places), default=0.0) + HIGH + MARGIN
    if not boxes:
        parts = [draw.text(MARGIN, MARGIN + 16, "nobody is alive", "soft")]
    return draw.picture(right + MARGIN + bulge, height, title, parts + curves, text)


def _boxes(nodes: tuple[Node, ...]) -> Iterator[tuple[Shown, int, int]]:
    """Every node with its depth and the number of its parent, parents before their children."""
    waiting: list[tuple[Shown, int, int]] = [(node, 0, -1) for node in reversed(_folded(nodes))]
    number = 0
    while waiting:
        node, depth, parent = waiting.pop()
        yield node, depth, parent
        inner = [] if isinstance(node, Fold) else below(node)
        waiting += [(each, depth + 1, number) for each in reversed(inner)]
        number += 1


def _words(node: Shown) -> tuple[str, str]:
    """The two lines of a box: what it is called, and the rest."""
    if isinstance(node, Fold):
        return node.text(), ""
    pieces = _pieces(node)
    head = pieces[0][0] if node.title else ""
    rest = "".join(text for text, _ in pieces)[len(head) :].strip()
    return head, rest


def _width(node: Shown) -> float:
    # Bold letters are a little wider in some fonts.
    head, rest = _words(node)
    return 2 * PAD + DOT + max(draw.width(head) * 1.04, draw.width(rest), 70.0)


def _box(box: _Box) -> str:
    node, (x, y) = box.node, (box.place.x, box.place.y)
    head, rest = _words(node)
    inside = [] if isinstance(node, Fold) else [draw.tip(_tip(node))]
    style = "waiting" if isinstance(node, Fold) else STYLES.get(node.state, "down")
    dashes = "" if isinstance(node, Fold) or node.pid is not None else " dashed"
    parts = [draw.rect(x, y, box.place.wide, HIGH, f"panel line-box {style}-line{dashes}", *inside, rx=5)]
    lines = [(head, "soft" if isinstance(node, Fold) else "ink bold"), (rest, "soft")]
    lines = [(words, cls) for words, cls in lines if words]
    first = y + (17 if len(lines) == 2 else 25)
    parts.append(draw.element("circle", cx=x + PAD + 2, cy=first - 4.0, r=4, cls=style))
    for number, (words, cls) in enumerate(lines):
        parts.append(draw.text(x + PAD + DOT, first + 17 * number, words, cls))
    data = {} if isinstance(node, Fold) or node.pid is None else {"data_pid": node.pid.number}
    return draw.element("g", *parts, cls="node", **data)


def _tip(node: Node) -> str:
    rows = ["".join(text for text, _ in _pieces(node)), *([f"runs {node.label}"] if node.label else [])]
    rows += [
        f"{what}: {', '.join(whom)}" for what, whom in (("links", node.links), ("monitors", node.monitors)) if whom
    ]
    return "\n".join(rows)


def _edge(box: _Box, parent: Place, direction: str) -> str:
    """From the parent's box through the gap between the generations, and into the child's box."""
    place = box.place
    supervised = isinstance(box.node, Fold) or box.node.id is not None
    tied = isinstance(box.node, Fold) or box.node.tied
    cls = "edge" + ("" if supervised and tied else " dashed" if tied else " dotted")
    n = draw.number
    middle = n(place.y + HIGH / 2)
    if direction == "right":
        way = f"M{n(parent.x + parent.wide)} {n(parent.y + HIGH / 2)}H{n(place.x - BETWEEN / 2)}V{middle}H{n(place.x)}"
    elif place.stacked:
        way = f"M{n(parent.x + INDENT / 2)} {n(parent.y + HIGH)}V{middle}H{n(place.x)}"
    else:
        start = f"M{n(parent.x + parent.wide / 2)} {n(parent.y + HIGH)}"
        way = f"{start}V{n(parent.y + HIGH + BETWEEN / 2)}H{n(place.x + place.wide / 2)}V{n(place.y)}"
    return draw.path(way, cls)


def _curves(boxes: list[_Box]) -> tuple[list[str], float]:
    """Links and monitors, right of the boxes, and how far they reach."""
    ends = {f" {box.node.pid!r}": box for box in boxes if not isinstance(box.node, Fold) and box.node.pid is not None}
    drawn: dict[tuple[Any, ...], None] = {}
    parts = []
    reach = 0.0
    for box in boxes:
        if isinstance(box.node, Fold):
            continue
        for kind, whom in (("dashed", box.node.links), ("dotted", box.node.monitors)):
            for title in whom:
                other = ends.get(title[title.rfind(" ") :])
                pair = (kind, *sorted([_number(box), _number(other)]))
                if other is None or (kind == "dashed" and pair in drawn):
                    continue
                drawn[pair] = None
                part, out = _curve(box.place, other.place, kind)
                parts.append(part)
                reach = max(reach, out)
    return parts, reach


def _number(box: _Box | None) -> int:
    """The number of the pid in a box; 0 if it has none."""
    return 0 if box is None or box.node.pid is None else int(box.node.pid.number)


def _curve(one: Place, other: Place, kind: str) -> tuple[str, float]:
    """A curve between two boxes, and how far it reaches beyond them."""
    x1, x2 = (place.x + place.wide for place in (one, other))
    y1, y2 = (place.y + HIGH / 2 for place in (one, other))
    out = max(x1, x2) + 24 + 8 * min(abs(y1 - y2) / (HIGH + GAP), 6)
    n = draw.number
    curve = draw.path(f"M{n(x1)} {n(y1)}C{n(out)} {n(y1)} {n(out)} {n(y2)} {n(x2)} {n(y2)}", f"link-line {kind}")
    return curve + (draw.head(x2, y2, -1, "link") if kind == "dotted" else ""), out - max(x1, x2)


# ---- Mermaid ----------------------------------------------------------------


def mermaid(nodes: tuple[Node, ...]) -> str:
    """A flow chart from left to right; states are classes, so that a theme may colour them."""
    rows = ["flowchart LR"]
    links: list[str] = []
    for number, (node, _, parent) in enumerate(_boxes(nodes)):
        head, rest = _words(node)
        words = "<br/>".join(quoted(cut(each, 80)) for each in (head, rest) if each)
        rows.append(f'  n{number}["{words}"]')
        if parent >= 0:
            supervised = isinstance(node, Fold) or node.id is not None
            links.append(f"  n{parent} {'---' if supervised else '-.-'} n{number}")
        if not isinstance(node, Fold) and node.kind != SHELL:
            rows.append(f"  class n{number} {STYLES.get(node.state, 'down')}")
    rows += links
    for name in ("up", "restarting", "waiting", "down"):
        rows.append(f"  classDef {name} stroke:{draw.COLOURS[name][1]},stroke-width:2px")
    return "\n".join(rows) + "\n"


def quoted(words: str) -> str:
    """A text that Mermaid takes as it is."""
    table = {'"': "#quot;", "<": "#lt;", ">": "#gt;", "#": "#35;", ";": "#59;", "`": "#96;"}
    return "".join(table.get(each, each) for each in words)
