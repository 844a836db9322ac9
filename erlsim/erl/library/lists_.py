"""The module `lists`."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from erlsim import code, terms
from erlsim.erl.library.conversions import float_to_list
from erlsim.erl.library.registry import applying
from erlsim.erl.running.calls import is_fun
from erlsim.erl.running.cells import Cell, is_list, listed, outward, prepend, spread
from erlsim.erl.running.failures import Failed
from erlsim.erl.running.operators import append as plus_plus
from erlsim.erl.running.operators import eq, exact_eq
from erlsim.erl.running.operators import subtract as minus_minus
from erlsim.terms import Term

__in_stacks__ = False

Steps = Generator[tuple[Any, ...], Any, Any]


def _no_clause(function: str, *args: Term) -> Failed:
    return Failed("function_clause", ("lists", function, list(args), []))


def _badarg(function: str, *args: Term) -> Failed:
    return Failed("badarg", ("lists", function, list(args), []))


def _items(term: Term, function: str, *args: Term) -> list[Term]:
    """The elements of a proper list; else `function_clause` with what the function was given."""
    found = listed(term)
    if found is None:
        raise _no_clause(function, *args)
    return found


def _bif_items(term: Term, function: str, *args: Term) -> list[Term]:
    found = listed(term)
    if found is None:
        raise _badarg(function, *args)
    return found


# ---- what the BEAM has as BIFs


def keyfind(key: Term, place: Term, tuples: Term) -> Term:
    """The first tuple whose element is `==` to a key, or false."""
    _check_place("keyfind", key, place, tuples)
    for each in _bif_items(tuples, "keyfind", key, place, tuples):
        if type(each) is tuple and len(each) >= place and _same(each[place - 1], key):
            return each
    return False


def _check_place(function: str, key: Term, place: Term, tuples: Term) -> None:
    if type(place) is not int or place < 1:
        raise _badarg(function, key, place, tuples)


def _same(left: Term, right: Term) -> bool:
    if type(left) is str and type(right) is str:
        return left == right
    return eq(left, right)


def keymember(key: Term, place: Term, tuples: Term) -> bool:
    """Whether there is such a tuple."""
    return keyfind(key, place, tuples) is not False


def keysearch(key: Term, place: Term, tuples: Term) -> Term:
    """`{value, Tuple}` or false."""
    found = keyfind(key, place, tuples)
    return found if found is False else ("value", found)


def member(item: Term, items: Term) -> bool:
    """Whether an element is `=:=` to an item."""
    return any(exact_eq(each, item) for each in _bif_items(items, "member", item, items))


def reverse(items: Term, tail: Term = None) -> Term:
    """The elements in reverse order, before `tail`."""
    if tail is None:
        return _items(items, "reverse", items)[::-1]
    return prepend(_bif_items(items, "reverse", items, tail)[::-1], tail)


# ---- parts and elements


def append(lists: Term, other: Term = None) -> Term:
    """`append/1,2`."""
    if other is not None:
        return plus_plus(lists, other)
    parts = _items(lists, "append", lists)
    found: Term = parts[-1] if parts else []
    for part in reversed(parts[:-1]):
        found = plus_plus(part, found)
    return found


def subtract(left: Term, right: Term) -> Term:
    """`Left -- Right`."""
    return minus_minus(left, right)


def nth(place: Term, items: Term) -> Term:
    """The element at a place, from 1 on."""
    found, rest = spread(items)
    if type(place) is not int or place < 1:
        raise _no_clause("nth", place, items)
    if place > len(found):
        # The last call of itself has these arguments.
        raise _no_clause("nth", place - len(found), [] if rest is None else rest)
    return found[place - 1]


def nthtail(count: Term, items: Term) -> Term:
    """What follows `count` elements."""
    if type(count) is not int or count < 0:
        raise _no_clause("nthtail", count, items)
    rest = items
    if count == 0 and not is_list(items):
        raise _no_clause("nthtail", count, items)
    for passed in range(count):
        if type(rest) is not Cell:
            found = listed(rest)
            if not found:
                raise _no_clause("nthtail", count - passed, rest)
            rest = found[1:]
        else:
            rest = rest.tail
    return rest


def last(items: Term) -> Term:
    """The last element."""
    found = _items(items, "last", items)
    if not found:
        raise _no_clause("last", items)
    return found[-1]


def droplast(items: Term) -> Term:
    """All but the last."""
    found = _items(items, "droplast", items)
    if not found:
        raise _no_clause("droplast", items)
    return found[:-1]


def sublist(items: Term, start: Term, count: Term = None) -> Term:
    """`sublist(List, Len)`, `sublist(List, Start, Len)`."""
    args = (items, start) if count is None else (items, start, count)
    if count is None:
        start, count = 1, start
    found, rest = spread(items) if items != [] else ([], None)
    if not is_list(items) or type(start) is not int or start < 1:
        raise _no_clause("sublist", *args)
    if rest is None and start - 1 > len(found):
        return []
    # What is behind the part that is asked for may be no list.
    if type(count) is not int or count < 0 or (rest is not None and max(start, start - 1 + count) > len(found)):
        raise _no_clause("sublist", *args)
    return found[start - 1 : start - 1 + count]


def split(count: Term, items: Term) -> tuple[Term, Term]:
    """The first elements and the others."""
    found = listed(items)
    if type(count) is not int or count < 0 or found is None or count > len(found):
        raise _badarg("split", count, items)
    return found[:count], found[count:]


def seq(*args: Term) -> list[int]:
    """`seq/2,3`."""
    first, last, step = args if len(args) == 3 else (*args, 1)
    if all(type(each) is int for each in (first, last, step)):
        if (step > 0 and first - step <= last) or (step < 0 and first - step >= last):
            return list(range(first, last + (1 if step > 0 else -1), step))
        if step == 0 and first == last:
            return [first]
    raise _no_clause("seq", *args) if len(args) == 2 else Failed("badarg", ("lists", "seq", list(args), []))


MORE: dict[tuple[str, int], Any] = {("seq", 2): seq, ("seq", 3): seq}


def duplicate(count: Term, item: Term) -> list[Term]:
    """A list of copies."""
    if type(count) is not int or count < 0:
        raise _no_clause("duplicate", count, item)
    return [item] * count


def delete(item: Term, items: Term) -> Term:
    """The list without the first that is `=:=` to an item."""
    found = list(_items(items, "delete", item, items))
    for place, each in enumerate(found):
        if exact_eq(each, item):
            del found[place]
            break
    return found


def sum_(items: Term) -> Any:
    """The sum of the elements."""
    from erlsim.erl.running.operators import add

    total: Any = 0
    for each in _items(items, "sum", items):
        total = total + each if type(each) is int is type(total) else add(total, each)
    return total


def max_(items: Term) -> Term:
    """The greatest element."""
    found = _items(items, "max", items)
    if not found:
        raise _no_clause("max", items)
    best = found[0]
    for each in found[1:]:
        if terms.compare(each, best) > 0:
            best = each
    return best


def min_(items: Term) -> Term:
    """The smallest element."""
    found = _items(items, "min", items)
    if not found:
        raise _no_clause("min", items)
    best = found[0]
    for each in found[1:]:
        if terms.compare(each, best) < 0:
            best = each
    return best


def flatten(items: Term, tail: Term = None) -> Term:
    """The elements of lists in lists, `tail` behind them."""
    if not is_list(items):
        raise _no_clause("flatten", items)
    found: list[Term] = []
    waiting = [items]
    while waiting:
        each = waiting.pop()
        if type(each) is Cell or type(each) is list:
            parts, rest = spread(each)
            if rest is not None:
                raise _no_clause("flatten", items)
            waiting.extend(reversed(parts))
        else:
            found.append(each)
    return found if tail is None else prepend(found, tail)


def flatlength(items: Term) -> int:
    """The length of the flat list."""
    return len(flatten(items))


def concat(items: Term) -> list[int]:
    """The text of atoms, numbers and strings."""
    found: list[int] = []
    for each in _items(items, "concat", items):
        if type(each) is float:
            found += float_to_list(each)
        elif type(each) in (str, bool, int):
            found += terms.chars(terms.format("~ts" if type(each) is str else "~w", [each]))
        else:
            found += flatten(each)
    return found


def prefix(start: Term, items: Term) -> bool:
    """Whether a list begins with another."""
    one, other = _items(start, "prefix", start, items), _items(items, "prefix", start, items)
    return len(one) <= len(other) and all(map(exact_eq, one, other))


def suffix(end: Term, items: Term) -> bool:
    """Whether a list ends with another."""
    one, other = _items(end, "suffix", end, items), _items(items, "suffix", end, items)
    return len(one) <= len(other) and all(map(exact_eq, one, other[len(other) - len(one) :]))


def zip_(left: Term, right: Term) -> list[Term]:
    """Pairs."""
    return _zipped("zip", left, right)


def _zipped(function: str, *lists: Term) -> list[Term]:
    parts = [spread(each) for each in lists]
    size = min(len(found) for found, _ in parts)
    left = [found[size:] or ([] if rest is None else rest) for found, rest in parts]
    if any(each != [] for each in left):
        failed = _no_clause(function, *left)
        # It has called itself, but not as the last thing that it does.
        failed.beneath = [("lists", function, len(lists), [])] if size else []
        raise failed
    return list(zip(*(found for found, _ in parts), strict=True))


def zip3(left: Term, middle: Term, right: Term) -> list[Term]:
    """Triples."""
    return _zipped("zip3", left, middle, right)


def unzip(pairs: Term) -> tuple[Term, Term]:
    """Two lists of pairs' elements."""
    found = _items(pairs, "unzip", pairs)
    if not all(type(each) is tuple and len(each) == 2 for each in found):
        raise _no_clause("unzip", pairs)
    return [each[0] for each in found], [each[1] for each in found]


