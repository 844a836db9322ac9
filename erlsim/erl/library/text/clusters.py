"""Clusters of characters that are seen as one: Unicode's extended grapheme clusters, as `unicode_util` has them."""

from __future__ import annotations

import re
from functools import lru_cache

from erlsim.erl.library.regex.classes import Class, inverted, merged, property_of, written

# Before this no character joins another, but for the two of a line's end.
_PLAIN = "\u0300"
_TOP = 0x10FFFF
# Marks that stand for themselves, and other characters that join what is before them.
_APART: Class = (
    *((0x102B, 0x102C), (0x1038, 0x1038), (0x1062, 0x1064), (0x1067, 0x106D), (0x1083, 0x1083), (0x1087, 0x108C)),
    *((0x108F, 0x108F), (0x109A, 0x109C), (0x1A61, 0x1A61), (0x1A63, 0x1A64), (0xAA7B, 0xAA7B), (0xAA7D, 0xAA7D)),
    (0x11720, 0x11721),
)
_JOINING: Class = (
    *((0xE33, 0xE33), (0xEB3, 0xEB3), (0x200C, 0x200D), (0xFF9E, 0xFF9F), (0x1F3FB, 0x1F3FF), (0xE0020, 0xE007F)),
)
_PREPENDED: Class = (
    *((0x600, 0x605), (0x6DD, 0x6DD), (0x70F, 0x70F), (0x890, 0x891), (0x8E2, 0x8E2), (0xD4E, 0xD4E)),
    *((0x110BD, 0x110BD), (0x110CD, 0x110CD), (0x111C2, 0x111C3), (0x1193F, 0x1193F), (0x11941, 0x11941)),
    *((0x11A3A, 0x11A3A), (0x11A84, 0x11A89), (0x11D46, 0x11D46)),
)
_PICTURES: Class = (
    *((0xA9, 0xA9), (0xAE, 0xAE), (0x203C, 0x203C), (0x2049, 0x2049), (0x2122, 0x2122), (0x2139, 0x2139)),
    *((0x2194, 0x2199), (0x21A9, 0x21AA), (0x231A, 0x231B), (0x2328, 0x2328), (0x2388, 0x2388), (0x23CF, 0x23CF)),
    *((0x23E9, 0x23F3), (0x23F8, 0x23FA), (0x24C2, 0x24C2), (0x25AA, 0x25AB), (0x25B6, 0x25B6), (0x25C0, 0x25C0)),
    *((0x25FB, 0x25FE), (0x2600, 0x2605), (0x2607, 0x2612), (0x2614, 0x2685), (0x2690, 0x2705), (0x2708, 0x2712)),
    *((0x2714, 0x2714), (0x2716, 0x2716), (0x271D, 0x271D), (0x2721, 0x2721), (0x2728, 0x2728), (0x2733, 0x2734)),
    *((0x2744, 0x2744), (0x2747, 0x2747), (0x274C, 0x274C), (0x274E, 0x274E), (0x2753, 0x2755), (0x2757, 0x2757)),
    *((0x2763, 0x2767), (0x2795, 0x2797), (0x27A1, 0x27A1), (0x27B0, 0x27B0), (0x27BF, 0x27BF), (0x2934, 0x2935)),
    *((0x2B05, 0x2B07), (0x2B1B, 0x2B1C), (0x2B50, 0x2B50), (0x2B55, 0x2B55), (0x3030, 0x3030), (0x303D, 0x303D)),
    *((0x3297, 0x3297), (0x3299, 0x3299), (0x1F000, 0x1F0FF), (0x1F10D, 0x1F10F), (0x1F12F, 0x1F12F)),
    *((0x1F16C, 0x1F171), (0x1F17E, 0x1F17F), (0x1F18E, 0x1F18E), (0x1F191, 0x1F19A), (0x1F1AD, 0x1F1E5)),
    *((0x1F201, 0x1F20F), (0x1F21A, 0x1F21A), (0x1F22F, 0x1F22F), (0x1F232, 0x1F23A), (0x1F23C, 0x1F23F)),
    *((0x1F249, 0x1F3FA), (0x1F400, 0x1F53D), (0x1F546, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F774, 0x1F77F)),
    *((0x1F7D5, 0x1F7FF), (0x1F80C, 0x1F80F), (0x1F848, 0x1F84F), (0x1F85A, 0x1F85F), (0x1F888, 0x1F88F)),
    *((0x1F8AE, 0x1F8FF), (0x1F90C, 0x1F93A), (0x1F93C, 0x1F945), (0x1F947, 0x1FAFF), (0x1FC00, 0x1FFFD)),
)
_IGNORABLE: Class = ((0x2065, 0x2065), (0xE0000, 0xE001F), (0xE0080, 0xE00FF), (0xE01F0, 0xE0FFF))


