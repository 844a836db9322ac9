"""Heat maps of restart settings: plain text, `rich`, SVG, JSON and a page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from erlsim.lab import page as pages
from erlsim.lab.restarts.results import Outcome
from erlsim.lab.restarts.trials import Plan, Setting
from erlsim.trace import svg as draw
from erlsim.trace.facts import show

if TYPE_CHECKING:
    from rich.console import Group

CELL_WIDTH, CELL_HEIGHT, LEFT, TOP, MARGIN = 128, 46, 108, 58, 14
GOOD, FAIR = 0.95, 0.5


def grid(cells: Sequence[Outcome]) -> tuple[list[int], list[int], dict[tuple[int, ...], Outcome]]:
    """The intensities, the periods, and the outcome of each pair."""
    found = {tuple(cell.subject): cell for cell in cells if isinstance(cell.subject, Setting)}
    return sorted({key[0] for key in found}), sorted({key[1] for key in found}), found


def words(cell: Outcome) -> str:
    """A cell of the first table: the chance and its interval."""
    return f"{_percent(cell.chance)} ({_percent(cell.low)}–{_percent(cell.high)})"


def _percent(share: float) -> str:
    """Never 100 % of what is less, nor 0 % of what is more."""
    if 0.9995 <= share < 1:
        return ">99.9%"
    if 0 < share < 0.0005:
        return "<0.1%"
    return f"{share:.1%}"


def text(cells: Sequence[Outcome], plans: Sequence[Outcome]) -> list[str]:
    """A table of the chance to survive, one of the time away, and one of the plans."""
    found = []
    if cells:
        found.append("Chance to survive (95 % interval):\n" + _aligned(_rows(cells, words)))
        if any(cell.exact is not None for cell in cells):
            computed = _rows(cells, lambda cell: "" if cell.exact is None else _percent(cell.exact))
            found.append("The same, computed:\n" + _aligned(computed))
        found.append("Time away, given up included:\n" + _aligned(_rows(cells, lambda cell: f"{cell.away:.3%}")))
    if plans:
        found.append("Plans:\n" + _aligned([["plan", "chance to survive", "time away", "gave up"], *map(_plan, plans)]))
    return found


def _plan(each: Outcome) -> list[str]:
    gave_up = "never" if each.gave_up is None else f"after {each.gave_up / 1000:,.0f} s (median)"
    return [str(each.subject), words(each), f"{each.away:.3%}", gave_up]


def _rows(cells: Sequence[Outcome], shown: Any) -> list[list[str]]:
    intensities, periods, found = grid(cells)
    head = ["intensity", *(f"in {period} s" for period in periods)]
    return [head, *([str(i), *(shown(found[i, p]) for p in periods)] for i in intensities)]


def _aligned(rows: list[list[str]]) -> str:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def rich_tables(head: str, cells: Sequence[Outcome], plans: Sequence[Outcome], foot: str) -> Group:
    """The same for a terminal, in colours."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    parts: list[Any] = [Text(head, "bold")]
    if cells:
        intensities, periods, found = grid(cells)
        table = Table("intensity", *(f"in {period} s" for period in periods), title="chance to survive (95 % interval)")
        for intensity in intensities:
            row = [found[intensity, period] for period in periods]
            table.add_row(str(intensity), *(Text(words(cell), _style(cell.chance)) for cell in row))
        parts.append(table)
        away = Table("intensity", *(f"in {period} s" for period in periods), title="time away, given up included")
        for intensity in intensities:
            row = [found[intensity, period] for period in periods]
            away.add_row(str(intensity), *(Text(f"{cell.away:.3%}", _style(1 - cell.away)) for cell in row))
        parts.append(away)
    if plans:
        table = Table("plan", "chance to survive", "time away", "gave up")
        for each in plans:
            table.add_row(*_plan(each))
        parts.append(table)
    return Group(*parts, Text(f"\n{foot}"))


