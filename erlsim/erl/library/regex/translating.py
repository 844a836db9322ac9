"""PCRE's expressions as Python's: `translate`.

What both have and mean differently is written out: classes by OTP's tables, caseless characters as classes, anchors
by the kind of newline, options that change in the middle of a group, lookbehinds whose branches differ in length.
What Python has no counterpart of is `Refused`; what PCRE refuses is `Wrong`, in its words and at its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from erlsim.erl.library.regex import classes
from erlsim.erl.library.regex.brackets import Brackets
from erlsim.erl.library.regex.escapes import Escapes
from erlsim.erl.library.regex.reader import Reader, Wrong
from erlsim.erl.library.regex.settings import Refused, Settings

_QUANTIFIER = re.compile(r"\{(\d+)(?:(,)(\d*))?\}")
_MOST = 65535
_DEEPEST = 250
_NAME = re.compile(r"\w*", re.ASCII)
_START = re.compile(r"\(\*(UTF8|UTF|UCP|CR|LF|CRLF|ANYCRLF|ANY|BSR_ANYCRLF|BSR_UNICODE|NO_START_OPT|NO_AUTO_POSSESS)\)")
_VERBS = ("ACCEPT", "COMMIT", "PRUNE", "SKIP", "THEN", "MARK", "")
_NEWLINES = {
    "lf": (r"\n", r"[^\n]", r"(?<=\n)"),
    "cr": (r"\r", r"[^\r]", r"(?<=\r)"),
    "crlf": (r"\r\n", r"(?:(?!\r\n)[\s\S])", r"(?<=\r\n)"),
    "anycrlf": (r"(?:\r\n|\n|\r)", r"[^\r\n]", r"(?<=[\r\n])"),
    "any": (
        r"(?:\r\n|[\n\x0b\x0c\r\x85\u2028\u2029])",
        r"[^\n\x0b\x0c\r\x85\u2028\u2029]",
        r"(?<=[\n\x0b\x0c\r\x85\u2028\u2029])",
    ),
}


@dataclass(frozen=True)
class Piece:
    """A part of the Python expression, and how many characters it takes if that is always the same."""

    text: str
    width: int | None = None
    repeats: bool = True
    """Whether a quantifier may follow."""


@dataclass
class Translated:
    """The Python expression, and what there is to know of the groups."""

    text: str
    groups: int
    names: dict[str, list[int]] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)


@lru_cache(maxsize=512)
def translate(text: str, settings: Settings, begins: bool = True, ends: bool = True, shift: int = 0) -> Translated:
    """Translate; `begins` and `ends` say whether the subject is a line there, `shift` how many groups come before."""
    return Translator(text, settings, begins, ends, shift).whole()


class Translator(Reader):
    """One expression that is read from left to right."""

    def __init__(self, text: str, settings: Settings, begins: bool, ends: bool, shift: int) -> None:
        super().__init__(text, settings)
        self.begins, self.ends, self.shift = begins, ends, shift
        self.names: dict[str, list[int]] = {}
        self.open: list[int] = []
        self.depth = 0
        self.quoted = False
        """Whether a `\\Q` waits for its `\\E`."""
        self.wanted: list[tuple[int | str, int]] = []
        """Groups that are referred to, by number or name, and where that is told if there is none."""
        self.late: Exception | None = None
        """What is wrong, unless something else is."""

    def whole(self) -> Translated:
        """The whole expression."""
        while found := _START.match(self.text, self.at):
            self._begin(found[1])
            self.at = found.end()
        text = self._joined(self._alternatives(self.settings.flags))
        if self.at < len(self.text):
            raise Wrong("unmatched parentheses", self.at)
        for wanted, place in self.wanted:
            if wanted not in self.names if type(wanted) is str else int(wanted) > self.groups:
                raise Wrong("reference to non-existent subpattern", len(self.text) if place < 0 else place)
        if self.late is not None:
            raise self.late
        return Translated(text, self.groups, self.names, self.settings)

    def _begin(self, word: str) -> None:
        if word in ("UTF8", "UTF"):
            if not self.settings.unicode:
                raise Refused("(*UTF) without the option unicode")
        elif word == "UCP":
            self.settings = replace(self.settings, ucp=True)
        elif word.startswith("BSR"):
            self.settings = replace(self.settings, bsr_anycrlf=word == "BSR_ANYCRLF")
        elif not word.startswith("NO_"):
            self.settings = replace(self.settings, newline=word.lower())

    # ---- alternatives, sequences, repetitions

    def _alternatives(self, flags: frozenset[str]) -> list[Piece]:
        """The alternatives up to `)` or the end; options that are set stay set in those behind."""
        found = []
        while True:
            piece, flags = self._sequence(flags)
            found.append(piece)
            if self.peek() != "|":
                return found
            self.at += 1

    @staticmethod
    def _joined(alternatives: list[Piece]) -> str:
        return "|".join(each.text for each in alternatives)

    def _sequence(self, flags: frozenset[str]) -> tuple[Piece, frozenset[str]]:
        parts: list[str] = []
        width: int | None = 0
        last: Piece | None = None
        while True:
            if "x" in flags and not self.quoted:
                self._skip()
            char = self.peek()
            if self.quoted and char:
                quoted = self._quoted(char, flags)
                if quoted is not None:
                    last = quoted
                    parts.append(last.text)
                    width = None if width is None else width + 1
                continue
            if char in ("", "|", ")"):
                break
            repeat = self._quantifier(char)
            if repeat is None:
                given = self._item(char, flags)
                if isinstance(given, frozenset):
                    flags, last = given, None
                if not isinstance(given, Piece):
                    continue
                last = given
            else:
                if last is None or not last.repeats:
                    raise Wrong("nothing to repeat", self.at - 1)
                parts.pop()
                width = None if width is None or last.width is None else width - last.width
                last = replace(self._repeated(last, repeat, flags), repeats=False)
            parts.append(last.text)
            width = None if width is None or last.width is None else width + last.width
        return Piece("".join(parts), width), flags

    def _skip(self) -> None:
        """White space and comments of an extended expression."""
        while True:
            char = self.peek()
            if char and char in " \t\n\v\f\r":
                self.at += 1
            elif char == "#":
                newline = re.compile(_NEWLINES[self.settings.newline][0]).search(self.text, self.at)
                self.at = len(self.text) if newline is None else newline.end()
            else:
                return

    def _quantifier(self, char: str) -> tuple[int, int | None] | None:
        """The bounds of a quantifier, which is read if there is one."""
        simple = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(char)
        if simple is not None:
            self.at += 1
            return simple
        found = _QUANTIFIER.match(self.text, self.at) if char == "{" else None
        if found is None:
            return None
        self.at = found.end()
        low = int(found[1])
        high = low if found[2] is None else int(found[3]) if found[3] else None
        if low > _MOST or (high or 0) > _MOST:
            raise Wrong("number too big in {} quantifier", self.at - 1)
        if high is not None and high < low:
            raise Wrong("numbers out of order in {} quantifier", self.at - 1)
        return low, high

    def _repeated(self, piece: Piece, repeat: tuple[int, int | None], flags: frozenset[str]) -> Piece:
        low, high = repeat
        if "x" in flags:
            self._skip()
        suffix = self.peek()
        if suffix in ("?", "+"):
            self.at += 1
        lazy = (suffix == "?") != ("U" in flags) and suffix != "+"
        bounds = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get(repeat)
        if bounds is None:
            bounds = f"{{{low}}}" if high == low else f"{{{low},{'' if high is None else high}}}"
        width = None if high != low or piece.width is None else low * piece.width
        text = piece.text + bounds + ("?" if lazy else "")
        return Piece(f"(?>{text})" if suffix == "+" else text, width)

    # ---- one item

    def _item(self, char: str, flags: frozenset[str]) -> Piece | frozenset[str] | None:
        """A piece; other options from here on; or nothing."""
        if char == "(":
            return self._group(flags)
        self.at += 1
        if char == "[":
            return Piece(Brackets(self).read(flags), 1)
        if char == "\\":
            return self._escape(flags)
        if char == ".":
            if "s" in flags:
                return Piece(r"[\s\S]", 1)
            return Piece(_NEWLINES[self.settings.newline][1], 1)
        if char == "^":
            return Piece(self._circumflex("m" in flags), 0, repeats=False)
        if char == "$":
            return Piece(self._dollar("m" in flags), 0, repeats=False)
        return self._literal(ord(char), flags)

    def _literal(self, code: int, flags: frozenset[str]) -> Piece:
        if "i" in flags:
            codes = classes.cases(code, self.settings.unicode)
            if len(codes) > 1:
                found = classes.merged((each, each) for each in codes)
                return Piece(classes.written(found, self.settings.top), 1)
        return Piece(classes.literal(code), 1)

    def _circumflex(self, multiline: bool) -> str:
        start = r"\A" if self.begins else r"(?!)"
        return f"(?:{start}|{_NEWLINES[self.settings.newline][2]}(?!\\Z))" if multiline else start

    def _dollar(self, multiline: bool) -> str:
        newline = _NEWLINES[self.settings.newline][0]
        end = r"\Z" if self.ends else r"(?!)"
        if multiline:
            return f"(?={newline}|{end})"
        if not self.ends or self.settings.dollar_endonly:
            return end
        return f"(?=(?:{newline})?\\Z)"

    def _escape(self, flags: frozenset[str]) -> Piece | None:
        """What stands behind a backslash."""
        letter = self.peek()
        if letter != "" and letter in "QE":
            self.quoted = letter == "Q"
            self.at += 1
            return None
        if letter != "" and letter in "AZzbBG":
            self.at += 1
            return Piece(self._anchor(letter), 0, repeats=False)
        if letter != "" and letter in "RXCKN" and not self.text.startswith("N{", self.at):
            self.at += 1
            return self._special(letter)
        escapes = Escapes(self)
        reference = escapes.reference()
        if reference is not None:
            return self._reference(reference, flags)
        found = escapes.read(in_class=False)
        if isinstance(found, int):
            return self._literal(found, flags)
        return Piece(classes.written(found, self.settings.top), 1)

    def _quoted(self, char: str, flags: frozenset[str]) -> Piece | None:
        """A character between `\\Q` and `\\E`; nothing at the end."""
        if self.text.startswith("\\E", self.at):
            self.quoted = False
            self.at += 2
            return None
        self.at += 1
        return self._literal(ord(char), flags)

    def _anchor(self, letter: str) -> str:
        if letter == "G":
            self.late = self.late or Refused("\\G")
        if letter == "A":
            return r"\A"
        if letter == "z":
            return r"\Z"
        if letter == "Z":
            return f"(?=(?:{_NEWLINES[self.settings.newline][0]})?\\Z)"
        word = classes.written(classes.escaped("w", self.settings.ucp), self.settings.top)
        if letter == "b":
            return f"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))"
        return f"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))"

    def _special(self, letter: str) -> Piece:
        if letter == "N":
            return Piece(_NEWLINES[self.settings.newline][1], 1)
        if letter == "R":
            newline = _NEWLINES["anycrlf" if self.settings.bsr_anycrlf else "any"][0]
            return Piece(f"(?>{newline})")
        if letter == "C" and not self.settings.unicode:
            return Piece(r"[\s\S]", 1)
        raise Refused(f"\\{letter}")

    # ---- groups that are referred to

    def _reference(self, wanted: int | str, flags: frozenset[str]) -> Piece:
        self.wanted.append((wanted, self.at - 1 if type(wanted) is str else -1))
        numbers = self.names.get(wanted, []) if type(wanted) is str else [int(wanted)]
        if len(numbers) > 1:
            raise Refused("a reference to a name that several groups have")
        if not numbers or numbers[0] > self.groups or numbers[0] in self.open:
            self.late = self.late or Refused("a reference to a group that is not closed yet")
            return Piece("")
        text = f"(?:\\{numbers[0] + self.shift})"
        if "i" in flags:
            text = f"(?i:{text})"
        return Piece(text)

    # ---- groups

    def _group(self, flags: frozenset[str]) -> Piece | frozenset[str] | None:
        start = self.at
        self.at += 1
        if self.peek() == "*":
            return self._verb()
        if self.peek() != "?":
            if self.settings.no_auto_capture:
                return self._body("(?:", flags)
            return self._capturing(flags)
        self.at += 1
        char = self.peek()
        self.at += 1
        if char == "#":
            self._comment()
            return None
        if char in ("=", "!", ">", ":"):
            return self._body(f"(?{char}", flags, look=char in "=!")
        if char == "<" and self.peek() in ("=", "!"):
            self.at += 1
            return self._lookbehind(self.text[self.at - 1], flags)
        if char == "<" and not (self.peek().isalnum() or self.peek() in ("", "_")):
            raise Wrong("unrecognized character after (?<", self.at)
        if char in ("<", "'"):
            return self._named(">" if char == "<" else "'", flags)
        if char == "P":
            return self._python(flags)
        if char == "(":
            return self._conditional(flags)
        if char != "" and char in "R0123456789&+|C":
            raise Refused(f"{self.text[start : self.at]}")
        if char == "-" and self.peek().isdigit():
            raise Refused("(?-N)")
        self.at -= 1
        return self._options(flags)

    def _body(self, opening: str, flags: frozenset[str], look: bool = False) -> Piece:
        """The alternatives and the closing parenthesis of a group that was opened."""
        alternatives = self._inner(flags)
        widths = {each.width for each in alternatives}
        width = 0 if look else widths.pop() if len(widths) == 1 else None
        return Piece(f"{opening}{self._joined(alternatives)})", width)

    def _inner(self, flags: frozenset[str]) -> list[Piece]:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Wrong("parentheses are too deeply nested", self.at)
        found = self._alternatives(flags)
        if self.peek() != ")":
            raise Wrong("missing )", self.at)
        self.at += 1
        self.depth -= 1
        return found

    def _capturing(self, flags: frozenset[str]) -> Piece:
        self.groups += 1
        self.open.append(self.groups)
        found = self._body("(", flags)
        self.open.pop()
        return found

    def _named(self, closing: str, flags: frozenset[str]) -> Piece:
        name = self._name(closing)
        known = self.names.setdefault(name, [])
        if known and "J" not in flags:
            raise Wrong("two named subpatterns have the same name", self.at - 1)
        known.append(self.groups + 1)
        return self._capturing(flags)

    def _name(self, closing: str) -> str:
        """A name up to what closes it."""
        found = _NAME.match(self.text, self.at)
        name = "" if found is None else found[0]
        if name[:1].isdigit():
            raise Wrong("group name must start with a non-digit", self.at)
        start = self.at
        self.at += len(name)
        if self.peek() != closing:
            raise Wrong("syntax error in subpattern name (missing terminator)", self.at)
        if not name:
            raise Wrong("subpattern name expected", start)
        if len(name) > 32:
            raise Wrong("subpattern name is too long (maximum 32 characters)", self.at)
        self.at += 1
        return name

    def _python(self, flags: frozenset[str]) -> Piece:
        char = self.peek()
        self.at += 1
        if char == "<":
            return self._named(">", flags)
        if char == "=":
            return self._reference(self._name(")"), flags)
        if char == ">":
            raise Refused("(?P>name)")
        raise Wrong("unrecognized character after (?P", self.at - 1)

    def _comment(self) -> None:
        end = self.text.find(")", self.at)
        if end < 0:
            raise Wrong("missing ) after comment", len(self.text))
        self.at = end + 1

    def _verb(self) -> Piece:
        found = re.compile(r"\*([A-Za-z]*)(:[^)]*)?").match(self.text, self.at)
        assert found is not None
        self.at = found.end()
        if self.peek() == ")" and found[1] in ("F", "FAIL") and found[2] is None:
            self.at += 1
            return Piece("(?!)", 0, repeats=False)
        if self.peek() == ")" and found[1] in _VERBS:
            raise Refused(f"(*{found[1]})")
        raise Wrong("(*VERB) not recognized or malformed", self.at)

    def _options(self, flags: frozenset[str]) -> Piece | frozenset[str]:
        """`(?i-s)` and `(?i-s:...)`."""
        added: set[str] = set()
        removed: set[str] = set()
        into = True
        while True:
            char = self.peek()
            if char == ":":
                self.at += 1
                return self._body("(?:", (flags | added) - removed)
            if char == ")":
                self.at += 1
                return (flags | added) - removed
            if char == "-":
                into = False
            elif char != "" and char in "imsxUJX":
                (added if into else removed).add(char)
            else:
                raise Wrong("unrecognized character after (? or (?-", self.at)
            self.at += 1

    def _lookbehind(self, kind: str, flags: frozenset[str]) -> Piece:
        alternatives = self._inner(flags)
        if any(each.width is None for each in alternatives):
            raise Wrong("lookbehind assertion is not fixed length", self.at - 1)
        parts = [f"(?<{kind}{each.text})" for each in alternatives]
        if len({each.width for each in alternatives}) == 1:
            text = f"(?<{kind}{self._joined(alternatives)})"
        else:
            text = "".join(parts) if kind == "!" else "|".join(parts)
        return Piece(f"(?:{text})", 0)

    def _conditional(self, flags: frozenset[str]) -> Piece:
        """`(?(Condition)Yes|No)`."""
        found = re.compile(r"(?:(\d+)|<(\w+)>|'(\w+)'|(\w+))\)").match(self.text, self.at)
        if found is None:
            return self._asserting(flags)
        self.at = found.end()
        if found[1] is not None:
            number = int(found[1])
            if number == 0:
                raise Wrong("invalid condition (?(0)", self.at)
        else:
            name = found[2] or found[3] or found[4]
            if name not in self.names and (name.startswith("R") or name == "DEFINE"):
                raise Refused(f"(?({name})")
            self.wanted.append((name, self.at))
            number = self.names.get(name, [0])[0]
        self.wanted.append((number, self.at))
        if number == 0 or number in self.open:
            self.late = self.late or Refused("a condition on a group that is not closed yet")
        branches = self._branches(flags)
        text = f"(?({number + self.shift}){'|'.join(each.text for each in branches)})"
        return Piece(f"(?:{text})", branches[0].width if len({each.width for each in branches}) == 1 else None)

    def _branches(self, flags: frozenset[str]) -> list[Piece]:
        branches = self._inner(flags)
        if len(branches) > 2:
            self.late = Wrong("conditional group contains more than two branches", self.at - 1)
        return branches[:2] if len(branches) >= 2 else [*branches, Piece("", 0)]

    def _asserting(self, flags: frozenset[str]) -> Piece:
        found = re.compile(r"\?(<?)([=!])").match(self.text, self.at)
        if found is None:
            if self.peek() in ("+", "-"):
                raise Refused("(?(+N) and (?(-N)")
            if self.peek() == "?":
                raise Wrong("assertion expected after (?( or (?(?C)", self.at)
            raise Wrong("malformed number or name after (?(", self.at)
        self.at = found.end()
        groups = self.groups
        if found[1]:
            condition = self._lookbehind(found[2], flags).text
        else:
            condition = self._body(f"(?{found[2]}", flags).text
        if self.groups > groups:
            raise Refused("a group in a condition")
        yes, no = self._branches(flags)
        return Piece(f"(?:{condition}(?:{yes.text})|(?!{condition})(?:{no.text}))")
