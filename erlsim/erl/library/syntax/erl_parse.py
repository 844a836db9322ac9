"""The module `erl_parse`, over erlsim's parser."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from erlsim.erl import reading
from erlsim.erl.library.registry import applying
from erlsim.erl.library.syntax import erl_anno
from erlsim.erl.library.syntax.messages import told
from erlsim.erl.reading import Failure
from erlsim.erl.reading import annotations as reader_annotations
from erlsim.erl.reading.annotations import Noted
from erlsim.erl.reading.failures import shown
from erlsim.erl.reading.terms_of import NotATerm
from erlsim.erl.reading.terms_of import normalise as term_of
from erlsim.erl.running import maps
from erlsim.erl.running.cells import listed, outward
from erlsim.erl.running.failures import Failed
from erlsim.terms import Bits, Improper, Term, chars

__in_stacks__ = False

Steps = Generator[tuple[Any, ...], Any, Any]


class _Anno(tuple[int, int]):
    """The place of a token among the others; `given` is the annotation that it came with."""

    given: Term


def _tokens(items: Term, function: str) -> list[Any]:
    found = listed(items)
    if found is None or not all(type(each) is tuple and len(each) in (2, 3) for each in found):
        raise Failed("function_clause", ("erl_parse", function, [outward(items)], []))
    made = []
    for number, token in enumerate(map(outward, found)):
        line = erl_anno.line(token[1])
        anno = _Anno((line if type(line) is int else 0, number + 1))
        anno.given = token[1]
        made.append((token[0], anno, *token[2:]))
    return made


def _back(node: Any) -> Any:
    """A node with the annotations that its tokens came with."""
    if isinstance(node, _Anno):
        return node.given
    if isinstance(node, Noted):
        return node[0] if node.line_only else reader_annotations.term(node)
    if type(node) is tuple:
        return tuple(map(_back, node))
    return list(map(_back, node)) if type(node) is list else node


def _parsed(parse: Callable[[list[Any]], Any], items: Term, function: str, nowhere: int) -> Term:
    made = _tokens(items, function)
    if not made:
        return ("error", (nowhere, "erl_parse", [chars("syntax error before: "), []]))
    given = {tuple(anno): anno.given for _, anno, *_ in made}
    last = made[-1][1].given
    # What stands behind the dot is looked at when all before it is right.
    end = next((place + 1 for place, token in enumerate(made) if token[0] == "dot"), len(made))
    try:
        found = _back(parse(made[:end]))
        if end < len(made):
            raise Failure(made[end][1], "erl_parse", "syntax error before: " + shown(made[end]))
    except Failure as failure:
        place, module, description = failure.info
        return ("error", (erl_anno.location(given.get(tuple(place), last)), module, told(description)))
    return ("ok", found)


def parse_exprs(items: Term) -> Term:
    """`parse_exprs/1`."""
    return _parsed(reading.parse_exprs, items, "parse_exprs", 0)


def parse_form(items: Term) -> Term:
    """`parse_form/1`."""
    return _parsed(reading.parse_form, items, "parse_form", 999999)


parse = parse_form
MORE: dict[tuple[str, int], Any] = {("parse", 1): parse_form}


def parse_term(items: Term) -> Term:
    """`parse_term/1`."""
    return _parsed(reading.parse_term, items, "parse_term", 0)


def format_error(description: Term) -> Term:
    """`format_error/1`."""
    return description


def normalise(node: Term) -> Term:
    """`normalise/1`: the term of a literal."""
    plain = outward(node)
    try:
        return term_of(plain)
    except (NotATerm, TypeError, ValueError, IndexError):
        raise Failed(("badarg", plain)) from None


def abstract(term: Term, options: Term = 0) -> Term:
    """`abstract/1,2`: the literal that a term stands for."""
    place: Term = options
    rows = listed(options)
    if rows is not None:
        named = [each[1] for each in rows if type(each) is tuple and each[0] in ("line", "location")]
        place = named[0] if named else 0
    return _literal(outward(term), place)


def _literal(term: Term, place: Term) -> Term:
    kind = type(term)
    if kind is int or kind is float:
        return ("integer" if kind is int else "float", place, term)
    if kind is str or kind is bool:
        return ("atom", place, term)
    if kind is list:
        return _list(term, place)
    if kind is Improper:
        found = _literal(term.tail, place)
        for each in reversed(term.items):
            found = ("cons", place, _literal(each, place), found)
        return found
    if kind is tuple:
        return ("tuple", place, [_literal(each, place) for each in term])
    if kind is bytes:
        return ("bin", place, [_byte(each, place) for each in term])
    if kind is Bits:
        whole, rest = divmod(term.size, 8)
        last = (
            "bin_element",
            place,
            ("integer", place, term.data[whole] >> 8 - rest),
            ("integer", place, rest),
            "default",
        )
        return ("bin", place, [*(_byte(each, place) for each in term.data[:whole]), last])
    if maps.is_map(term):
        fields = [
            ("map_field_assoc", place, _literal(name, place), _literal(value, place))
            for name, value in maps.items(term)
        ]
        return ("map", place, fields)
    raise Failed("function_clause", ("erl_parse", "abstract", [term, place], []))


def _byte(byte: int, place: Term) -> Term:
    return ("bin_element", place, ("integer", place, byte), "default", "default")


def _list(items: list[Term], place: Term) -> Term:
    """A list as cells, its end of characters as a string."""
    start = len(items)
    while start and type(items[start - 1]) is int and 0 <= items[start - 1] < 0x110000:
        start -= 1
    found: Term = ("string", place, items[start:]) if start < len(items) else ("nil", place)
    for each in reversed(items[:start]):
        found = ("cons", place, _literal(each, place), found)
    return found


# ---- annotations in nodes


def _is_node(term: Term) -> bool:
    return type(term) is tuple and len(term) >= 2 and type(term[0]) is str and erl_anno.is_anno(term[1])


def _walked(node: Any) -> Generator[Any, Any, Any]:
    """Yields the annotations in the order of the nodes, is sent new ones, and comes to the changed node."""
    if type(node) is list:
        found = []
        for each in node:
            found.append((yield from _walked(each)))
        return found
    if not _is_node(node):
        return node
    anno = yield node[1]
    if node[0] in ("integer", "float", "char", "string", "atom", "var"):
        return (node[0], anno, *node[2:])
    rest = []
    for each in node[2:]:
        rest.append((yield from _walked(each)))
    return (node[0], anno, *rest)


@applying(0)
def map_anno(fun: Term, node: Term) -> Steps:
    """`map_anno/2`."""
    steps = _walked(outward(node))
    try:
        anno = next(steps)
        while True:
            anno = steps.send((yield fun, anno))
    except StopIteration as stop:
        return stop.value


@applying(0)
def fold_anno(fun: Term, value: Term, node: Term) -> Steps:
    """`fold_anno/3`."""
    steps = _walked(outward(node))
    try:
        anno = next(steps)
        while True:
            value = yield fun, anno, value
            anno = steps.send(anno)
    except StopIteration:
        return value


@applying(0)
def mapfold_anno(fun: Term, value: Term, node: Term) -> Steps:
    """`mapfold_anno/3`."""
    steps = _walked(outward(node))
    try:
        anno = next(steps)
        while True:
            new, value = yield fun, anno, value
            anno = steps.send(new)
    except StopIteration as stop:
        return (stop.value, value)


def new_anno(node: Term) -> Term:
    """`new_anno/1`, `anno_to_term/1` and `anno_from_term/1`: an annotation is a term here."""
    return node


MORE |= {("anno_to_term", 1): new_anno, ("anno_from_term", 1): new_anno}

# ---- how strong operators are

_INFIX: dict[str, Term] = {
    "=": (150, 100, 100),
    "!": (150, 100, 100),
    "orelse": (160, 150, 150),
    "andalso": (200, 160, 160),
    **dict.fromkeys(("==", "/=", "=<", "<", ">=", ">", "=:=", "=/="), (300, 200, 300)),
    **dict.fromkeys(("++", "--"), (400, 300, 300)),
    **dict.fromkeys(("+", "-", "bor", "bxor", "bsl", "bsr", "or", "xor"), (400, 400, 500)),
    **dict.fromkeys(("*", "/", "div", "rem", "band", "and"), (500, 500, 600)),
    "#": (800, 700, 800),
    ":": (900, 800, 900),
    ".": (900, 900, 1000),
}
_PREFIX: dict[str, Term] = {
    "catch": (700, 100),
    **dict.fromkeys(("+", "-", "bnot", "not"), (600, 700)),
    "#": (700, 800),
}


def _strength(table: dict[str, Term], function: str) -> Callable[[Term], Term]:
    def strength(operator: Term) -> Term:
        found = table.get(operator) if type(operator) is str else None
        if found is None:
            raise Failed("function_clause", ("erl_parse", function, [operator], []))
        return found

    return strength


MORE |= {("inop_prec", 1): _strength(_INFIX, "inop_prec"), ("preop_prec", 1): _strength(_PREFIX, "preop_prec")}


def func_prec() -> Term:
    """`func_prec/0`."""
    return (800, 700)


def max_prec() -> int:
    """`max_prec/0`."""
    return 900
