"""All that was found, as a value: the blasts, and how they show themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any

from erlsim.hints import nearest
from erlsim.lab.blast import drawing, page, tables
from erlsim.lab.blast.results import Blast, Group, Place
from erlsim.lab.blast.strikes import Moment, reason_text
from erlsim.terms import Term
from erlsim.trace import Tree
from erlsim.trace.facts import show

if TYPE_CHECKING:
    from rich.console import Group as Shown


@dataclass(frozen=True, repr=False)
class BlastRadius:
    """What came of every strike. `places` are the processes of the tree at rest, from the top.

    `not_tried` says in words what was left out, `window` for how many ms of virtual time each run was looked at.
    """

    blasts: tuple[Blast, ...]
    places: tuple[Place, ...]
    window: int
    not_tried: tuple[str, ...]
    tree: Tree | None = None

    def __len__(self) -> int:
        return len(self.blasts)

    def __iter__(self) -> Iterator[Blast]:
        return iter(self.blasts)

    def __getitem__(self, key: tuple[Any, ...]) -> Blast:
        """`found["store", "kill"]`, or with a moment: `found["store", "kill", 100]`; without one, the first."""
        for blast in self.of(*key[:2]):
            if len(key) < 3 or key[2] == blast.moment:
                return blast
        known = [place.name for place in self.places]
        raise KeyError(f"no strike {key!r} was tried{nearest(str(key[0]), known)}")

    def of(self, victim: str | None = None, reason: Term = None) -> list[Blast]:
        """The blasts of a victim, or of a reason, or of both."""
        return [
            each
            for each in self.blasts
            if (victim is None or each.victim == victim) and (reason is None or show(each.reason) == show(reason))
        ]

    def grouped(self) -> list[Group]:
        """The blasts with those together that did the same to the same victim."""
        moments: dict[tuple[Any, ...], list[Moment]] = {}
        firsts: dict[tuple[Any, ...], Blast] = {}
        for blast in self.blasts:
            key = (blast.victim, show(blast.reason), *blast.words)
            moments.setdefault(key, []).append(blast.moment)
            firsts.setdefault(key, blast)
        groups: dict[tuple[Any, ...], Group] = {}
        for key, blast in firsts.items():
            same = (blast.victim, str(moments[key]), *blast.words)
            group = groups.setdefault(same, Group(blast.victim, [], moments[key], blast))
            group.reasons.append(blast.reason)
        return list(groups.values())

    def sentence(self) -> str:
        """An honest sentence on what was tried."""
        victims = len({each.victim for each in self.blasts})
        reasons = ", ".join(dict.fromkeys(reason_text(each.reason) for each in self.blasts))
        runs = f"{len(self.blasts):,} run{'' if len(self.blasts) == 1 else 's'}"
        return f"{victims} of {len(self.places)} processes struck ({reasons}) in {runs} of {self.window:,} ms each"

    def text(self) -> str:
        """The table, and what was not tried."""
        return tables.text(self.grouped(), self.sentence(), self.not_tried)

    __str__ = __repr__ = text

    def __rich__(self) -> Shown:
        return tables.rich_table(self.grouped(), self.sentence(), self.not_tried)

    def to_json(self) -> dict[str, Any]:
        """All of it as what `json` can write; terms as Erlang prints them."""
        return {
            "places": [tables.place_json(place) for place in self.places],
            "window_ms": self.window,
            "tried": self.sentence(),
            "not_tried": list(self.not_tried),
            "blasts": [tables.blast_json(blast) for blast in self.blasts],
        }

    def svg(self, victim: str, reason: Term = "kill", moment: Moment = None) -> str:
        """The tree as SVG, coloured by what a strike did to each process."""
        return drawing.svg(self.places, self[(victim, reason) if moment is None else (victim, reason, moment)])

    def to_html(self, path: str | PathLike[str] | None = None, title: str = "Blast radius") -> str:
        """A page that needs no network: choose a victim and see who falls. Written to `path` if there is one."""
        text = page.page(self.places, self.blasts, title, self.sentence(), self.not_tried)
        if path is not None:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        return text