def unzip3(triples: Term) -> tuple[Term, Term, Term]:
    """Three lists."""
    found = _items(triples, "unzip3", triples)
    if not all(type(each) is tuple and len(each) == 3 for each in found):
        raise _no_clause("unzip3", triples)
    return [each[0] for each in found], [each[1] for each in found], [each[2] for each in found]


def join(separator: Term, items: Term) -> list[Term]:
    """The elements with a separator between."""
    found: list[Term] = []
    for each in _items(items, "join", separator, items):
        found += [separator, each] if found else [each]
    return found


def enumerate_(first: Term, items: Term = None) -> list[Term]:
    """`enumerate(List)`, `enumerate(First, List)`."""
    if items is None:
        return list(enumerate(_items(first, "enumerate", first), 1))
    if type(first) is not int:
        raise _no_clause("enumerate", first, items)
    return list(enumerate(_items(items, "enumerate", first, items), first))


# ---- tuples with keys


def _rows(function: str, *args: Term) -> list[Term]:
    """The tuples of `(Key, Place, Tuples)` or `(Key, Place, Tuples, New)`, in a list that may be changed."""
    if type(args[1]) is not int or args[1] < 1 or (len(args) == 4 and type(args[3]) is not tuple):
        raise _no_clause(function, *args)
    return list(_items(args[2], function, *args))


