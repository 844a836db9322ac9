"""`ets`: one table of any type and everything that can be asked of it."""

from __future__ import annotations

from erlsim.terms import Term
from tests.fuzz.draw.area import V
from tests.fuzz.draw.objects import Objects
from tests.golden.making.script import Fun

TABLE = "scn_tab"
TYPES = ("set", "ordered_set", "bag", "duplicate_bag")
INFO = ("size", "type", "keypos", "name", "named_table", "protection", "owner", "heir", "fixed", "compressed")


class Tables(Objects):
    """One table, used by its owner."""

    moves = (10, 25)

    def begin(self) -> None:
        self.type = self.one_of(TYPES)
        self.keypos = self.one_of([1, 1, 1, 2])
        options: list[Term] = ["named_table", self.type, ("keypos", self.keypos)]
        options += self.some(
            ["public", "private", "compressed", ("read_concurrency", True), ("heir", "none", "x"), "junk"], 1
        )
        self.now("ets", "new", TABLE, options, bind="t")
        self.table: Term = TABLE
        self.insert()

    def ordered(self) -> bool:
        return self.type == "ordered_set"

    def ask(self, function: str, *args: Term) -> None:
        """A listing, in whose order only an ordered set has a say."""
        op = "now" if self.ordered() else "nows"
        self.script.call("ets", function, self.table, *args, op=op)

    def move(self) -> None:
        self.weighted(
            {self.insert: 6, self.read: 4, self.match: 3, self.select: 4, self.delete: 3, self.update: 3, self.count: 4}
            | {
                self.walk: 2,
                self.list: 2,
                self.about: 1,
                self.fold: 1,
                self.replace: 1,
                self.portion: 1,
                self.spec_alone: 1,
            }
        )()

    def insert(self) -> None:
        function = self.one_of(["insert", "insert", "insert", "insert_new"])
        self.now("ets", function, self.table, self.objects(self.keypos))

    def read(self) -> None:
        match self.random.randrange(4):
            case 0:
                self.now("ets", "member", self.table, self.key())
            case 1:
                self.now("ets", "lookup_element", self.table, self.key(), self.one_of([1, 2, 3, 4, 0]))
            case 2:
                self.now("ets", "take", self.table, self.key())
            case _:
                self.now("ets", "lookup", self.table, self.key())

    def match(self) -> None:
        self.ask(self.one_of(["match", "match_object"]), self.pattern())

    def select(self) -> None:
        match self.random.randrange(4):
            case 0:
                self.now("ets", "select_count", self.table, self.spec([True]))
            case 1:
                self.ask("select_reverse", self.spec())
            case _:
                self.ask("select", self.spec())

    def delete(self) -> None:
        match self.random.randrange(6):
            case 0 | 1:
                self.now("ets", "delete", self.table, self.key())
            case 2:
                self.now("ets", "delete_object", self.table, self.object(self.keypos))
            case 3:
                self.now("ets", "match_delete", self.table, self.pattern())
            case 4:
                self.now("ets", "select_delete", self.table, self.spec([True]))
            case _:
                if self.chance(3):
                    self.now("ets", "delete_all_objects", self.table)

    def update(self) -> None:
        changes = [(self.one_of([2, 2, 3, 4, 1, 0]), self.value()) for _ in range(self.random.randint(1, 3))]
        change = changes if self.chance(2) else changes[0]
        self.now(
            "ets",
            "update_element",
            self.table,
            self.key(),
            change if not self.chance(12) else self.one_of(["x", [], (2,)]),
        )

    def count(self) -> None:
        one = self.one_of(
            [
                1,
                -1,
                5,
                (2, 1),
                (3, -2),
                (2, 1, 5, 0),
                (2, -1, 0, 9),
                (3, 10, 5, 0),
                (1, 1),
                (9, 1),
                2.5,
                "x",
                (2, 1 << 70),
            ]
        )
        operation = one if not self.chance(3) else [(2, 1), self.one_of([(3, 1), (2, 5, 3, 1), (2, "x")])]
        default = [self.one_of([("d", 0), ("d", 0, 0), ("d",), "x", ("d", "x", 1)])] if self.chance(3) else []
        self.now("ets", "update_counter", self.table, self.key(), operation, *default)

    def walk(self) -> None:
        if not self.ordered():
            # Where a hash table begins is its own affair: only what is not there is asked for.
            self.now("ets", self.one_of(["next", "prev"]), self.table, self.one_of(["nowhere", ("no", 1)]))
            return
        match self.random.randrange(4):
            case 0:
                self.now("ets", self.one_of(["first", "last"]), self.table)
            case 1 | 2:
                self.now("ets", self.one_of(["next", "prev"]), self.table, self.key())
            case _:
                self.now("ets", "slot", self.table, self.random.randrange(4))

    def list(self) -> None:
        self.ask("tab2list")

    def about(self) -> None:
        match self.random.randrange(5):
            case 0:
                self.now("ets", "whereis", self.one_of([TABLE, "scn_none"]))
            case 1:
                self.now("ets", "rename", self.table, self.one_of(["scn_tab", "scn_tab2", 7]))
            case 2:
                self.now(
                    "ets", "setopts", self.table, self.one_of([("heir", "none"), [("heir", "none")], ("x", 1), []])
                )
            case _:
                self.now("ets", "info", self.table, self.one_of([*INFO, "nonsense"]))

    def fold(self) -> None:
        if self.ordered():
            self.now("ets", self.one_of(["foldl", "foldr"]), Fun("cons"), [], self.table)

    def replace(self) -> None:
        bodies: list[list[Term]] = [
            ["$_"],
            [(("$1", "$2"),)],
            [(("$1", ("const", 7)),)],
            [("setelement", 2, "$_", 1)],
            ["x"],
        ]
        spec = [(("$1", "$2"), [self.guard(1)] if self.chance(2) else [], self.one_of(bodies))]
        self.now("ets", "select_replace", self.table, spec if not self.chance(6) else self.spec())

    def portion(self) -> None:
        if self.ordered():
            function = self.one_of(["select", "select_reverse", "match", "match_object"])
            what = self.pattern() if function.startswith("match") else self.spec()
            self.now("ets", function, self.table, what, self.one_of([1, 2, 3, 0]), bind="c")
            if self.chance(2):
                self.now("ets", function, V("c", (2,)), bind="c")

    def spec_alone(self) -> None:
        if self.chance(2):
            self.now("ets", "test_ms", self.one_of([self.object(), "x"]), self.spec())
        else:
            self.now("ets", "match_spec_compile", self.spec(), bind="ms")
            self.now("ets", "is_compiled_ms", V("ms"))
            self.now("ets", "match_spec_run", [self.object() for _ in range(3)], V("ms"))

    def end(self) -> None:
        self.ask("tab2list")
        self.now("ets", "info", self.table, "size")
        if self.chance(2):
            self.now("ets", "delete", self.table)
            self.now("ets", "lookup", self.table, "a")
