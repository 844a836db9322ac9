"""A ledger: a server whose state is a record, and an application around it."""

from dataclasses import dataclass, field, replace

import erlsim
from erlsim.otp import gen_server, supervisor
from erlsim.terms import Term


@dataclass(frozen=True)
class Ledger:
    """What the book knows."""

    owner: Term = "nobody"
    balance: int = 0
    entries: list[Term] = field(default_factory=list)


@erlsim.module(name="ledger_book")
class Book:
    """Accounts are integers; nobody goes below zero."""

    async def start_link(owner: Term) -> Term:
        return await gen_server.start_link(("local", "ledger_book"), "ledger_book", owner, [])

    async def book(amount: int) -> Term:
        """`("ok", balance)`, or `("error", "too_little")`."""
        return await gen_server.call("ledger_book", ("book", amount))

    async def statement(newest: int = 2) -> Term:
        """The owner, the balance and the newest entries."""
        return await gen_server.call("ledger_book", ("statement", newest))

    def init(owner):
        return ("ok", Ledger(owner=owner, entries=[]))

    def handle_call(request, _from, ledger: Ledger):
        match request:
            case ("book", amount) if isinstance(amount, int) and ledger.balance + amount < 0:
                return ("reply", ("error", "too_little"), ledger)
            case ("book", amount) if isinstance(amount, int):
                balance = ledger.balance + amount
                return ("reply", ("ok", balance), replace(ledger, balance=balance, entries=[amount, *ledger.entries]))
            case ("statement", newest) if isinstance(newest, int):
                return ("reply", (ledger.owner, ledger.balance, Book.first(newest, ledger.entries)), ledger)
            case "close":
                return ("stop", "normal", ("closed", ledger.balance), ledger)

    def handle_cast(_request, ledger: Ledger):
        return ("noreply", ledger)

    def first(count: int, entries: list[Term]) -> list[Term]:
        match entries:
            case [entry, *others] if count > 0:
                return [entry, *Book.first(count - 1, others)]
            case _:
                return []


@erlsim.module(name="ledger_sup")
class Sup:
    """A book that is closed stays closed."""

    async def start_link(owner: Term) -> Term:
        return await supervisor.start_link(("local", "ledger_sup"), "ledger_sup", owner)

    def init(owner):
        book = {"id": "book", "start": ("ledger_book", "start_link", [owner]), "restart": "transient"}
        return ("ok", ({}, [book]))


@erlsim.module(name="ledger_app")
class App:
    """The application."""

    async def start(_type, owner):
        return await Sup.start_link(owner)

    def stop(_state):
        return "ok"
