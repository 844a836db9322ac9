"""The functions of `string` from before Unicode: of flat lists, places from 1 on."""

from __future__ import annotations

from erlsim.erl.running.cells import is_list, listed, outward, prepend
from erlsim.erl.running.failures import Failed
from erlsim.terms import Term

__in_stacks__ = False

_SPACE = 32


def _no_clause(function: str, *args: Term) -> Failed:
    return Failed("function_clause", ("string", function, [outward(each) for each in args], []))


def _items(term: Term, function: str, *args: Term) -> list[Term]:
    found = listed(term)
    if found is None:
        raise _no_clause(function, *(args or (term,)))
    return found


def len_(chars: Term) -> int:
    """`len/1`."""
    return len(_items(chars, "len"))


def concat(left: Term, right: Term) -> Term:
    """`concat/2`."""
    return prepend(_items(left, "concat", left, right), right)


def chr_(chars: Term, code: Term) -> int:
    """The first place of a character; 0 if there is none."""
    found = _items(chars, "chr", chars, code)
    return found.index(code) + 1 if code in found else 0


def rchr(chars: Term, code: Term) -> int:
    """The last place of a character."""
    found = _items(chars, "rchr", chars, code)
    return len(found) - found[::-1].index(code) if code in found else 0


def _places(items: list[Term], wanted: list[Term]) -> list[int]:
    if not wanted:
        return []
    return [place for place in range(len(items) - len(wanted) + 1) if items[place : place + len(wanted)] == wanted]


def str_(chars: Term, wanted: Term) -> int:
    """The first place of a text."""
    found = _places(_items(chars, "str", chars, wanted), _items(wanted, "str", chars, wanted))
    return found[0] + 1 if found else 0


def rstr(chars: Term, wanted: Term) -> int:
    """The last place of a text."""
    found = _places(_items(chars, "rstr", chars, wanted), _items(wanted, "rstr", chars, wanted))
    return found[-1] + 1 if found else 0


def span(chars: Term, characters: Term) -> int:
    """How many characters at the beginning are among some."""
    wanted = _items(characters, "span", chars, characters)
    found = _items(chars, "span", chars, characters)
    return next((index for index, each in enumerate(found) if each not in wanted), len(found))


def cspan(chars: Term, characters: Term) -> int:
    """How many are not."""
    wanted = _items(characters, "cspan", chars, characters)
    found = _items(chars, "cspan", chars, characters)
    return next((index for index, each in enumerate(found) if each in wanted), len(found))


def substr(chars: Term, start: Term, count: Term = None) -> list[Term]:
    """`substr/2,3`."""
    found = _items(chars, "substr", chars, start)
    if type(start) is not int or not 1 <= start <= len(found) + 1:
        raise _no_clause("substr", chars, start)
    return found[start - 1 :] if count is None else found[start - 1 : start - 1 + count]


def sub_string(chars: Term, start: Term, stop: Term = None) -> list[Term]:
    """`sub_string/2,3`."""
    if stop is None:
        return substr(chars, start)
    return substr(chars, start, stop - start + 1)


def tokens(chars: Term, separators: Term) -> list[Term]:
    """`tokens/2`."""
    wanted = _items(separators, "tokens", chars, separators)
    found: list[Term] = []
    current: list[Term] = []
    for each in [*_items(chars, "tokens", chars, separators), *wanted[:1]]:
        if each not in wanted:
            current.append(each)
        elif current:
            found.append(current)
            current = []
    return [*found, current] if current else found


def join(parts: Term, separator: Term) -> Term:
    """`join/2`."""
    between = listed(separator)
    rows = listed(parts)
    if rows is None or between is None:
        raise _no_clause("join", parts, separator)
    found: list[Term] = []
    for place, row in enumerate(rows):
        found += [*(between if place else []), *_items(row, "join", parts, separator)]
    return found


def chars(code: Term, count: Term, tail: Term = None) -> Term:
    """`chars/2,3`: a character so many times, before a tail."""
    if type(code) is not int or type(count) is not int or count < 0:
        raise _no_clause("chars", code, count)
    return prepend([code] * count, [] if tail is None else tail)


def copies(text: Term, count: Term) -> list[Term]:
    """`copies/2`."""
    if not is_list(text) or type(count) is not int or count < 0:
        raise _no_clause("copies", text, count)
    return _items(text, "copies") * count


def _words(text: Term, separator: Term) -> list[list[Term]]:
    found: list[list[Term]] = [[]]
    for each in _items(text, "words", text, separator):
        if each != separator:
            found[-1].append(each)
        elif found[-1]:
            found.append([])
    return [each for each in found if each]


def words(text: Term, separator: Term = _SPACE) -> int:
    """`words/1,2`; one at least."""
    return max(1, len(_words(text, separator)))


def sub_word(text: Term, place: Term, separator: Term = _SPACE) -> list[Term]:
    """`sub_word/2,3`."""
    found = _words(text, separator)
    return found[place - 1] if 1 <= place <= len(found) else []


def strip(text: Term, where: Term = "both", character: Term = _SPACE) -> Term:
    """`strip/1,2,3`."""
    found = _items(text, "strip", text, where, character)
    low, high = 0, len(found)
    while where in ("left", "both") and low < high and found[low] == character:
        low += 1
    while where in ("right", "both") and high > low and found[high - 1] == character:
        high -= 1
    return found[low:high]


def left(text: Term, size: Term, character: Term = _SPACE) -> Term:
    """`left/2,3`."""
    found = _items(text, "left", text, size, character)
    return [*found[:size], *[character] * (size - len(found))]


def right(text: Term, size: Term, character: Term = _SPACE) -> Term:
    """`right/2,3`."""
    found = _items(text, "right", text, size, character)
    return [*[character] * (size - len(found)), *found[max(0, len(found) - size) :]]


def centre(text: Term, size: Term, character: Term = _SPACE) -> Term:
    """`centre/2,3`."""
    found = _items(text, "centre", text, size, character)
    missing = size - len(found)
    if missing < 0:
        return found[-missing // 2 :][:size]
    return [*[character] * (missing // 2), *found, *[character] * (missing - missing // 2)]


def _upper(code: Term) -> Term:
    small = type(code) is int and (97 <= code <= 122 or 0xE0 <= code <= 0xF6 or 0xF8 <= code <= 0xFE)
    return code - 32 if small else code


def _lower(code: Term) -> Term:
    large = type(code) is int and (65 <= code <= 90 or 0xC0 <= code <= 0xD6 or 0xD8 <= code <= 0xDE)
    return code + 32 if large else code


def to_upper(text: Term) -> Term:
    """`to_upper/1`: of a text or a character of Latin-1."""
    return _upper(text) if type(text) is int else list(map(_upper, _items(text, "to_upper")))


def to_lower(text: Term) -> Term:
    """`to_lower/1`."""
    return _lower(text) if type(text) is int else list(map(_lower, _items(text, "to_lower")))
