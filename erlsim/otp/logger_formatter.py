"""The default formatter: an event as a line or a paragraph of text, by a template. Mirrors `logger_formatter`.

A template is a list of text (code points, or a `str` that could be no key), of keys of the metadata
(atoms or paths of atoms), of `(key, if_there, if_not)` and of `"level"`; the first `"msg"` is the message.

DIVERGES(otp): local time is the simulation's, which is UTC. Without a `depth` there is none, whatever kernel's
`error_logger_format_depth` says.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import takewhile

from erlsim import code
from erlsim.errors import Error, caught, pass_on
from erlsim.otp.reports.dates import date_time, heading_date
from erlsim.otp.reports.log_text import flatten, format_report, is_printable
from erlsim.otp.shared import finish_now, is_atom
from erlsim.terms import Pid, Ref, Term, chars, matchable
from erlsim.terms import format as io_format
from erlsim.terms.characters import printable_list, width

Event = dict[str, Term]
Config = dict[str, Term]
_LEAST_SIZE = 10
_LEAST_DEPTH = 5
_SECOND = 1_000_000
_MINUTE = 60 * _SECOND
_OFFSET = re.compile(r"([+-])\s*([+-]?\d+):\s*([+-]?\d+)")
_OFFSET_OR_NONE = re.compile(f"{_OFFSET.pattern}|[Zz]?")
_DEFAULTS: Config = {
    "chars_limit": "unlimited",
    "max_size": "unlimited",
    "depth": "unlimited",
    "error_logger_notice_header": "info",
    "legacy_header": False,
    "single_line": True,
    "time_designator": ord("T"),
    "time_offset": [],
}


def format(event: Event, config: Config) -> str:
    """The text of `event`.

    `config` may have `template`, `single_line`, `legacy_header`, `error_logger_notice_header`, `time_designator`,
    `time_offset`, `max_size` (characters, at least 10), `depth` (at least 5), `chars_limit` and `report_cb`.
    """
    settings = {**_DEFAULTS, **config}
    for name, least in (("max_size", _LEAST_SIZE), ("depth", _LEAST_DEPTH)):
        if settings[name] != "unlimited":
            settings[name] = max(least, settings[name])
    meta = _with_header(event, settings) if settings["legacy_header"] else event["meta"]
    template = settings["template"] if "template" in settings else _template(settings)
    place = next((place for place, item in enumerate(template) if isinstance(item, str) and item == "msg"), None)
    before, after = (template, []) if place is None else (template[:place], template[place + 1 :])
    texts = ["".join(_part(item, event, meta, settings) for item in items) for items in (before, after)]
    if settings["chars_limit"] != "unlimited":
        settings["chars_limit"] = max(0, settings["chars_limit"] - sum(map(width, texts)))
    told = "" if place is None else message(event["msg"], meta, settings)
    return _truncate("".join((texts[0], told, texts[1])), texts[1] if after else told or texts[0], settings["max_size"])


def check_config(config: Term) -> Term:
    """`"ok"` for a map that `format` understands, else `("error", reason)`."""
    if not isinstance(config, dict):
        return ("error", ("invalid_formatter_config", "logger_formatter", config))
    for key, value in config.items():
        check = _CHECKS.get(key)
        if key == "template" and not _is_template(value):
            return ("error", ("invalid_formatter_template", "logger_formatter", value))
        if check is None or not check(value):
            return ("error", ("invalid_formatter_config", "logger_formatter", (key, value)))
    return "ok"


def _with_header(event: Event, settings: Config) -> dict[str, Term]:
    meta: dict[str, Term] = event["meta"]
    own = meta.get("logger_formatter", {})
    title = own.get("title")
    if title is None:
        notice = event["level"] == "notice" and "error_logger" in meta
        level = settings["error_logger_notice_header"] if notice else event["level"]
        title = level.upper() + " REPORT"
    date = f"{heading_date(meta['time'])}.{date_time(meta['time']).microsecond:06}"
    text = title if isinstance(title, str) else io_format("~ts", [title])
    utc = "UTC " if _is_utc(settings["time_offset"]) else ""
    return {**meta, "logger_formatter": {**own, "title": title, "header": f"={text}==== {date} {utc}==="}}


def _template(settings: Config) -> list[Term]:
    if settings["legacy_header"]:
        return [["logger_formatter", "header"], "\n", "msg", "\n"]
    if settings["single_line"]:
        return ["time", " ", "level", ": ", "msg", "\n"]
    return ["time", " ", "level", ":\n", "msg", "\n"]


def _part(item: Term, event: Event, meta: dict[str, Term], settings: Config) -> str:
    if isinstance(item, str) and item == "level":
        return str(event["level"])
    if type(item) is tuple:
        found = _value(item[0], meta)
        return "".join(_part(part, event, meta, settings) for part in (item[1] if found else item[2]))
    if isinstance(item, str) and not item.isidentifier():
        return item
    if isinstance(item, str) or (type(item) is list and item and isinstance(item[0], str)):
        return "".join(_text(item, value, settings) for value in _value(item, meta))
    return str(io_format("~ts", [item]))


def _value(key: Term, meta: Term) -> list[Term]:
    """The value of a key or of a path of keys, in a list; `[]` when there is none."""
    for name in key if type(key) is list else [key]:
        if not isinstance(meta, dict) or name not in meta:
            return []
        meta = meta[name]
    return [meta]


def _text(key: Term, value: Term, settings: Config) -> str:
    if isinstance(value, str):
        return value
    if key == "time" and type(value) is int:
        return _time(value, settings)
    if key == "mfa" and type(value) is tuple and len(value) == 3:
        number = len(value[2]) if type(value[2]) is list else value[2]
        return str(io_format("~tw:~tw/~w", [value[0], value[1], number]))
    if isinstance(value, Pid | Ref | int) and not isinstance(value, bool):
        return str(io_format("~w", [value]))
    return printable_list(flatten(value)) or str(io_format(_p(settings), [value]))


def _time(microseconds: int, settings: Config) -> str:
    """As `calendar:system_time_to_rfc3339/2`."""
    offset, told = _offset(settings["time_offset"])
    when = date_time(microseconds + offset).replace(tzinfo=None)
    return when.isoformat(chr(settings["time_designator"]), "microseconds") + told


def _offset(given: Term) -> tuple[int, str]:
    """An offset to UTC, of so many microseconds or a text: microseconds, and how it is told."""
    if isinstance(given, int):
        hours, minutes = divmod(abs(given) // _MINUTE, 60)
        # The fraction of a second stays as it is.
        return given // _SECOND * _SECOND, f"{'-' if given < 0 else '+'}{hours:02}:{minutes:02}"
    text = given if isinstance(given, str) else "".join(map(chr, given))
    found = _OFFSET.fullmatch(text)
    if found:
        return int(f"{found[1]}1") * (60 * int(found[2]) + int(found[3])) * _MINUTE, text
    return 0, text or "+00:00"


def _is_utc(given: Term) -> bool:
    """Whether the time is said to be that of UTC: the local time is not, although it is the same."""
    if isinstance(given, int):
        return given == 0
    microseconds, told = _offset(given)
    return microseconds == 0 and given not in ([], "") and not told.startswith("-")


def message(msg: tuple[Term, Term], meta: dict[str, Term], settings: Config) -> str:
    """The text of an event's `msg`; a report is put through its report callback."""
    text = _message(msg, meta, settings)
    return re.sub(",?\r?\n *", ", ", text.strip(" \r\n")) if settings["single_line"] else text


