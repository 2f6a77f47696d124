"""A year as a partnership counts it: from the first day of its own first month. Imports no Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class Span:
    """One year. `number` is the calendar year in which it begins; both days belong to it."""

    number: int
    first: date
    last: date

    @classmethod
    def numbered(cls, number: int, *, month: int) -> Span:
        """The year that begins in this month (1 to 12) of this calendar year."""
        return cls(number, date(number, month, 1), date(number + 1, month, 1) - timedelta(days=1))

    @classmethod
    def around(cls, day: date, *, month: int) -> Span:
        """The year to which the day belongs, where years begin in this month."""
        return cls.numbered(day.year if day.month >= month else day.year - 1, month=month)

    def __str__(self) -> str:
        """ "2026" where it is a calendar year, else "2025/26"."""
        return str(self.number) if self.first.month == 1 else f"{self.number}/{(self.number + 1) % 100:02}"
