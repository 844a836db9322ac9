"""Objects, patterns and match specifications to fill tables and to look into them with."""

from __future__ import annotations

from erlsim.terms import Term
from tests.fuzz.draw.area import Area

# No float beside an equal integer that is too large for both: OTP leaves their order in a sorted listing open.
KEYS: tuple[Term, ...] = (
    0,
    1,
    2,
    -3,
    1.0,
    2.5,
    "a",
    "b",
    True,
    b"k",
    (),
    ("x", 1),
    ("x", 2),
    [1],
    [1, 2],
    {"m": 1},
    {"m": 1.0},
)
VALUES: tuple[Term, ...] = (0, 1, 3, -7, 2.5, "x", "y", b"y", ("n", 1), ("n", 2), [1, 2], [], {"k": 1}, 1 << 70)
VARIABLES = ("$1", "$2", "$3")
TESTS = (
    "is_atom",
    "is_integer",
    "is_float",
    "is_number",
    "is_tuple",
    "is_list",
    "is_binary",
    "is_map",
    "is_boolean",
    "is_pid",
)
COMPARISONS = ("<", ">", "=<", ">=", "==", "/=", "=:=", "=/=")
ARITHMETIC = ("+", "-", "*", "div", "rem", "/", "band", "bor", "bxor", "bsl", "bsr", "max", "min")
UNARY = (
    "abs",
    "size",
    "tuple_size",
    "map_size",
    "length",
    "hd",
    "tl",
    "not",
    "bnot",
    "round",
    "trunc",
    "byte_size",
    "-",
)


class Objects(Area):
    """An area that draws them."""

    def key(self) -> Term:
        """A key of an object."""
        return self.one_of(KEYS)

    def value(self) -> Term:
        """What else is in an object."""
        return self.one_of(VALUES)

    def object(self, keypos: int = 1) -> tuple[Term, ...]:
        """An object for a table; seldom one that is too short."""
        items = [self.value() for _ in range(self.random.randint(0 if self.chance(20) else keypos, 4))]
        if len(items) >= keypos:
            items[keypos - 1] = self.key()
        return tuple(items)

    def objects(self, keypos: int = 1) -> Term:
        """What `insert` takes."""
        if self.chance(25):
            return self.one_of(["junk", [], [1], {}, ("a",), [("a", 1), "x"]])
        return (
            self.object(keypos) if self.chance(2) else [self.object(keypos) for _ in range(self.random.randint(1, 4))]
        )

    # ---- patterns -----------------------------------------------------------------------

    def pattern(self) -> Term:
        """A pattern for whole objects."""
        if self.chance(8):
            return self.one_of(["_", "$1", "x", ()])
        return tuple(self.part(2) for _ in range(self.random.randint(1, 4)))

    def part(self, depth: int) -> Term:
        """A pattern for an element."""
        match self.random.randrange(8):
            case 0 | 1 | 2:
                return self.one_of(VARIABLES)
            case 3 | 4:
                return "_"
            case 5 if depth:
                return self.one_of([("n", self.part(depth - 1)), ("x", "$1"), [1, "$2"], {"k": "$1"}, {"m": "_"}])
        return self.key() if self.chance(2) else self.value()

    # ---- match specifications ------------------------------------------------------------

    def spec(self, body: list[Term] | None = None) -> Term:
        """A match specification; `body` is that of each of its functions."""
        if self.chance(30):
            return self.one_of(
                ["x", [], [("_", [])], [("_", [], [])], [("_", "x", ["$_"])], [{}], [("_", [], ["$_"], 1)]]
            )
        return [
            (self.pattern(), [self.guard(2) for _ in range(self.random.choice([0, 0, 1, 1, 2]))], body or self.body())
            for _ in range(self.random.choice([1, 1, 2]))
        ]

    def guard(self, depth: int) -> Term:
        """A condition."""
        match self.random.randrange(8):
            case 0 | 1:
                return (self.one_of(TESTS), self.expression(depth))
            case 2 | 3 | 4:
                return (self.one_of(COMPARISONS), self.expression(depth), self.expression(depth))
            case 5 if depth:
                name = self.one_of(["and", "or", "andalso", "orelse", "xor", "not"])
                number = 1 if name == "not" else self.one_of([2, 2, 3]) if name in ("andalso", "orelse") else 2
                return (name, *(self.guard(depth - 1) for _ in range(number)))
        return self.one_of(
            [True, False, "$1", ("is_map_key", "k", "$2"), ("const", True), ("is_record", "$_", "n", 2), "junk"]
        )

    def expression(self, depth: int) -> Term:
        """A value in a condition or in a body."""
        match self.random.randrange(10):
            case 0 | 1 | 2 | 3:
                return self.one_of(VARIABLES)
            case 4:
                return self.one_of(
                    ["$_", "$$", ("const", ("n", 1)), ("element", self.one_of([1, 2, 9]), "$_"), ("self",)]
                )
            case 5 if depth:
                return (self.one_of(ARITHMETIC), self.expression(depth - 1), self.one_of([0, 1, 2, 5, "$1"]))
            case 6 if depth:
                return (self.one_of(UNARY), self.expression(depth - 1))
            case 7 if depth:
                return self.one_of(
                    [[self.expression(depth - 1)], {"k": self.expression(depth - 1)}, ("map_get", "k", "$2")]
                )
            case 8 if depth:
                return ((self.expression(depth - 1), self.expression(depth - 1)),)
        return self.one_of([0, 1, 3, "x", b"y", 2.5, []])

    def body(self) -> list[Term]:
        """What a function of a specification gives."""
        return [self.expression(2) for _ in range(self.random.choice([1, 1, 1, 2]))]
