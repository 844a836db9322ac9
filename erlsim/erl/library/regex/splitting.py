"""`re:split/3`."""

from __future__ import annotations

from dataclasses import dataclass, field

from erlsim.erl.library.regex.expressions import Unfit
from erlsim.erl.library.regex.matching import Span
from erlsim.erl.running.cells import listed, outward
from erlsim.terms import Term, matchable

__in_stacks__ = False


@dataclass
class Split:
    """How to split."""

    of_run: list[Term] = field(default_factory=list)
    """The options of `run/3`."""
    kind: str = "iodata"
    limit: int = -1
    strips: bool = False
    groups: bool = False

    @staticmethod
    def of(options: Term) -> Split:
        """Of the options of `split/3`; raises `Unfit`."""
        given = listed(options)
        if given is None:
            raise Unfit
        found = Split()
        for option in given:
            found._take(outward(option))
        return found

    def _take(self, option: Term) -> None:
        match matchable(option):
            case "trim" | ("parts", 0):
                self.limit, self.strips = -1, True
            case ("parts", "infinity"):
                self.limit, self.strips = -1, False
            case ("parts", int() as count) if type(count) is int and count > 0:
                self.limit, self.strips = count - 1, False
            case "group":
                self.groups = True
            case ("return", ("iodata" | "list" | "binary") as kind):
                self.kind = kind
            case "global" | "report_errors" | ("parts" | "return" | "capture", _) | ("capture", _, _):
                raise Unfit
            case _:
                self.of_run.append(option)

    def parts(self, data: bytes, rows: list[list[Span]], count: int, as_unicode: bool) -> list[Term]:
        """The parts between the matches, and their groups."""
        if not rows:
            return self._converted([[data]], as_unicode)
        found = self._split(data, rows, count)
        if self.strips:
            found = _stripped(found) if self.groups else [_without_last(found)]
        return self._converted(found, as_unicode)

    def _split(self, data: bytes, rows: list[list[Span]], count: int) -> list[list[bytes]]:
        """A row for each part with the groups behind it; in one row if groups are not kept apart."""
        found: list[list[bytes]] = []
        place, limit = 0, self.limit
        for spans in rows:
            if limit == 0 or len(data) <= place:
                break
            (start, length), *inner = spans
            kept = start - place
            if kept or length or any(size for _, size in inner):
                filled = [*inner, *[(0, 0)] * (count - len(inner))]
                groups = [b"" if begin < 0 else data[begin : begin + size] for begin, size in filled]
                found.append([data[place:start], *groups])
                limit -= 1
            place = start + length
        found.append([data[place:]])
        return found if self.groups else [[each for row in found for each in row]]

    def _converted(self, found: list[list[bytes]], as_unicode: bool) -> list[Term]:
        rows: list[list[Term]] = []
        for row in found:
            if self.kind == "list":
                rows.append([list(map(ord, each.decode())) if as_unicode else list(each) for each in row])
            else:
                rows.append(list(row))
        return [*rows] if self.groups else rows[0] if rows else []


def _without_last(found: list[list[bytes]]) -> list[bytes]:
    row = found[0]
    while row and not row[-1]:
        row.pop()
    return row


def _stripped(found: list[list[bytes]]) -> list[list[bytes]]:
    while found and not any(found[-1]):
        found.pop()
    return found
