"""Numbers and dates as the text that a person reads."""

from datetime import datetime


def number(stored: str) -> str:
    """As a cell shows it: 7.0 is 7, and what computers add to 0.1 + 0.2 is left out."""
    try:
        value = float(stored)
    except ValueError:
        return stored
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"


def percentage(stored: str) -> str:
    """0.465 is 46.5%."""
    try:
        return f"{number(str(float(stored) * 100))}%"
    except ValueError:
        return stored


def moment(stored: datetime) -> str:
    """2026-11-30, with the time where there is one: 2026-11-30 09:30."""
    day, time = stored.date().isoformat(), clock(stored.hour * 3600 + stored.minute * 60 + stored.second)
    return day if time == "00:00" else f"{day} {time}"


def iso_moment(stored: str) -> str:
    """The same from ISO text; what is no date stays as it is."""
    try:
        return moment(datetime.fromisoformat(stored))
    except ValueError:
        return stored


def clock(seconds: int) -> str:
    """09:30, or 09:30:15; hours go on past 24."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")
