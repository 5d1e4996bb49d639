"""Months of dates as news archives write them: ISO, `YYYY/MM/DD`, Persian digits, Gregorian or Jalali years."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

from inference.normalize import fold_text

UNDATED = ""
"""The month of a document that has no date, or none that can be read."""

_DATE = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?|(\d\d)(\d\d))(?:[T\s,،].*)?", re.DOTALL)
_LONGEST_DATE = 100  # far more than any date has; what is longer is some other text

_JALALI_YEARS = range(1300, 1500)
_GREGORIAN_YEARS = range(1800, 2200)
_FIRST_NOWRUZ = datetime.date(1921, 3, 21)
"""1 Farvardin 1300."""
# Leap years come in a cycle of 33 years from 1210 to 1634 (K. Borkowski, The Persian calendar for 3000 years, 1996).
_CYCLE = 33
_LEAP_IN_CYCLE = frozenset({1, 5, 9, 13, 17, 22, 26, 30})
_LONG_MONTHS = 6  # of 31 days; the others have 30, the last one 29 outside leap years

_MONTHS = ["ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر", "دسامبر"]


def month_of(date: object) -> str | None:
    """The Gregorian month `YYYY-MM` of a date; None if it is none that can be read.

    What follows the day (a time, a zone) is not looked at. Years 1300 to 1499 are Jalali. A Jalali month without a
    day lies in two Gregorian ones, so it can't be read.

    >>> month_of("۱۴۰۳/۰۱/۰۱")
    '2024-03'
    """
    if not isinstance(date, str) or len(date) > _LONGEST_DATE:
        return None
    match = _DATE.fullmatch(fold_text(date).strip())
    if match is None:
        return None
    year, month = int(match[1]), int(match[3] or match[5])
    day = match[4] or match[6]
    try:
        if year in _JALALI_YEARS:
            found = None if day is None else from_jalali(year, month, int(day))
        else:
            found = datetime.date(year, month, int(day or 1)) if year in _GREGORIAN_YEARS else None
    except ValueError:  # such a day there is not
        return None
    return None if found is None else f"{found:%Y-%m}"


def from_jalali(year: int, month: int, day: int) -> datetime.date:
    """The Gregorian date of a Jalali one.

    Raises:
        ValueError: If there is no such day, or the year is not in 1300 to 1499.
    """
    if year not in _JALALI_YEARS or not 1 <= month <= 12 or not 1 <= day <= _length(year, month):
        raise ValueError(f"there is no Jalali date {year}/{month}/{day}")
    leaps = sum(map(_is_leap, range(_JALALI_YEARS.start, year)))
    months = (month - 1) * 30 + min(month - 1, _LONG_MONTHS)
    days = (year - _JALALI_YEARS.start) * 365 + leaps + months + day - 1
    return _FIRST_NOWRUZ + datetime.timedelta(days=days)


def _is_leap(year: int) -> bool:
    return year % _CYCLE in _LEAP_IN_CYCLE


def _length(year: int, month: int) -> int:
    if month <= _LONG_MONTHS:
        return 31
    return 30 if month < 12 or _is_leap(year) else 29


@dataclass(frozen=True, slots=True)
class Axis:
    """The columns of a chart over time: months, or years where months would be too many.

    Attributes:
        periods: `YYYY-MM` or `YYYY` in order.
        by_year: Whether they are years.
    """

    periods: tuple[str, ...]
    by_year: bool

    def period(self, month: str) -> str:
        """The period that a month lies in; undated stays so."""
        return month[:4] if self.by_year else month


def axis(months: Iterable[str], limit: int) -> Axis:
    """The axis of months that occur. Gaps are filled where the whole has at most `limit` periods."""
    numbers = sorted({int(month[:4]) * 12 + int(month[5:]) - 1 for month in months if month != UNDATED})
    if not numbers:
        return Axis((), False)
    first, last = numbers[0], numbers[-1]
    if last - first < limit:
        return Axis(tuple(f"{n // 12}-{n % 12 + 1:02}" for n in range(first, last + 1)), False)
    years = sorted({n // 12 for n in numbers})
    filled = range(years[0], years[-1] + 1) if years[-1] - years[0] < limit else years
    return Axis(tuple(map(str, filled)), True)


def period_name(period: str) -> str:
    """A period in the words of a Persian reader, with the digits as they are.

    >>> period_name("2024-03")
    'مارس 2024'
    """
    if period == UNDATED:
        return "بی‌تاریخ"
    year, _, month = period.partition("-")
    return f"{_MONTHS[int(month) - 1]} {year}" if month else year