def _place_of(key: Term, place: Term, tuples: list[Term]) -> int:
    for index, each in enumerate(tuples):
        if type(each) is tuple and len(each) >= place and eq(each[place - 1], key):
            return index
    return -1


def keydelete(key: Term, place: Term, tuples: Term) -> list[Term]:
    """The list without the first tuple with a key."""
    found = _rows("keydelete", key, place, tuples)
    index = _place_of(key, place, found)
    if index >= 0:
        del found[index]
    return found


def keyreplace(key: Term, place: Term, tuples: Term, new: Term) -> list[Term]:
    """Another tuple in the place of the first with a key."""
    found = _rows("keyreplace", key, place, tuples, new)
    index = _place_of(key, place, found)
    if index >= 0:
        found[index] = new
    return found


def keystore(key: Term, place: Term, tuples: Term, new: Term) -> list[Term]:
    """The same; at the end if there is none."""
    found = _rows("keystore", key, place, tuples, new)
    index = _place_of(key, place, found)
    if index >= 0:
        found[index] = new
    else:
        found.append(new)
    return found


def keytake(key: Term, place: Term, tuples: Term) -> Term:
    """`{value, Tuple, Rest}` or false."""
    found = _rows("keytake", key, place, tuples)
    index = _place_of(key, place, found)
    if index < 0:
        return False
    return ("value", found.pop(index), found)


