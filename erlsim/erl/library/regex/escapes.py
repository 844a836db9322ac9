"""What stands behind a backslash: characters, classes, references to groups."""

from __future__ import annotations

import re

from erlsim.erl.library.regex import classes
from erlsim.erl.library.regex.reader import Reader, Wrong
from erlsim.erl.library.regex.settings import Refused

_SIMPLE = {"a": 7, "e": 27, "f": 12, "n": 10, "r": 13, "t": 9}
# Python knows no scripts.
SCRIPTS = frozenset(
    """Arabic Armenian Avestan Balinese Bamum Batak Bengali Bopomofo Brahmi Braille Buginese Buhid
    Canadian_Aboriginal Carian Chakma Cham Cherokee Common Coptic Cuneiform Cypriot Cyrillic Deseret Devanagari
    Egyptian_Hieroglyphs Ethiopic Georgian Glagolitic Gothic Greek Gujarati Gurmukhi Han Hangul Hanunoo Hebrew
    Hiragana Imperial_Aramaic Inherited Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Kannada
    Katakana Kayah_Li Kharoshthi Khmer Lao Latin Lepcha Limbu Linear_B Lisu Lycian Lydian Malayalam Mandaic
    Meetei_Mayek Meroitic_Cursive Meroitic_Hieroglyphs Miao Mongolian Myanmar New_Tai_Lue Nko Ogham Ol_Chiki
    Old_Italic Old_Persian Old_South_Arabian Old_Turkic Oriya Osmanya Phags_Pa Phoenician Rejang Runic Samaritan
    Saurashtra Sharada Shavian Sinhala Sora_Sompeng Sundanese Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham
    Tai_Viet Takri Tamil Telugu Thaana Thai Tibetan Tifinagh Ugaritic Vai Yi Bassa_Vah Caucasian_Albanian Duployan
    Elbasan Grantha Khojki Khudawadi Linear_A Mahajani Manichaean Mende_Kikakui Modi Mro Nabataean
    Old_North_Arabian Old_Permic Pahawh_Hmong Palmyrene Pau_Cin_Hau Psalter_Pahlavi Siddham Tirhuta
    Warang_Citi""".split()
)
_OCTAL = re.compile(r"[0-7]{1,3}")
_NAMED = re.compile(r"[{<'](\w+)[}>']", re.ASCII)


