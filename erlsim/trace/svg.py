"""Drawing in SVG: elements, lines of text whose width is known beforehand, and one set of colours for light and dark.

Everything is monospaced, so that a text's width follows from its length. Colours are classes. A picture that
stands by itself follows `prefers-color-scheme`; inside a page that has a theme of its own (JupyterLab, VS Code,
Sphinx) it follows that.
"""

from __future__ import annotations

from html import escape
from typing import Any

FONT = 12
CHARACTER = 7.25
"""The width of a character in px, at most, in the fonts that are asked for."""

# name of the class: the property that it sets, its colour when light, when dark
COLOURS = {
    "paper": ("fill", "#ffffff", "#16191d"),
    "panel": ("fill", "#f3f5f7", "#22272e"),
    "edge": ("stroke", "#b6bfc9", "#4b5561"),
    "rule": ("stroke", "#dfe4e9", "#2f363e"),
    "ink": ("fill", "#1f2933", "#e4e9ee"),
    "soft": ("fill", "#56616d", "#a3afbb"),
    "up": ("fill", "#2f855a", "#56b483"),
    "restarting": ("fill", "#a86a00", "#e2b04f"),
    "waiting": ("fill", "#3a67a8", "#86aee6"),
    "down": ("fill", "#c0392b", "#f08b7f"),
    "link": ("fill", "#7a4a9e", "#c5a1e3"),
    "up-line": ("stroke", "#2f855a", "#56b483"),
    "restarting-line": ("stroke", "#a86a00", "#e2b04f"),
    "waiting-line": ("stroke", "#3a67a8", "#86aee6"),
    "down-line": ("stroke", "#c0392b", "#f08b7f"),
    "link-line": ("stroke", "#7a4a9e", "#c5a1e3"),
    "paper-line": ("stroke", "#ffffff", "#16191d"),
    "ink-line": ("stroke", "#1f2933", "#e4e9ee"),
}
THEMED = (
    ('[data-jp-theme-light="false"]', "body.vscode-dark", 'body[data-theme="dark"]'),
    ('[data-jp-theme-light="true"]', "body.vscode-light", 'body[data-theme="light"]'),
)


def _rules(theme: int, before: str = "") -> str:
    halo = COLOURS["paper"][theme]
    return (
        "".join(
            f"{before}.erlsim .{name}{{{what}:{(light, dark)[theme - 1]}}}"
            for name, (what, light, dark) in COLOURS.items()
        )
        + f"{before}.erlsim .halo{{stroke:{halo}}}"
    )


def style() -> str:
    """The style sheet that every picture carries."""
    dark, light = THEMED
    themed = "".join(_rules(2, f"{where} ") for where in dark) + "".join(_rules(1, f"{where} ") for where in light)
    return (
        f".erlsim{{font:{FONT}px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace}}"
        ".erlsim .line{fill:none;stroke-width:1.5}"
        ".erlsim .dashed{stroke-dasharray:5 4}.erlsim .dotted{stroke-dasharray:1.5 3.5}"
        ".erlsim .line-box{stroke-width:1.2}.erlsim .hit{fill:none}"
        ".erlsim .faint{opacity:.55}.erlsim .hatched{fill-opacity:.55}.erlsim .catch{fill:transparent}"
        ".erlsim .paper-line{stroke-width:4}.erlsim .cursor{stroke:none}"
        ".erlsim .bold{font-weight:bold}.erlsim .small{font-size:11px}"
        ".erlsim .halo{paint-order:stroke;stroke-width:4px;stroke-linejoin:round}"
        f"{_rules(1)}@media(prefers-color-scheme:dark){{{_rules(2)}}}{themed}"
    )


def width(text: str, size: float = FONT) -> float:
    """How wide a text is, in px."""
    return len(text) * CHARACTER * size / FONT


def number(value: float) -> str:
    """A coordinate: no more digits than are seen."""
    return f"{value:.1f}".removesuffix(".0")


def element(name: str, *inside: str, **attributes: Any) -> str:
    """`<name ...>inside</name>`; an attribute's `_` is a `-`, `cls` is its class, a float is rounded."""
    shown = []
    for key, value in attributes.items():
        if value is None:
            continue
        key = "class" if key == "cls" else key.replace("_", "-")
        text = number(value) if isinstance(value, float) else str(value)
        shown.append(f' {key}="{escape(text)}"')
    opening = f"<{name}{''.join(shown)}"
    return f"{opening}>{''.join(inside)}</{name}>" if inside else f"{opening}/>"


def tip(words: str) -> str:
    """The tooltip of an element."""
    return element("title", escape(words))


def text(x: float, y: float, words: str, cls: str = "ink", anchor: str | None = None, full: str = "") -> str:
    """A line of text; `full` is its tooltip, for a text that was cut."""
    tips = [tip(full)] if full and full != words else []
    return element("text", escape(words), *tips, x=x, y=y, cls=cls, text_anchor=anchor)


def line(x1: float, y1: float, x2: float, y2: float, cls: str) -> str:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, cls=f"line {cls}")


def path(d: str, cls: str) -> str:
    """A line along `d`."""
    return element("path", d=d, cls=f"line {cls}")


def rect(x: float, y: float, w: float, h: float, cls: str, *inside: str, rx: float = 0) -> str:
    """A rectangle."""
    return element("rect", *inside, x=x, y=y, width=w, height=h, rx=rx or None, cls=cls)


def head(x: float, y: float, direction: int, cls: str) -> str:
    """The head of an arrow that points right (1) or left (-1)."""
    back = x - direction * 8
    points = f"{number(x)},{number(y)} {number(back)},{number(y - 4)} {number(back)},{number(y + 4)}"
    return element("polygon", points=points, cls=cls)


def cross(x: float, y: float, cls: str, size: float = 5) -> str:
    """An X."""
    n = number
    a, b, c, d = n(x - size), n(x + size), n(y - size), n(y + size)
    return path(f"M{a} {c}L{b} {d}M{a} {d}L{b} {c}", cls)


class Svg(str):
    """A whole SVG as text, which a notebook shows as the drawing that it is; `words` stand for it where none can be."""

    words: str

    def __new__(cls, text: str, words: str) -> Svg:
        made = super().__new__(cls, text)
        made.words = words
        return made

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": framed(self), "image/svg+xml": str(self)}

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(self.words)


def framed(svg: str) -> str:
    """An SVG as HTML: a wide one is scrolled, and does not stretch what is around it."""
    return f'<div class="erlsim-picture" style="max-width:100%;overflow-x:auto">{svg}</div>'


def picture(w: float, h: float, title: str, parts: list[str], desc: str = "") -> Svg:
    """A whole SVG of `w` by `h` px; `title` and `desc` are what a screen reader reads."""
    inside = [element("title", escape(title)), *([element("desc", escape(desc))] if desc else [])]
    inside += [f"<style>{style()}</style>", rect(0, 0, w, h, "paper"), *parts]
    text = element(
        "svg",
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        cls="erlsim",
        width=number(w),
        height=number(h),
        viewBox=f"0 0 {number(w)} {number(h)}",
        role="img",
        aria_label=title,
    )
    return Svg(text, f"{title}\n{desc}" if desc else title)
