"""`io_lib:format`: directives with and without widths, of terms that print in many ways; and sorting."""

from __future__ import annotations

from erlsim.terms import Term
from tests.fuzz.draw.area import Area

ATOMS = (
    "a",
    "ok",
    "",
    "Upper",
    "with space",
    "it's",
    "end",
    "fun",
    "x@y",
    "_u",
    "1a",
    "\u00e9",
    "\u65e5\u672c",
    "a\nb",
    "nonode@nohost",
    "maybe",
    "when",
    "a-b",
)
NUMBERS: tuple[Term, ...] = (
    0,
    1,
    -1,
    42,
    255,
    1 << 64,
    -(1 << 63),
    10**20,
    0.0,
    1.0,
    -2.5,
    0.1,
    3.14159,
    1e22,
    1e21,
    1e100,
    1e-7,
    5e-324,
    123456789.125,
)
TEXTS = (
    "hello",
    "a",
    "caf\u00e9",
    "line\nbreak",
    "tab\there",
    "\u65e5\u672c",
    'q"uote',
    "back\\slash",
    "\x00",
    "\x7f\x80",
    "e\u0301",
)
CONTROLS = (
    "p",
    "p",
    "w",
    "tp",
    "tw",
    "s",
    "ts",
    "P",
    "W",
    "tP",
    "c",
    "b",
    "B",
    "x",
    "X",
    "#",
    "+",
    "e",
    "f",
    "g",
    "i",
    "n",
    "~",
)


class Formats(Area):
    """Texts of terms."""

    moves = (12, 24)

    def atom(self) -> str:
        return self.one_of(ATOMS)

    def any(self, depth: int) -> Term:
        """Any term that prints."""
        size = self.random.choice([0, 1, 2, 3, 8])
        match self.random.randrange(9 if depth else 4):
            case 0:
                return self.atom()
            case 1:
                return self.one_of(NUMBERS)
            case 2:
                text = self.one_of(TEXTS)
                return [ord(each) for each in text] if self.chance(2) else text.encode()
            case 3:
                return self.one_of([True, [], (), {}, b"", [0], b"\xff\xfe", bytes(range(60)), "infinity"])
            case 4 | 5:
                return tuple(self.any(depth - 1) for _ in range(min(size, 5)))
            case 6 | 7:
                return [self.any(depth - 1) for _ in range(size)]
        # Fewer than 33 keys: larger maps print in the order of a hash table.
        keys = self.some([*ATOMS[:8], 1, 2, b"k", ("t",)], 5)
        return {each: self.any(depth - 1) for each in keys}

    def move(self) -> None:
        match self.random.randrange(12):
            case 0:
                self.now("lists", "sort", [self.any(2) for _ in range(self.random.randint(1, 7))])
            case 1:
                wide = [self.any(1) for _ in range(8)]
                keyed: Term = [(f"key_{number}", each) for number, each in enumerate(wide)]
                self.text("~p", self.one_of([keyed, dict(keyed), ("state", *wide)]))
            case 2:
                self.text("~p", self.any(4))
            case _:
                self.text(self.directive(), self.any(3))

    def text(self, directive: str, term: Term) -> None:
        self.script.format(directive, term)

    def directive(self) -> str:
        return self.one_of(["~p", "~p", "~w", "~tp", "~tp", "~tw", "~20p", "~8p", "~.30p", "~5.40p", "~0p"])


class Directives(Formats):
    """Directives with everything that may stand in them (`scn_terms`), order, and terms that are read."""

    moves = (10, 24)

    def move(self) -> None:
        match self.random.randrange(8):
            case 0:
                one = self.any(2)
                self.now("scn_terms", "cmp", one, self.one_of([one, self.any(2), self.any(1)]))
            case 1:
                self.now("scn_terms", "sort", [self.any(2) for _ in range(self.random.randint(2, 8))])
            case _:
                self.directives()

    def directives(self) -> None:
        text, args = "", []
        for _ in range(self.random.choice([1, 1, 2, 3])):
            control = self.one_of(CONTROLS)
            text += self.one_of(["", "", "abc ", "\u00e9 ", "x\ty"]) + "~" + self.field(args)
            if self.chance(6) and control in "pPwWtPtptwtW":
                text += "l"
            text += control
            args += self.values(control)
        if self.chance(20):
            args = self.one_of([args[1:], [*args, 1], "x"])
        codes: Term = [ord(each) for each in text]
        self.now("scn_terms", "format", self.one_of([codes, text.encode()]) if text.isascii() else codes, args)

    def field(self, args: list[Term]) -> str:
        """Width, precision and padding."""
        width = self.one_of(["", "", "", "5", "20", "-20", "*", "1"])
        if width == "*":
            args.append(self.one_of([3, 12, -12]))
        if self.chance(2):
            return width
        precision = self.one_of(["", "3", "10", "0", "16", "*"])
        if precision == "*":
            args.append(self.one_of([2, 8]))
        padding = self.one_of(["", ".0", ".x", ".*"]) if self.chance(3) else ""
        if padding == ".*":
            args.append(self.one_of([48, 120]))
        return f"{width}.{precision}{padding}"

    def values(self, control: str) -> list[Term]:
        """What a directive takes, as a rule."""
        if control in "n~":
            return []
        if self.chance(12):
            return [self.any(2)]
        if control in ("P", "W", "tP"):
            return [self.any(3), self.one_of([0, 1, 3, 8, 20, -1])]
        if control in ("x", "X"):
            return [self.one_of([0, 255, -31]), self.one_of(["0x", [48, 120], "pre"])]
        match control:
            case "c":
                return [self.one_of([65, 97, 233, 0])]
            case "b" | "B" | "#" | "+":
                return [self.one_of([0, 255, -31, 1 << 70])]
            case "e" | "f" | "g":
                return [self.one_of([0.0, 1.0, -2.5, 0.1, 1e22, 1e-7, 123456789.125, 4.35, 1e15])]
            case "s" | "ts":
                text = self.one_of(TEXTS)
                return [self.one_of([[ord(each) for each in text], text.encode(), "atom", [b"io", [108, b"ist"]]])]
        return [self.any(3)]