class Escapes:
    """The reader behind a backslash."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def reference(self) -> int | str | None:
        """The group that is referred to, by number or name; `None` if it is something else."""
        reader, letter = self.reader, self.reader.peek()
        if letter == "g":
            return self._g()
        if letter == "k":
            found = _NAMED.match(reader.text, reader.at + 1)
            if found is None:
                raise Wrong("\\k is not followed by a braced, angle-bracketed, or quoted name", reader.at)
            reader.at = found.end()
            return found[1]
        digits = re.compile(r"[1-9]\d*").match(reader.text, reader.at)
        if digits is not None:
            number = int(digits[0])
            if number < 8 or number <= reader.groups:
                reader.at = digits.end()
                return number
        return None

    def _g(self) -> int | str:
        reader = self.reader
        if reader.text[reader.at + 1 : reader.at + 2] in ("<", "'"):
            raise Refused("\\g<name>")
        found = re.compile(r"g(?:\{(-?\d+)\}|(-?\d+)|\{([A-Za-z_]\w*)\})", re.ASCII).match(reader.text, reader.at)
        if found is None:
            braced = reader.text[reader.at + 1 : reader.at + 2] == "{"
            raise Wrong("a numbered reference must not be zero", reader.at + (2 if braced else 0))
        reader.at = found.end()
        if found[3] is not None:
            return found[3]
        number = int(found[1] or found[2])
        if number < 0:
            number += reader.groups + 1
            if number <= 0:
                raise Wrong("reference to non-existent subpattern", reader.at - 1)
        if number == 0:
            raise Wrong("a numbered reference must not be zero", reader.at - 1)
        return number

    def read(self, in_class: bool) -> int | classes.Class:
        """A character, or a class of them."""
        reader = self.reader
        letter = reader.peek()
        if letter == "":
            raise Wrong("\\ at end of pattern", reader.at)
        if letter in "xo":
            return self._numbered(letter)
        if letter.isdigit() and letter.isascii():
            return self._octal()
        if letter in "LlUu" or (letter == "N" and not in_class):
            raise Wrong("PCRE does not support \\L, \\l, \\N{name}, \\U, or \\u", reader.at)
        reader.at += 1
        if letter in _SIMPLE:
            return _SIMPLE[letter]
        if letter == "c":
            return self._control()
        if letter in "dswhvDSWHV":
            found = classes.escaped(letter.lower(), reader.settings.ucp)
            return found if letter.islower() else classes.inverted(found, reader.settings.top)
        if letter in "pP":
            return self._property(letter == "P")
        return ord(letter)

    def _numbered(self, letter: str) -> int:
        """`\\xhh`, `\\x{h...}` and `\\o{o...}`."""
        reader = self.reader
        reader.at += 1
        if reader.peek() != "{":
            if letter == "o":
                raise Wrong("missing opening brace after \\o", reader.at - 1)
            found = re.compile(r"[0-9a-fA-F]{0,2}").match(reader.text, reader.at)
            assert found is not None
            reader.at = found.end()
            return int(found[0] or "0", 16)
        digits = re.compile(r"[0-9a-fA-F]*" if letter == "x" else r"[0-7]*").match(reader.text, reader.at + 1)
        assert digits is not None
        reader.at = digits.end()
        if reader.peek() == "}" and not digits[0]:
            raise Wrong("digits missing in \\x{} or \\o{}", reader.at - (2 if letter == "o" else 0))
        if reader.peek() != "}" or not digits[0]:
            kind = "hex" if letter == "x" else "octal"
            raise Wrong(f"non-{kind} character in \\{letter}{{}} (closing brace missing?)", reader.at)
        code = int(digits[0], 16 if letter == "x" else 8)
        if code > reader.settings.top:
            raise Wrong("character value in \\x{} or \\o{} is too large", reader.at)
        if 0xD800 <= code <= 0xDFFF:
            raise Wrong("disallowed Unicode code point (>= 0xd800 && <= 0xdfff)", reader.at)
        reader.at += 1
        return code

    def _octal(self) -> int:
        reader = self.reader
        found = _OCTAL.match(reader.text, reader.at)
        if found is None:
            reader.at += 1
            return ord(reader.text[reader.at - 1])
        reader.at = found.end()
        code = int(found[0], 8)
        if code > reader.settings.top:
            raise Wrong("octal value is greater than \\377 in 8-bit non-UTF-8 mode", reader.at - 1)
        return code

    def _control(self) -> int:
        reader = self.reader
        char = reader.peek()
        if char == "":
            raise Wrong("\\c at end of pattern", reader.at)
        if ord(char) > 127:
            raise Wrong("\\c must be followed by an ASCII character", reader.at)
        reader.at += 1
        return ord(char.upper()) ^ 0x40

    def _property(self, negated: bool) -> classes.Class:
        reader = self.reader
        if reader.peek() == "{":
            end = reader.text.find("}", reader.at)
            if end < 0:
                raise Wrong("malformed \\P or \\p sequence", len(reader.text))
            name = reader.text[reader.at + 1 : end]
            reader.at = end + 1
            if name.startswith("^"):
                name, negated = name[1:], not negated
        else:
            name = reader.peek()
            reader.at += 1
            if not name:
                raise Wrong("malformed \\P or \\p sequence", len(reader.text))
        found = classes.property_of(name)
        if found is None:
            if name in SCRIPTS:
                raise Refused(f"\\p{{{name}}}")
            raise Wrong("unknown property name after \\P or \\p", reader.at - 1)
        return classes.inverted(found) if negated else found