def _message(msg: tuple[Term, Term], meta: dict[str, Term], settings: Config) -> str:
    kind, body = msg
    if isinstance(kind, str) and kind == "string":
        return _formatted(chars("~ts"), [body], settings)
    if not (isinstance(kind, str) and kind == "report"):
        return _formatted(kind, body, settings)
    for callback in (settings.get("report_cb"), meta.get("report_cb")):
        if callable(callback):
            for alone in (False, True):
                if code.takes(callback, 1 if alone else 2):
                    return _report(callback, alone, body, settings)
    return _report(format_report, True, body, settings)


def _report(callback: Callable[..., Term], alone: bool, report: Term, settings: Config) -> str:
    """What a report callback makes of a report: the text, or of the report alone a format and its arguments."""
    name = f"REPORT_CB/{1 if alone else 2}"
    options = [] if alone else [{key: settings[key] for key in ("depth", "chars_limit", "single_line")}]
    try:
        told = finish_now(callback(report, *options))
    except Exception as failure:
        pass_on(failure)
        kind, reason, stack = caught(failure)
        own = list(takewhile(lambda frame: frame[0] != "logger_formatter", stack))
        return _trouble(f"{name} CRASH: ", "; Reason: ", [report, (kind, reason, own)], settings)
    if alone:
        match matchable(told):
            case (str() | list() as layout, list(args)):
                return _formatted(layout, args, settings)
    elif isinstance(told, str | list | bytes):
        try:
            return str(io_format("~ts", [told]))
        except Error:
            pass
    return _trouble(f"{name} ERROR: ", "; Returned: ", [report, told], settings)


