"""The module `calendar`. The clock of a simulation begins on 1970-01-01; local time is universal time."""

from __future__ import annotations

import datetime
import re
from typing import Any

from erlsim import erlang
from erlsim.erl.library import proplists
from erlsim.erl.library.io_lib import text_of
from erlsim.erl.running.cells import outward
from erlsim.erl.running.failures import Failed, no_clause
from erlsim.terms import Term, chars

__in_stacks__ = False

_DAYS_TO_YEAR_1 = 366
_DAY = 86400
_EPOCH = 62167219200
_END = 253402300800


def is_leap_year(year: Term) -> bool:
    """`is_leap_year/1`."""
    if type(year) is not int or year < 0:
        raise no_clause("calendar", "is_leap_year", year)
    return bool(year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))


def last_day_of_the_month(year: Term, month: Term) -> int:
    """`last_day_of_the_month/2`."""
    if type(year) is not int or year < 0 or type(month) is not int or not 1 <= month <= 12:
        raise no_clause("calendar", "last_day_of_the_month", year, month)
    return 29 if month == 2 and is_leap_year(year) else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def valid_date(*args: Term) -> bool:
    """`valid_date/1,3`."""
    year, month, day = args[0] if len(args) == 1 else args
    if not all(type(each) is int for each in (year, month, day)):
        raise no_clause("calendar", "valid_date", *args)
    return bool(year >= 0 and 1 <= month <= 12 and 1 <= day <= last_day_of_the_month(year, month))