def clusters(text: str) -> list[str]:
    """The clusters of a text."""
    if not text or max(text) < _PLAIN:
        if "\r\n" not in text:
            return list(text)
        return re.findall(r"\r\n|[\s\S]", text)
    return _pattern().findall(text)


def first(text: str, at: int = 0) -> str:
    """The first cluster of a text, from a place on that is not its end."""
    pair = text[at : at + 2]
    if pair == "\r\n" or (max(pair) < _PLAIN and len(pair) == 2) or len(pair) == 1:
        return pair if pair == "\r\n" else pair[:1]
    found = _pattern().match(text, at)
    assert found is not None
    return found[0]


def scanned(text: str, wanted: frozenset[str]) -> list[tuple[str, bool]]:
    """The text in parts, each with whether it is one of some clusters.

    As OTP looks for them: a cluster that is wanted is found even where it is the end of a greater one.
    """
    beginnings = {each[0] for each in wanted}
    found, at = [], 0
    while at < len(text):
        part = first(text, at) if text[at] in beginnings else text[at]
        found.append((part, part in wanted))
        at += len(part)
    return found


def _without(ranges: Class, others: Class) -> Class:
    return inverted(merged((*inverted(ranges), *others)))


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """A cluster: what is prepended, a syllable, flag, picture or character, and what joins it."""
    marks: list[tuple[int, int]] = []
    for name in ("Mn", "Me", "Mc"):
        marks += property_of(name) or ()
    joining = written(merged((*_without(merged(marks), _APART), *_JOINING)), _TOP)
    controls: list[tuple[int, int]] = list(_IGNORABLE)
    for name in ("Cc", "Cf", "Zl", "Zp"):
        controls += property_of(name) or ()
    control = _without(merged(controls), merged((*_PREPENDED, *_JOINING)))
    other = written(inverted(control), _TOP)
    picture = written(_PICTURES, _TOP)
    core = (
        rf"(?:[\u1100-\u115f\ua960-\ua97c]+(?![\uac00-\ud7a3\u1160-\u11a7\ud7b0-\ud7c6])|{_hangul()}"
        rf"|[\U0001f1e6-\U0001f1ff]{{2}}|{picture}(?:{joining}*\u200d{picture})*|{other})"
    )
    prepended = written(_PREPENDED, _TOP)
    return re.compile(rf"\r\n|{written(control, _TOP)}|{prepended}*{core}{joining}*")


def _hangul() -> str:
    """A Korean syllable: leading, one vowel or whole syllable, vowels and trailing consonants."""
    open_ones = "".join(chr(code) for code in range(0xAC00, 0xD7A4, 28))
    leading, vowel, trailing = (
        r"[\u1100-\u115f\ua960-\ua97c]",
        r"[\u1160-\u11a7\ud7b0-\ud7c6]",
        r"[\u11a8-\u11ff\ud7cb-\ud7fb]",
    )
    return rf"{leading}*(?:[{open_ones}]{vowel}*{trailing}*|[\uac00-\ud7a3]{trailing}*|{vowel}+{trailing}*)|{trailing}+"
