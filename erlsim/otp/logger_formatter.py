"""The default formatter: an event as a line or a paragraph of text, by a template. Mirrors `logger_formatter`.

A template is a list of text (code points, or a `str` that could be no key), of keys of the metadata
(atoms or paths of atoms), of `(key, if_there, if_not)` and of `"msg"`, `"level"`. Pure functions.

DIVERGES(otp): the limits `depth` and `chars_limit` hold for reports, by their callbacks; a message that is a format
and its arguments is not cut. `max_size` holds for all.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from erlsim.errors import caught, pass_on
from erlsim.otp.reports.dates import date_time, heading_date
from erlsim.otp.reports.log_text import format_report, printable
from erlsim.otp.shared import arity, finish_now
from erlsim.terms import Pid, Ref, Term
from erlsim.terms import format as io_format

Event = dict[str, Term]
Config = dict[str, Term]
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

    `config` may have `template`, `single_line`, `legacy_header`, `error_logger_notice_header`,
    `time_designator`, `time_offset`, `max_size` (characters) and `report_cb`.
    """
    settings = {**_DEFAULTS, **config}
    meta = _with_header(event, settings) if settings["legacy_header"] else event["meta"]
    parts = [_part(item, event, meta, settings) for item in settings.get("template") or _template(settings)]
    return _truncate("".join(parts), settings["max_size"])


def check_config(config: Term) -> Term:
    """`"ok"` for a map that `format` understands, else `("error", reason)`."""
    if not isinstance(config, dict):
        return ("error", ("invalid_formatter_config", "logger_formatter", config))
    for key, value in config.items():
        check = _CHECKS.get(key)
        if key == "template" and type(value) is not list:
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
    utc = "UTC " if settings["time_offset"] in ("Z", "z", [ord("Z")], [ord("z")], 0) else ""
    return {**meta, "logger_formatter": {**own, "title": title, "header": f"={text}==== {date} {utc}==="}}


def _template(settings: Config) -> list[Term]:
    if settings["legacy_header"]:
        return [["logger_formatter", "header"], "\n", "msg", "\n"]
    if settings["single_line"]:
        return ["time", " ", "level", ": ", "msg", "\n"]
    return ["time", " ", "level", ":\n", "msg", "\n"]


def _part(item: Term, event: Event, meta: dict[str, Term], settings: Config) -> str:
    if isinstance(item, str) and item == "msg":
        return message(event["msg"], meta, settings)
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
        return date_time(value).isoformat(chr(settings["time_designator"]), "microseconds")
    if key == "mfa" and type(value) is tuple and len(value) == 3:
        number = len(value[2]) if type(value[2]) is list else value[2]
        return str(io_format("~tw:~tw/~w", [value[0], value[1], number]))
    if isinstance(value, Pid | Ref | int) and not isinstance(value, bool):
        return str(io_format("~w", [value]))
    return str(io_format("~ts" if printable(value) else _p(settings), [value]))


def message(msg: tuple[Term, Term], meta: dict[str, Term], settings: Config) -> str:
    """The text of an event's `msg`; a report is put through its report callback."""
    text = _message(msg, meta, settings)
    return re.sub(r",?\r?\n\s*", ", ", text.strip(" \r\n")) if settings["single_line"] else text


def _message(msg: tuple[Term, Term], meta: dict[str, Term], settings: Config) -> str:
    kind, body = msg
    if isinstance(kind, str) and kind == "string":
        return _formatted("~ts", [body], settings)
    if not (isinstance(kind, str) and kind == "report"):
        return _formatted(kind, body, settings)
    callback: Callable[..., Term] = settings.get("report_cb") or meta.get("report_cb") or format_report
    try:
        if arity(callback) >= 2:
            limits = {key: settings[key] for key in ("depth", "chars_limit", "single_line")}
            return _chardata(finish_now(callback(body, limits)), body, settings)
        layout, args = finish_now(callback(body))
    except Exception as failure:
        pass_on(failure)
        p = _p(settings)
        return _formatted(f"REPORT_CB CRASH: {p}; Reason: {p}", [body, caught(failure)], settings)
    return _formatted(layout, args, settings)


def _chardata(text: Term, report: Term, settings: Config) -> str:
    if isinstance(text, str):
        return text
    if isinstance(text, list | bytes):
        return str(io_format("~ts", [text]))
    p = _p(settings)
    return _formatted(f"REPORT_CB/2 ERROR: {p}; Returned: {p}", [report, text], settings)


def _formatted(layout: Term, args: list[Term], settings: Config) -> str:
    text = layout if isinstance(layout, str) else str(io_format("~ts", [layout]))
    if settings["single_line"]:
        text = re.sub(r"~-?\d*(\.[^a-zA-Z~]*)?([tlkK]*)p", r"~0\2p", text)
    try:
        return str(io_format(text, args))
    except Exception as failure:
        pass_on(failure)
        p = _p(settings)
        return str(io_format(f"FORMAT ERROR: {p} - {p}", [layout, args]))


def _p(settings: Config) -> str:
    return "~0tp" if settings["single_line"] else "~tp"


def _truncate(text: str, size: Term) -> str:
    if type(size) is not int or len(text) <= size:
        return text
    return text[: size - 4] + "...\n" if text.endswith("\n") else text[: size - 3] + "..."


def _is_limit(value: Term) -> bool:
    return value == "unlimited" or (type(value) is int and value > 0)


_CHECKS: dict[str, Callable[[Term], bool]] = {
    "chars_limit": _is_limit,
    "depth": _is_limit,
    "max_size": _is_limit,
    "single_line": lambda value: type(value) is bool,
    "legacy_header": lambda value: type(value) is bool,
    "error_logger_notice_header": lambda value: value in ("info", "notice"),
    "report_cb": callable,
    "template": lambda value: type(value) is list,
    "time_offset": lambda value: isinstance(value, int | str | list),
    "time_designator": lambda value: type(value) is int and 32 <= value <= 255,
}
