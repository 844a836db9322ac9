"""The player's buttons in a notebook: ipywidgets, which act in the kernel; no server of ours, no script of ours.

Without ipywidgets (the extra `widgets`) a notebook shows the page of the run, whose buttons show the code instead.
"""

from __future__ import annotations

from html import escape
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from erlsim.errors import ErlsimError
from erlsim.terms import parse
from erlsim.trace.facts import show

Player = Any
"""A `Player`, whose module is above this one."""
MOVES = (
    ("rewind", "|◀", "to the start", lambda player: player.rewind()),
    ("back", "◀", "one event back", lambda player: player.back()),
    ("step", "▶", "one event on", lambda player: player.step()),
    ("turn", "▶●", "until another process runs", lambda player: player.turn()),
    ("millisecond", "+1 ms", "one virtual millisecond on", lambda player: player.advance(1)),
    ("crash", "▶✕", "to the next crash or restart", lambda player: player.to_crash()),
    ("last", "▶|", "to the end", lambda player: player.goto(len(player.trace))),
)
ACTS = ("kill", "exit", "send", "suspend", "resume", "undo")
EVENTS = 6
"""So many events before the position are shown."""


def is_there() -> bool:
    """Whether ipywidgets is installed."""
    return find_spec("ipywidgets") is not None


class Buttons:
    """The widget of one player. `box` is what a notebook shows, `buttons` are by name, `failed` has what went wrong."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self._widgets = widgets = import_module("ipywidgets")
        self.buttons: dict[str, Any] = {}
        moves = [self._button(name, text, words, move) for name, text, words, move in MOVES]
        self.place = widgets.BoundedIntText(min=0, max=len(player.trace), description="event")
        self.who = widgets.Dropdown(description="process", options=[])
        self.term = widgets.Text(description="term", placeholder="an Erlang term: shutdown, {add,1}")
        acts = [self._button(name, name, f"{name}, at this event", self._act(name)) for name in ACTS]
        self.clock, self.failed = widgets.HTML(), widgets.HTML()
        # A tree may be wider than the cell: it scrolls, and is not cut.
        self.picture = widgets.HTML(layout=widgets.Layout(width="100%", overflow="auto"))
        self.place.observe(self._moved, names="value")
        rows = [[*moves, self.place, self.clock], [self.who, self.term, *acts]]
        layout = widgets.Layout(flex_flow="row wrap")
        self.box = widgets.VBox(
            [*(widgets.HBox(row, layout=layout) for row in rows), self.failed, self.picture],
        )
        self.draw()

    def _button(self, name: str, text: str, words: str, action: Any) -> Any:
        layout = self._widgets.Layout(width="auto")
        made = self.buttons[name] = self._widgets.Button(description=text, tooltip=words, layout=layout)
        made.on_click(lambda _button: self._try(action))
        return made

    def _act(self, name: str) -> Any:
        def act(player: Player) -> Any:
            if name == "undo":
                return player.undo()
            more = [parse(self.term.value)] if name in ("exit", "send") else []
            return getattr(player, name)(self.who.value, *more)

        return act

    def _moved(self, change: Any) -> None:
        # The number follows the player as well: that is no wish to go anywhere.
        if change["new"] != self.player.event:
            self._try(lambda player: player.goto(change["new"]))

    def _try(self, action: Any) -> None:
        """Do something with the player, and show what is the case then, or what was wrong."""
        self.failed.value = ""
        try:
            action(self.player)
        except (ErlsimError, ValueError) as failure:
            self.failed.value = f'<span style="color:#c0392b">{escape(str(failure))}</span>'
        self.draw()

    def draw(self) -> None:
        """Show the position."""
        player = self.player
        self.place.max = len(player.trace)
        if self.place.value != player.event:
            self.place.value = player.event
        self.clock.value = f"of {len(player.trace):,} · {player.time:,} ms"
        choices = self._processes()
        chosen = self.who.value
        self.who.options = choices
        living = [pid for _, pid in choices]
        if living:
            self.who.value = chosen if chosen in living else living[0]
        self.picture.value = f"{player.tree()._repr_html_()}{self._details()}"

    def _processes(self) -> list[tuple[str, str]]:
        """The living processes but the shell: what they are called, and their pids."""
        found = []
        waiting = list(self.player.tree().nodes)
        while waiting:
            node = waiting.pop(0)
            waiting[:0] = [*node.children, *node.spawned]
            if node.pid is not None and node.kind != "shell" and node.state == "running":
                found.append((f"{node.title} {node.pid!r}".strip(), repr(node.pid)))
        return found

    def _details(self) -> str:
        """The last events, the mailboxes, where the process of the event is, and the code of it all."""
        player = self.player
        events = [f"{n + 1:>5} {player.trace[n]}" for n in range(max(player.event - EVENTS, 0), player.event)]
        boxes = [
            f"{box.title} {box.pid!r}: {', '.join(show(each, 80) for each in box.messages)}"
            for box in player.moment.mailboxes
        ]
        lines = [*events, "", *(["mailboxes", *boxes, ""] if boxes else []), *self._seen(), player.code]
        return f"<pre>{escape(chr(10).join(lines))}</pre>"

    def _seen(self) -> list[str]:
        player, states = self.player, self.player.trace.states
        if states is None or player.last is None:
            return []
        state = states.of(player.last.pid, player.event - 1)
        at = [f"at {state.source}   ({state.function}, line {state.line})"] if state.file else []
        kept = [f"state {state.state}"] if state.state is not None else []
        return [*at, *(f"  {name} = {value}" for name, value in state.variables), *kept, ""]
