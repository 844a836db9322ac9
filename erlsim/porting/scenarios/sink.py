"""The process that collects what a scenario reports and prints.

It is the driver's group leader, and the log handler `Handler` sends it every event: as a report
(what a caller can observe of it, without sizes) and as text.
"""

from __future__ import annotations

from collections.abc import Callable

from erlsim import erlang
from erlsim.io import text_of
from erlsim.otp import logger
from erlsim.porting.scenarios import texts
from erlsim.terms import Term, matchable

UNKNOWABLE = ("heap_size", "stack_size", "reductions")

# The handler's name.
HANDLER = "erlsim_scenario"


class Handler:
    """A logger handler: `config["sink"]` gets every event, `render(event)` makes its text."""

    def __init__(self, render: Callable[[Term], str]) -> None:
        self.render = render

    def log(self, event: Term, config: Term) -> None:
        """`log/2` of a handler."""
        sink = config["sink"]
        erlang.send(sink, ("text", texts.mask(self.render(event)).encode()))
        if event["msg"][0] == "report":
            erlang.send(sink, ("report", (event["level"], observable(event["msg"][1], event["meta"]))))


def observable(report: Term, meta: Term) -> Term:
    """`{Label, Report}`, without what a simulator cannot know."""
    match report:
        case {"label": ("proc_lib", "crash") as label, "report": [info, *linked]}:
            known = [each for each in info if not (isinstance(each, tuple) and each[0] in UNKNOWABLE)]
            return (label, [known, *("linked" for _ in linked)])
        case {"label": ("error_logger", kind), "report": inner}:
            return (kind, inner)
        case {"label": label, "report": inner}:
            return (label, inner)
    match meta:
        case {"error_logger": {"type": kind}}:
            return (kind, report)
    return ("report", report)


def listen(sink: Term, render: Callable[[Term], str], level: str) -> None:
    """Let `sink` have what is logged at this level and above, and nobody else."""
    logger.set_primary_config("level", level)
    logger.remove_handler("default")
    logger.add_handler(HANDLER, Handler(render), {"sink": sink, "level": "all"})


async def collect() -> None:
    """The sink's loop: reports, texts and io until somebody asks for them."""
    kept: dict[str, list[Term]] = {"reports": [], "texts": [], "io": []}
    while True:
        match matchable(await erlang.receive()):
            case ("report", report):
                kept["reports"].append(report)
            case ("text", text):
                kept["texts"].append(text)
            case ("take", what, asker):
                erlang.send(asker, ("sink", kept[what]))
                kept[what] = []
            case ("io_request", sender, reply_as, request):
                kept["io"].append(await written(request))
                erlang.send(sender, ("io_reply", reply_as, answer(request)))


async def written(request: Term) -> Term:
    match matchable(request):
        case ("put_chars", _, module, function, args):
            return text_of(await erlang.apply(module, function, args)).encode()
        case ("put_chars", _, chars) | ("put_chars", chars):
            return text_of(chars).encode()
    return b""


def answer(request: Term) -> Term:
    match matchable(request):
        case ("get_until", _, _, _, _, _):
            return "eof"
        case "getopts":
            return []
        case ("get_geometry", _):
            return ("error", "enotsup")
    return "ok"


async def take(sink: Term, what: str) -> Term:
    """What the sink has collected of `what` since the last time."""
    erlang.send(sink, ("take", what, erlang.self()))
    return (await erlang.receive(("sink", ...)))[1]