def date_to_gregorian_days(*args: Term) -> int:
    """`date_to_gregorian_days/1,3`: days since the first of January of the year 0."""
    year, month, day = args[0] if len(args) == 1 else args
    if type(day) is not int or not 1 <= day <= last_day_of_the_month(year, month):
        raise Failed("if_clause", ("calendar", "date_to_gregorian_days", 3, []))
    before = sum(last_day_of_the_month(year, each) for each in range(1, month))
    leap_days = -(-year // 4) + -year // 100 - -year // 400
    days: int = year * 365 + leap_days + before + day - 1
    return days


def gregorian_days_to_date(days: Term) -> Term:
    """`gregorian_days_to_date/1`."""
    if type(days) is not int or days < 0:
        raise no_clause("calendar", "gregorian_days_to_date", days)
    if days < _DAYS_TO_YEAR_1:
        found = datetime.date(4, 1, 1) + datetime.timedelta(days)
        return (0, found.month, found.day)
    # Every 400 years have as many days; Python's dates end with the year 9999.
    cycles, rest = divmod(days - _DAYS_TO_YEAR_1, 146097)
    found = datetime.date(1, 1, 1) + datetime.timedelta(rest)
    return (found.year + 400 * cycles, found.month, found.day)


def time_to_seconds(time: Term) -> int:
    """`time_to_seconds/1`."""
    match time:
        case (int(hours), int(minutes), int(seconds)) if type(time) is tuple:
            return hours * 3600 + minutes * 60 + seconds
    raise no_clause("calendar", "time_to_seconds", time)


def seconds_to_time(seconds: Term) -> Term:
    """`seconds_to_time/1`."""
    if type(seconds) is not int or not 0 <= seconds < _DAY:
        raise no_clause("calendar", "seconds_to_time", seconds)
    return (seconds // 3600, seconds // 60 % 60, seconds % 60)


def seconds_to_daystime(seconds: Term) -> Term:
    """`seconds_to_daystime/1`."""
    if type(seconds) is not int:
        raise no_clause("calendar", "seconds_to_daystime", seconds)
    days, rest = divmod(seconds, _DAY)
    return (days, seconds_to_time(rest))


def datetime_to_gregorian_seconds(moment: Term) -> int:
    """`datetime_to_gregorian_seconds/1`."""
    if type(moment) is not tuple or len(moment) != 2:
        raise no_clause("calendar", "datetime_to_gregorian_seconds", moment)
    return date_to_gregorian_days(moment[0]) * _DAY + time_to_seconds(moment[1])


def gregorian_seconds_to_datetime(seconds: Term) -> Term:
    """`gregorian_seconds_to_datetime/1`."""
    if type(seconds) is not int or seconds < 0:
        raise no_clause("calendar", "gregorian_seconds_to_datetime", seconds)
    days, rest = divmod(seconds, _DAY)
    return (gregorian_days_to_date(days), seconds_to_time(rest))


def day_of_the_week(*args: Term) -> int:
    """`day_of_the_week/1,3`: Monday is 1."""
    return (date_to_gregorian_days(*args) + 5) % 7 + 1


def iso_week_number(*args: Term) -> Term:
    """`iso_week_number/0,1`: `{Year, Week}`."""
    date = args[0] if args else local_time()[0]
    days = date_to_gregorian_days(date)
    year = date[0]
    for each in (year + 1, year, year - 1):
        first = date_to_gregorian_days(max(each, 0), 1, 4)
        monday = first - (first + 5) % 7
        if days >= monday:
            return (each, (days - monday) // 7 + 1)
    raise no_clause("calendar", "iso_week_number", date)


def time_difference(first: Term, last: Term) -> Term:
    """`time_difference/2`."""
    return seconds_to_daystime(datetime_to_gregorian_seconds(last) - datetime_to_gregorian_seconds(first))


# ---- now


def universal_time() -> Term:
    """`universal_time/0`."""
    return gregorian_seconds_to_datetime(_EPOCH + int(erlang.system_time("second")))


local_time = universal_time


def now_to_datetime(now: Term) -> Term:
    """`now_to_datetime/1`."""
    return gregorian_seconds_to_datetime(_EPOCH + now[0] * 1_000_000 + now[1])


now_to_universal_time = now_to_local_time = now_to_datetime


def universal_time_to_local_time(moment: Term) -> Term:
    """`universal_time_to_local_time/1`."""
    datetime_to_gregorian_seconds(moment)
    return moment


local_time_to_universal_time = universal_time_to_local_time


def local_time_to_universal_time_dst(moment: Term) -> list[Term]:
    """`local_time_to_universal_time_dst/1`."""
    return [universal_time_to_local_time(moment)]


def system_time_to_universal_time(time: Term, unit: Term) -> Term:
    """`system_time_to_universal_time/2`."""
    return gregorian_seconds_to_datetime(_EPOCH + _converted(time, unit, "second"))


system_time_to_local_time = system_time_to_universal_time


# ---- RFC 3339

_FACTORS = {"second": 1, "millisecond": 1000, "microsecond": 10**6, "nanosecond": 10**9, "native": 1000}
_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d).(\d\d):(\d\d):(\d\d)([\d.]*)(?:([zZ])|([+-])(\d\d)(?::(\d\d))?)", re.DOTALL
)


def _converted(time: Term, unit: Term, to: str) -> int:
    found: int = erlang.convert_time_unit(time, unit, to)
    return found


def rfc3339_to_system_time(text: Term, options: Term = None) -> int:
    """`rfc3339_to_system_time/1,2`."""
    given: Term = [] if options is None else options
    unit = proplists.get_value("unit", given, "second")
    found = _RFC3339.fullmatch(text_of(text))
    if found is None:
        raise Failed(("badmatch", outward(text)), ("calendar", "rfc3339_to_system_time", 2, []))
    year, month, day, hour, minute, second = (int(each) for each in found.groups()[:6])
    seconds = datetime_to_gregorian_seconds(((year, month, day), (hour, minute, second))) - _EPOCH
    if found[9]:
        away = int(found[10]) * 3600 + int(found[11] or 0) * 60
        seconds -= away if found[9] == "+" else -away
    _check(seconds, text, given)
    scaled = _converted(seconds, "second", unit)
    fraction = 0 if unit == "second" or not found[7] else round(_FACTORS[unit] * float("0" + found[7]))
    return scaled - fraction if scaled < 0 else scaled + fraction


def _check(seconds: int, *args: Any) -> None:
    if not -_EPOCH <= seconds < _END:
        raise Failed(("badarg", list(map(outward, args))), ("calendar", "check", 3, []))


def system_time_to_rfc3339(time: Term, options: Term = None) -> list[int]:
    """`system_time_to_rfc3339/1,2`."""
    given: Term = [] if options is None else options
    unit = proplists.get_value("unit", given, "second")
    if unit == "native":
        time, unit = _converted(time, "native", "millisecond"), "millisecond"
    offset = proplists.get_value("offset", given, [])
    designator = chr(proplists.get_value("time_designator", given, ord("T")))
    away, shown = _offset(offset, unit)
    factor = _FACTORS[unit]
    adjusted = time + away * factor
    seconds = abs(adjusted) // factor * (-1 if adjusted < 0 else 1)
    _check(seconds, time, given)
    (year, month, day), (hour, minute, second) = gregorian_seconds_to_datetime(_EPOCH + seconds)
    digits = len(str(factor)) - 1
    fraction = f".{abs(adjusted) % factor:0{digits}d}" if digits else ""
    date = f"{year:04d}-{month:02d}-{day:02d}"
    return chars(f"{date}{designator}{hour:02d}:{minute:02d}:{second:02d}{fraction}{shown}")


def _offset(offset: Term, unit: str) -> tuple[int, str]:
    """How many seconds a local time is ahead, and how that is written."""
    if type(offset) is int or not offset:
        away = _converted(offset, unit, "second") if type(offset) is int else 0
        return away, f"{'-' if away < 0 else '+'}{abs(away) // 3600:02d}:{abs(away) % 3600 // 60:02d}"
    text = text_of(offset)
    if text in ("Z", "z"):
        return 0, text
    away = int(text[1:3]) * 3600 + int(text[4:6] or 0) * 60
    return (-away if text[0] == "-" else away), text


MORE = {
    **{("valid_date", arity): valid_date for arity in (1, 3)},
    **{("date_to_gregorian_days", arity): date_to_gregorian_days for arity in (1, 3)},
    **{("day_of_the_week", arity): day_of_the_week for arity in (1, 3)},
    **{("iso_week_number", arity): iso_week_number for arity in (0, 1)},
}
