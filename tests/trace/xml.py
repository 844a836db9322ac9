"""Looking into SVG."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

SPACE = "{http://www.w3.org/2000/svg}"


def parse(svg: str) -> ET.Element:
    """The root of a picture that must be well formed, have a size and a name, and stay inside its frame."""
    root = ET.fromstring(svg)
    assert root.tag == f"{SPACE}svg"
    assert root.get("role") == "img" and root.get("aria-label") and root.find(f"{SPACE}title").text
    width, height = float(root.get("width")), float(root.get("height"))
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    for element in root.iter():
        for name, limit in (("x", width), ("x1", width), ("x2", width), ("y", height), ("y1", height), ("y2", height)):
            if element.get(name) is not None:
                assert -0.5 <= float(element.get(name)) <= limit + 0.5, ET.tostring(element)
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", svg)
    return root


def every(root: ET.Element, tag: str, cls: str = "") -> list[ET.Element]:
    """All elements of a tag that have a class."""
    wanted = set(cls.split())
    return [each for each in root.iter(SPACE + tag) if wanted <= set((each.get("class") or "").split())]


def words(root: ET.Element, cls: str = "") -> list[str]:
    """The texts of a class, from top to bottom, as they are drawn."""
    texts = every(root, "text", cls)
    return [each.text for each in sorted(texts, key=lambda each: (float(each.get("y")), float(each.get("x"))))]
