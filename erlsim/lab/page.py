"""Pages of the laboratory: one file that needs no network, for light and dark: data, and a script that shows them."""

from __future__ import annotations

import json
import re
from html import escape
from importlib import resources
from typing import Any


def fill(template: str, parts: dict[str, str]) -> str:
    """A page of `assets` in which `{{name}}` becomes `parts["name"]`; it has the style of all pages, and its own."""
    style = _text("erlsim.trace", "page.css") + _text("erlsim.lab", "lab.css")
    script = _text("erlsim.lab", template.replace(".html", ".js")) if "data" in parts else ""
    given = {"style": style, "script": script, **parts}
    return re.sub(r"\{\{(\w+)\}\}", lambda place: given[place[1]], _text("erlsim.lab", template))


def data(value: Any) -> str:
    """What a script reads; no text can end the element that it is in."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")


def note(words: str) -> str:
    """A paragraph that says what to bear in mind."""
    return f'<p class="note">{escape(words)}</p>'


def _text(package: str, name: str) -> str:
    return resources.files(package).joinpath("assets", name).read_text(encoding="utf-8")