# ---- what applies funs


def _check_fun(function: str, fun: Term, arity: int, *args: Term) -> None:
    if not (is_fun(fun) and code.takes(fun, arity)):
        raise _no_clause(function, *args)


def _applied(function: str, fun: Term, arity: int, items: Term, *args: Term) -> list[Term]:
    """The elements that a fun of some arity is to be applied to."""
    _check_fun(function, fun, arity, *args)
    found = listed(items)
    if found is None:
        if function in _CASES:
            raise Failed(("case_clause", outward(items)), ("lists", function, len(args), []))
        if function == "filter":
            raise Failed(("bad_generator", outward(items)), ("lists", "-filter/2-lc$^0/1-0-", 2, []))
        raise _no_clause(f"{function}_1", *args)
    return found


# These look at their list in a `case`.
_CASES = frozenset({"map", "foldl", "all", "any"})


def _yes(answer: Term) -> bool:
    """What a predicate says."""
    if type(answer) is not bool:
        raise Failed(("case_clause", outward(answer)))
    return answer


@applying(0)
def map_(fun: Term, items: Term) -> Steps:
    """`map/2`."""
    found = []
    for each in _applied("map", fun, 1, items, fun, items):
        found.append((yield fun, each))
    return found


@applying(0)
def foreach(fun: Term, items: Term) -> Steps:
    """`foreach/2`."""
    for each in _applied("foreach", fun, 1, items, fun, items):
        yield fun, each
    return "ok"


@applying(0)
def filter_(fun: Term, items: Term) -> Steps:
    """`filter/2`."""
    found = []
    for each in _applied("filter", fun, 1, items, fun, items):
        wanted = yield fun, each
        if type(wanted) is not bool:
            raise Failed(("bad_filter", outward(wanted)))
        if wanted:
            found.append(each)
    return found


@applying(0)
def filtermap(fun: Term, items: Term) -> Steps:
    """`filtermap/2`."""
    found = []
    for each in _applied("filtermap", fun, 1, items, fun, items):
        wanted = yield fun, each
        if wanted is True:
            found.append(each)
        elif type(wanted) is tuple and len(wanted) == 2 and wanted[0] is True:
            found.append(wanted[1])
        elif wanted is not False:
            raise Failed(("case_clause", outward(wanted)))
    return found


MORE["zf", 2] = filtermap


@applying(0)
def flatmap(fun: Term, items: Term) -> Steps:
    """`flatmap/2`."""
    found = []
    for each in _applied("flatmap", fun, 1, items, fun, items):
        found.append((yield fun, each))
    return append(found)


@applying(0)
def foldl(fun: Term, value: Term, items: Term) -> Steps:
    """`foldl/3`."""
    for each in _applied("foldl", fun, 2, items, fun, value, items):
        value = yield fun, each, value
    return value


@applying(0)
def foldr(fun: Term, value: Term, items: Term) -> Steps:
    """`foldr/3`."""
    found = _applied("foldr", fun, 2, items, fun, value, items)
    for left in range(len(found) - 1, -1, -1):
        value = yield fun, found[left], value
    return value


@applying(0)
def mapfoldl(fun: Term, value: Term, items: Term) -> Steps:
    """`mapfoldl/3`."""
    found = []
    for each in _applied("mapfoldl", fun, 2, items, fun, value, items):
        new, value = _pair("mapfoldl_1", (yield fun, each, value))
        found.append(new)
    return found, value


@applying(0)
def mapfoldr(fun: Term, value: Term, items: Term) -> Steps:
    """`mapfoldr/3`."""
    found = []
    given = _applied("mapfoldr", fun, 2, items, fun, value, items)
    for left in range(len(given) - 1, -1, -1):
        new, value = _pair("mapfoldr_1", (yield fun, given[left], value))
        found.append(new)
    return found[::-1], value


def _pair(function: str, answer: Term) -> Any:
    if type(answer) is not tuple or len(answer) != 2:
        raise Failed(("badmatch", outward(answer)), ("lists", function, 3, []))
    return answer


@applying(0)
def all_(fun: Term, items: Term) -> Steps:
    """`all/2`."""
    for each in _applied("all", fun, 1, items, fun, items):
        if not _yes((yield fun, each)):
            return False
    return True