def _style(share: float) -> str:
    return "black on green" if share >= GOOD else "black on yellow" if share >= FAIR else "white on red"


def svg(cells: Sequence[Outcome], title: str, away: bool = False) -> str:
    """One square a setting: the deeper its colour, the more often it survives (or the longer the child is away)."""
    intensities, periods, found = grid(cells)
    what = "time away, given up included" if away else "chance to survive, and its 95 % interval"
    parts = [draw.text(MARGIN, MARGIN + 12, what, "ink bold")]
    for column, period in enumerate(periods):
        x = LEFT + column * CELL_WIDTH + CELL_WIDTH / 2
        parts.append(draw.text(x, TOP - 10, f"in {period} s", "soft", anchor="middle"))
    for line, intensity in enumerate(intensities):
        y = TOP + line * CELL_HEIGHT
        parts.append(draw.text(MARGIN, y + CELL_HEIGHT / 2 + 4, f"intensity {intensity}", "soft"))
        for column, period in enumerate(periods):
            parts += _square(LEFT + column * CELL_WIDTH, y, found[intensity, period], away)
    width = max(LEFT + CELL_WIDTH * len(periods), MARGIN + draw.width(what)) + MARGIN
    return draw.picture(width, TOP + CELL_HEIGHT * len(intensities) + MARGIN, f"{title}: {what}", parts)


def _square(x: float, y: float, cell: Outcome, away: bool) -> list[str]:
    share = cell.away if away else cell.chance
    tip = draw.tip(f"{cell.subject}: {words(cell)}, away {cell.away:.3%}")
    box = draw.element(
        "rect",
        tip,
        x=x + 2,
        y=y + 2,
        width=CELL_WIDTH - 4,
        height=CELL_HEIGHT - 4,
        rx=4,
        cls="down" if away else "up",
        fill_opacity=f"{0.06 + 0.54 * share:.2f}",
    )
    middle = x + CELL_WIDTH / 2
    if away:
        return [box, draw.text(middle, y + CELL_HEIGHT / 2 + 4, f"{cell.away:.3%}", "ink bold", anchor="middle")]
    interval = f"{_percent(cell.low)}–{_percent(cell.high)}"
    return [
        box,
        draw.text(middle, y + CELL_HEIGHT / 2 - 1, _percent(cell.chance), "ink bold", anchor="middle"),
        draw.text(middle, y + CELL_HEIGHT / 2 + 14, interval, "ink small", anchor="middle"),
    ]


def as_json(cell: Outcome) -> dict[str, Any]:
    """One outcome."""
    subject = cell.subject
    if isinstance(subject, Plan):
        about: dict[str, Any] = {"name": subject.name, "plan": show(list(subject.plan)), "count": subject.count}
    else:
        about = subject._asdict()
    return {
        **about,
        "runs": cell.runs,
        "survived": cell.survived,
        "chance": cell.chance,
        "interval": [cell.low, cell.high],
        "computed": cell.exact,
        "away": cell.away,
        "away_while_alive": cell.away_alive,
        "gave_up_after_ms_median": cell.gave_up,
    }


def page(title: str, head: str, cells: Sequence[Outcome], plans: Sequence[Outcome], advice: list[str]) -> str:
    """The page: the recommendation, both heat maps, the tables."""
    cards = [_card("Recommendation", f'<pre class="prose">{escape(advice[0])}</pre>')]
    if cells:
        cards.append(_card("Chance to survive", svg(cells, head)))
        cards.append(_card("Time away", svg(cells, head, away=True)))
    tables = "\n\n".join(text(cells, plans))
    cards.append(_card("Tables", f"<pre>{escape(tables)}</pre>"))
    parts = {
        "title": escape(title),
        "summary": escape(head),
        "notes": pages.note(advice[1]),
        "cards": "".join(cards),
    }
    return pages.fill("cards.html", parts)


def _card(title: str, inside: str) -> str:
    return f'<section class="card wide"><h2>{escape(title)}</h2><div class="body picture">{inside}</div></section>'
