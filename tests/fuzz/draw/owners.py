"""Tables between processes (`scn_ets`): owners that end, heirs, gifts, protections, walks by portions."""

from __future__ import annotations

from erlsim.terms import Term
from tests.fuzz.draw.area import V
from tests.fuzz.draw.objects import Objects

PEOPLE = ("o", "p", "q", "h")
TYPES = ("set", "ordered_set", "ordered_set", "bag", "duplicate_bag")
ENDS = ("normal", "oops", "kill", "shutdown")


class Owners(Objects):
    """Some processes that share tables, and the driver among them."""

    moves = (8, 20)

    def begin(self) -> None:
        for each in PEOPLE:
            self.now("scn_ets", "start", each, self.one_of(["plain", "trap"]), bind=each)
        self.tables: list[tuple[Term, str]] = []
        for _ in range(self.random.randint(1, 2)):
            self.new()

    def pids(self) -> list[Term]:
        return [V(each) for each in PEOPLE]

    def someone(self) -> str:
        return self.one_of(PEOPLE)

    def inside(self, function: str, *args: Term, bind: str = "_") -> None:
        """A call of `ets` in one of the processes, or in the driver."""
        if self.chance(4):
            self.now("ets", function, *args, bind=bind)
        else:
            self.now("scn_ets", "in", self.someone(), "ets", function, list(args), bind=bind)

    def new(self) -> None:
        kind, number = self.one_of(TYPES), len(self.tables) + 1
        options: list[Term] = [kind, self.one_of(["public", "protected", "private", "public"])]
        named = self.chance(2)
        options += ["named_table"] if named else []
        if self.chance(2):
            heir = V(self.someone())
            options.append(self.one_of([("heir", heir, ("gift", number)), ("heir", "none")]))
        bind = f"t{number}"
        self.now("scn_ets", "in", self.someone(), "ets", "new", [f"scn_t{number}", options], bind=bind)
        table: Term = f"scn_t{number}" if named else V(bind, (2,))
        self.tables.append((table, kind))
        self.inside("insert", table, [self.object() for _ in range(self.random.randint(1, 6))])

    def table(self) -> Term:
        self.chosen, self.kind = self.one_of(self.tables)
        return self.chosen

    def move(self) -> None:
        self.weighted(
            {
                self.change: 5,
                self.read: 4,
                self.about: 2,
                self.give: 2,
                self.die: 2,
                self.walk: 2,
                self.page: 2,
                self.look: 2,
            }
            | {self.administer: 1, self.fix: 1}
        )()

    def change(self) -> None:
        table = self.table()
        match self.random.randrange(7):
            case 0 | 1:
                self.inside(self.one_of(["insert", "insert_new"]), table, self.objects())
            case 2:
                self.inside("delete", table, self.key())
            case 3:
                self.inside("update_counter", table, self.key(), self.one_of([1, (2, 1), [(2, 1), (2, 5)]]))
            case 4:
                self.inside("update_element", table, self.key(), (self.one_of([2, 3, 9, 1]), self.value()))
            case 5:
                self.inside("select_replace", table, [(("$1", "$2"), [self.guard(1)], [(("$1", ("const", 7)),)])])
            case _:
                self.inside("select_delete", table, self.spec([True]))

    def read(self) -> None:
        table = self.table()
        match self.random.randrange(5):
            case 0:
                self.inside(self.one_of(["lookup", "member", "take"]), table, self.key())
            case 1:
                self.inside("select_count", table, self.spec([True]))
            case 2:
                self.listed("select", table, self.spec())
            case 3:
                self.listed("match_object", table, self.pattern())
            case _:
                self.listed("tab2list", table)

    def listed(self, function: str, *args: Term) -> None:
        op = "now" if self.kind == "ordered_set" else "nows"
        self.script.call("ets", function, *args, op=op)

    def about(self) -> None:
        self.now("scn_ets", "info", self.table())
        self.now("ets", "whereis", self.one_of(["scn_t1", "scn_t2"]))

    def give(self) -> None:
        self.inside("give_away", self.table(), V(self.someone()), self.one_of(["gift", ("g", 1)]))
        self.look()

    def die(self) -> None:
        self.call("scn_ets", "tell", self.someone(), ("die", self.one_of(ENDS)))
        self.now("scn_ets", "info", self.table())
        self.look()

    def look(self) -> None:
        for each in self.some(PEOPLE, 3):
            self.now("scn_ets", "msgs", each)
        self.script.look("flush")

    def walk(self) -> None:
        table = self.table()
        if self.kind == "ordered_set":
            self.now("scn_ets", self.one_of(["walk", "walk_back"]), table)
        else:
            self.script.call("scn_ets", "walk", table, op="nows")

    def page(self) -> None:
        table = self.table()
        function = self.one_of(["select", "match", "match_object"])
        what = self.spec() if function == "select" else self.pattern()
        if self.kind != "ordered_set":
            self.now("scn_ets", "pages", function, [table, what, self.one_of([1, 2, 50])], "all")
            return
        self.now("scn_ets", "page", "k1", function, [table, what, self.one_of([1, 2])])
        for _ in range(self.random.randint(0, 2)):
            if self.chance(2):
                self.inside("insert", table, self.object())
            self.now("scn_ets", "more", "k1", function)

    def administer(self) -> None:
        table = self.table()
        match self.random.randrange(4):
            case 0:
                self.inside("setopts", table, self.one_of([("heir", "none"), [("heir", V(self.someone()), 1)]]))
            case 1:
                self.inside("delete", table)
            case 2:
                self.inside("rename", table, self.one_of(["scn_t1", "scn_t9", 7]))
            case _:
                self.new()

    def fix(self) -> None:
        self.inside("safe_fixtable", self.table(), self.one_of([True, True, False]))
        self.now("ets", "info", self.chosen, "fixed")

    def end(self) -> None:
        for self.chosen, self.kind in list(self.tables):
            self.now("scn_ets", "info", self.chosen)
            self.listed("tab2list", self.chosen)
        self.script.look("flush")