@applying(0)
def any_(fun: Term, items: Term) -> Steps:
    """`any/2`."""
    for each in _applied("any", fun, 1, items, fun, items):
        if _yes((yield fun, each)):
            return True
    return False


@applying(0)
def search(fun: Term, items: Term) -> Steps:
    """`search/2`."""
    for each in _applied("search", fun, 1, items, fun, items):
        if _yes((yield fun, each)):
            return ("value", each)
    return False


@applying(0)
def partition(fun: Term, items: Term) -> Steps:
    """`partition/2`."""
    found: tuple[list[Term], list[Term]] = ([], [])
    for each in _applied("partition", fun, 1, items, fun, items):
        found[0 if _yes((yield fun, each)) else 1].append(each)
    return found


@applying(0)
def splitwith(fun: Term, items: Term) -> Steps:
    """`splitwith/2`."""
    found = _applied("splitwith", fun, 1, items, fun, items)
    for place, each in enumerate(found):
        if not _yes((yield fun, each)):
            return found[:place], found[place:]
    return found, []


@applying(0)
def takewhile(fun: Term, items: Term) -> Steps:
    """`takewhile/2`."""
    found = []
    for each in _applied("takewhile", fun, 1, items, fun, items):
        if not _yes((yield fun, each)):
            break
        found.append(each)
    return found


@applying(0)
def dropwhile(fun: Term, items: Term) -> Steps:
    """`dropwhile/2`."""
    found = _applied("dropwhile", fun, 1, items, fun, items)
    for place, each in enumerate(found):
        if not _yes((yield fun, each)):
            return found[place:]
    return []


@applying(0)
def zipwith(fun: Term, left: Term, right: Term) -> Steps:
    """`zipwith/3`."""
    _check_fun("zipwith", fun, 2, fun, left, right)
    found = []
    one, other = _items(left, "zipwith", fun, left, right), _items(right, "zipwith", fun, left, right)
    for pair in zip(one, other, strict=False):
        found.append((yield fun, *pair))
    if len(one) != len(other):
        raise _no_clause("zipwith", fun, one[len(found) :], other[len(found) :])
    return found


@applying(0)
def zipwith3(fun: Term, left: Term, middle: Term, right: Term) -> Steps:
    """`zipwith3/4`."""
    _check_fun("zipwith3", fun, 3, fun, left, middle, right)
    found = []
    lists = [_items(each, "zipwith3", fun, left, middle, right) for each in (left, middle, right)]
    for three in zip(*lists, strict=False):
        found.append((yield fun, *three))
    if len(set(map(len, lists))) > 1:
        raise _no_clause("zipwith3", fun, *(each[len(found) :] for each in lists))
    return found


def uniq(items: Term) -> list[Term]:
    """`uniq/1`: each element once, where it stands first."""
    return _first_of_each(_items(items, "uniq", items), _items(items, "uniq", items))


@applying(0)
def _uniq_by(fun: Term, items: Term) -> Steps:
    keys = []
    found = _applied("uniq", fun, 1, items, fun, items)
    for each in found:
        keys.append((yield fun, each))
    return _first_of_each(found, keys)


def _first_of_each(items: list[Term], keys: list[Term]) -> list[Term]:
    seen: set[Any] = set()
    found = []
    for each, key in zip(items, keys, strict=True):
        mark = terms.key(outward(key))
        if mark not in seen:
            seen.add(mark)
            found.append(each)
    return found


MORE["uniq", 2] = _uniq_by


@applying(0)
def keymap(fun: Term, place: Term, tuples: Term) -> Steps:
    """`keymap/3`."""
    rows = _items(tuples, "keymap", fun, place, tuples)
    if not rows and (type(place) is not int or place < 1):
        raise _no_clause("keymap", fun, place, tuples)
    if not rows:
        _check_fun("keymap", fun, 1, fun, place, tuples)
    found = []
    for each in rows:
        if type(each) is not tuple or type(place) is not int or not 0 < place <= len(each):
            raise Failed("badarg", ("erlang", "element", [place, each], []))
        new = yield fun, each[place - 1]
        found.append((*each[: place - 1], new, *each[place:]))
    return found
