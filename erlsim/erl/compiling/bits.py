"""Segments of the bit syntax: their types, and the Python that reads or makes them."""

from __future__ import annotations

from typing import Any

from erlsim.erl.reading.annotations import Node

_KINDS = {
    **{name: name for name in ("integer", "float", "binary", "utf8", "utf16", "utf32")},
    "bytes": "binary",
    "bitstring": "bits",
    "bits": "bits",
}


class Segment:
    """`Value:Size/Types`."""

    def __init__(self, element: Node) -> None:
        """Read the types of a `bin_element`."""
        _, _, self.value, self.size, types = element
        self.kind, self.signed, self.little = "integer", False, False
        unit = None
        for each in types if types != "default" else ():
            if type(each) is tuple:
                unit = each[1]
            elif each in _KINDS:
                self.kind = _KINDS[each]
            elif each == "signed":
                self.signed = True
            elif each in ("little", "native"):
                self.little = True
        self.unit: int = unit if unit is not None else 8 if self.kind == "binary" else 1

    @property
    def is_text(self) -> bool:
        """Whether it is a literal string, whose bytes are known."""
        return bool(self.value[0] == "string" and self.size == "default" and self.kind != "float")

    @property
    def bytes(self) -> bytes:
        """The bytes of a literal string."""
        if self.kind == "integer":
            return bytes(code & 255 for code in self.value[2])
        order = ("-le" if self.little else "-be") if self.kind != "utf8" else ""
        return "".join(map(chr, self.value[2])).encode(self.kind.replace("utf", "utf-") + order)

    def count(self, body: Any, env: dict[str, str]) -> str | None:
        """The Python expression of its size in bits, emitted by `body`; `None` if it has none."""
        if self.size == "default":
            return {"integer": "8", "float": "64"}.get(self.kind)
        shown: str = body.expr(self.size, env)
        return shown if self.unit == 1 else f"bits_times({shown}, {self.unit})"

    def read(self, count: str | None) -> str:
        """The call of a reader that gives its value."""
        if self.kind == "integer":
            return f"integer({count}, {self.signed}, {self.little})"
        if self.kind == "float":
            return f"float({count}, {self.little})"
        if self.kind.startswith("utf"):
            return f"text({self.kind!r}, {self.little})"
        return f"rest({self.unit})" if count is None else f"binary({count})"

    def make(self, value: str, count: Any) -> str:
        """The Python expression of its bits."""
        if self.is_text:
            return repr(self.bytes)
        if self.kind == "integer":
            if count == "8" and self.value[0] in ("integer", "char"):
                return repr(bytes([self.value[2] & 255]))
            return f"bits_integer({value}, {count}, {self.little})"
        if self.kind == "float":
            return f"bits_float({value}, {count}, {self.little})"
        if self.kind.startswith("utf"):
            return f"bits_text({value}, {self.kind!r}, {self.little})"
        return f"bits_binary({value}, {count}, {self.unit})"


def elements(node: Node) -> list[Node]:
    """The segments of a bitstring; a string with a size is one segment for each of its characters."""
    found: list[Node] = []
    for element in node[2]:
        _, location, value, size, types = element
        if value[0] == "string" and (size != "default" or "float" in types):
            found += [("bin_element", location, ("char", location, code), size, types) for code in value[2]]
        else:
            found.append(element)
    return found
