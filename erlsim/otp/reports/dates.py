"""When something was logged, as text: the simulation's own date and time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def date_time(microseconds: int) -> datetime:
    """The date and time that is so many microseconds after the year 1970 began."""
    return _EPOCH + timedelta(microseconds=microseconds)


def heading_date(microseconds: int) -> str:
    """`1-Jan-2024::00:00:00`, as in the headings of SASL's reports."""
    when = date_time(microseconds)
    return f"{when.day}-{_MONTHS[when.month - 1]}-{when.year}::{when:%H:%M:%S}"