def _formatted(layout: Term, args: Term, settings: Config) -> str:
    most, depth = (-1 if settings[name] == "unlimited" else settings[name] for name in ("chars_limit", "depth"))
    text = layout if isinstance(layout, str) else str(io_format("~ts", [layout]))
    try:
        return str(io_format(text, args, most, depth, settings["single_line"]))
    except Exception as failure:
        pass_on(failure)
        return _trouble("FORMAT ERROR: ", " - ", [layout, args], settings)


def _trouble(first: str, second: str, args: list[Term], settings: Config) -> str:
    p = _p(settings)
    return _formatted(f"{first}{p}{second}{p}", args, settings)


def _p(settings: Config) -> str:
    return "~0tp" if settings["single_line"] else "~tp"


def _truncate(text: str, end: str, size: Term) -> str:
    """The text, so many characters of it: a line, if its `end` is that of one."""
    if size == "unlimited" or width(text) <= size:
        return text
    return text[: size - 4] + "...\n" if end.endswith("\n") else text[: size - 3] + "..."


def _is_limit(value: Term) -> bool:
    return value == "unlimited" or (type(value) is int and value > 0)


def _is_callback(value: Term) -> bool:
    return callable(value) and (code.takes(value, 1) or code.takes(value, 2))


def _is_offset(value: Term) -> bool:
    if type(value) is list:
        value = printable_list(value) if value else ""
    return type(value) is int or (type(value) is str and _OFFSET_OR_NONE.fullmatch(value) is not None)


def _is_designator(value: Term) -> bool:
    return printable_list([value]) is not None


def _is_template(value: Term) -> bool:
    return type(value) is list and all(map(_is_item, value))


def _is_item(item: Term) -> bool:
    """A key, a path of keys, a choice, or text."""
    match matchable(item):
        case (key, there, other):
            return (is_atom(key) or _is_path(key)) and _is_template(there) and _is_template(other)
        case bytes():
            try:
                return _is_item(chars(item.decode()))
            except UnicodeDecodeError:
                return False
    if _is_path(item):
        return all(map(is_atom, item))
    return is_atom(item) or (type(item) is list and all(type(each) is int and is_printable(each) for each in item))


def _is_path(item: Term) -> bool:
    """Whether it begins as a path of keys does."""
    return type(item) is list and item != [] and is_atom(item[0])


_CHECKS: dict[str, Callable[[Term], bool]] = {
    "chars_limit": _is_limit,
    "depth": _is_limit,
    "max_size": _is_limit,
    "single_line": lambda value: type(value) is bool,
    "legacy_header": lambda value: type(value) is bool,
    "error_logger_notice_header": lambda value: value in ("info", "notice"),
    "report_cb": _is_callback,
    "template": _is_template,
    "time_offset": _is_offset,
    "time_designator": _is_designator,
}
