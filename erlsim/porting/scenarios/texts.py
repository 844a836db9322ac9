"""Texts as the recordings keep them: what no simulator can know is masked, pids and references are numbered.

`mask` is for the texts of log events, `number` for these and for what was written to a group leader;
`fold` is how two texts are compared.
"""

from __future__ import annotations

import re

STACK = "$stack"

_TIME = re.compile(r"==== [^=]* ===")
_FUN = re.compile(r"#Fun<[^>]*>")
_PID = re.compile(r"<0\.[0-9]+\.[0-9]+>")
_REF = re.compile(r"#Ref<[0-9.]+>")
# The instants of restarts behind a period of 60 s, in a supervisor's state.
_INSTANTS = re.compile(r",60,\s*\[[-0-9,\s]*\],")
_UNCOMPARABLE = re.compile(r"\{file,|heap_size|reductions")
_DIRECTOR = re.compile(r"=ERROR REPORT==== TIME ===\n\*\* Director")
_ATOM = r"(?:'(?:[^'\\]|\\.)*'|[a-z][\w@]*)"
_STACK_START = re.compile(rf"\s*\[\{{\s*{_ATOM},\s*{_ATOM},\s*(?:\d+|\[)")


def mask(text: str) -> str:
    """A log event's text without its time, the names of funs and a director's records of its children."""
    text = _FUN.sub("#Fun<F>", _TIME.sub("==== TIME ===", text, count=1))
    if _DIRECTOR.match(text):
        text = text.split("** Children", 1)[0]
    return STACK if _UNCOMPARABLE.search(text) else text


def number(text: str) -> str:
    """Pids and references of a text in the order in which they first appear in it."""
    text = _FUN.sub("#Fun<F>", text)
    return _numbered(_REF, "#Ref<{}>", _numbered(_PID, "<P{}>", text))


def _numbered(pattern: re.Pattern[str], name: str, text: str) -> str:
    seen: dict[str, int] = {}
    return pattern.sub(lambda found: name.format(seen.setdefault(found.group(), len(seen) + 1)), text)


def fold(text: str) -> str:
    """A text with runs of white space as one blank, stacks as `$stack` and the instants of restarts as `[R]`.

    With no white space at all if it shows a fun, or a reference: its name is as long as its compiler likes, its numbers
    as large as the emulator is old, and lines break by them.
    """
    blank = "" if "#Fun<" in text or "#Ref<" in text else " "
    return re.sub(r"\s+", blank, _INSTANTS.sub(",60,[R],", _without_stacks(text))).strip()


def _without_stacks(text: str) -> str:
    parts: list[str] = []
    place = 0
    for found in _STACK_START.finditer(text):
        if found.start() < place:
            continue
        end = _end_of_list(text, text.index("[", found.start()))
        if "{file," in re.sub(r"\s+", "", text[found.start() : end]):
            parts += [text[place : found.start()], STACK]
            place = end
    return "".join([*parts, text[place:]])


def _end_of_list(text: str, start: int) -> int:
    """The index behind the bracket that closes the one at `start`; quoted brackets do not count."""
    depth, quote, index = 0, "", start
    while index < len(text):
        char = text[index]
        if quote:
            if char == "\\":
                index += 1
            elif char == quote:
                quote = ""
        elif char in "'\"":
            quote = char
        elif char in "[{(":
            depth += 1
        elif char in "]})":
            depth -= 1
            if depth == 0:
                return index + 1
        index += 1
    return len(text)
