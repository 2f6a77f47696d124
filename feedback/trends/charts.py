"""The charts of a partnership's history, with the sentences that say the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import floor
from string import ascii_uppercase

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coprod.common.spans import Span
from feedback.models import ChartNote
from feedback.scores.instruments import MEETING_FEEDBACK
from feedback.scores.rounding import hundredth, limit, tenth
from feedback.trends import svg as charts
from feedback.trends.history import TOTAL, History, Plotted, Series, Stretch, label_of


def scale_of(key: str) -> tuple[int, int]:
    """The least and the most that an average can be."""
    points = MEETING_FEEDBACK.points.values()
    times = len(MEETING_FEEDBACK.statements) if key == TOTAL else 1
    return min(points) * times, max(points) * times


def shown_from(key: str, values: Iterable[Fraction | float]) -> Fraction:
    """Where a scale begins on which these can be told apart: with the quarter of the whole scale in which the least of
    them lies."""
    lowest, highest = scale_of(key)
    step = Fraction(highest - lowest, 4)
    least = min(values, default=lowest)
    begins = lowest + step * floor((Fraction(least) - lowest) / step)
    return min(max(Fraction(lowest), begins), highest - step)


def usual_in_words(series: Series) -> str:
    """Mean and limits that are drawn last, as far as the scale goes, and until when they held where limits were reset
    since; empty where there are none."""
    judged = [stretch for stretch in series.stretches if stretch.is_judged]
    if not judged:
        return ""
    lower, mean, upper = (limit(each) for each in _usual(judged[-1], series.key))
    told = _("Usual here is %(lower)s to %(upper)s, around an average of %(mean)s.")
    if judged[-1] is not series.stretches[-1]:
        told = _("Until %(day)s usual was %(lower)s to %(upper)s, around an average of %(mean)s.")
    day = date_format(judged[-1].meetings[-1].date, "j F Y")
    return told % {"lower": lower, "upper": upper, "mean": mean, "day": day}


def chart_of(history: History, key: str, *, shaded: Span | None = None) -> str:
    """All meetings with a figure of it, the limits of what is usual once there are enough, and the notes. Empty with
    fewer than two: one point is no line."""
    series = history.series[key]
    plotted = series.plotted
    if len(plotted) < 2:
        return ""
    bands = _bands(series)
    lowest, highest = _shown(series, bands)
    points = [
        charts.Point(
            date_format(each.meeting.date, "M Y"),
            each.value,
            hundredth(each.value),
            each.direction,
            is_ring=each.meeting.table.measures is not None,
        )
        for each in plotted
    ]
    return charts.line(
        sentence_of(series),
        points,
        lowest=lowest,
        highest=highest,
        bands=bands,
        marks=_marks(history, plotted),
        shaded=_shaded(plotted, shaded) if shaded else None,
    )


def spark_of(label: str, values: Sequence[Fraction | None], key: str, *, lowest: Fraction | None = None) -> str:
    """A small chart; its sentence says its figures. `lowest`: where its scale begins, if not for its own values."""
    highest = scale_of(key)[1]
    if lowest is None:
        lowest = shown_from(key, [value for value in values if value is not None])
    told = ", ".join(hundredth(value) for value in values)
    sentence = _("%(what)s, meeting by meeting: %(averages)s") % {"what": label, "averages": told}
    return charts.spark(sentence, values, lowest=lowest, highest=highest)


def sentence_of(series: Series) -> str:
    """What the chart shows, for those who do not see it. Raises IndexError where it shows nothing."""
    first, last = series.plotted[0], series.plotted[-1]
    told = _("%(what)s, average of each meeting: from %(from)s on %(first)s to %(to)s on %(last)s. %(verdict)s.") % {
        "what": label_of(series.key),
        "from": hundredth(first.value),
        "first": date_format(first.meeting.date, "j F Y"),
        "to": hundredth(last.value),
        "last": date_format(last.meeting.date, "j F Y"),
        "verdict": series.verdict.words,
    }
    return " ".join(filter(None, [told, usual_in_words(series)]))


def marked(history: History, plotted: Sequence[Plotted]) -> list[tuple[int, str, ChartNote]]:
    """The notes, each with the place of the first meeting since and its letter; without a letter those after the last
    meeting or before the first, for they part nothing."""
    found: list[tuple[int, str, ChartNote]] = []
    letters = iter(ascii_uppercase)
    for note in history.notes:
        place = sum(each.meeting.date < note.date for each in plotted)
        found.append((place, next(letters, "*") if 0 < place < len(plotted) else "", note))
    return found


def _marks(history: History, plotted: Sequence[Plotted]) -> list[charts.Mark]:
    """One for each place, with the letters of all notes that belong there."""
    letters: dict[int, str] = {}
    for place, letter, _note in marked(history, plotted):
        letters[place] = f"{letters[place]}, {letter}" if place in letters else letter
    return [charts.Mark(place, letter) for place, letter in letters.items() if letter]


def scale_in_words(series: Series) -> str:
    """From where to where the chart of this goes, and how far the scale goes."""
    (lowest, highest), (least, most) = _shown(series, _bands(series)), scale_of(series.key)
    if lowest == least:
        return _("The chart shows the whole scale, %(least)s to %(most)s.") % {"least": least, "most": most}
    return _("The chart shows %(from)s to %(most)s of the scale, which begins at %(least)s.") % {
        "from": tenth(lowest),
        "most": tenth(Fraction(highest)),
        "least": least,
    }


def _shown(series: Series, bands: Sequence[charts.Band]) -> tuple[Fraction, int]:
    values: list[Fraction | float] = [each.value for each in series.plotted]
    values += [band.values[0] for band in bands]
    return shown_from(series.key, values), scale_of(series.key)[1]


def _usual(stretch: Stretch, key: str) -> tuple[float, float, float]:
    """Lower limit, mean, upper limit; the limits as far as the scale goes."""
    lowest, highest = scale_of(key)
    return max(stretch.xmr.lower, lowest), stretch.xmr.mean, min(stretch.xmr.upper, highest)


def _bands(series: Series) -> list[charts.Band]:
    bands, place = [], 0
    for stretch in series.stretches:
        first, place = place, place + len(stretch.values)
        if stretch.is_judged:
            usual = _usual(stretch, series.key)
            lower, mean, upper = (limit(each) for each in usual)
            bands.append(charts.Band(first, place - 1, usual, (lower, mean, upper)))
    return bands


def _shaded(plotted: Sequence[Plotted], span: Span) -> tuple[int, int] | None:
    within = [place for place, each in enumerate(plotted) if span.first <= each.meeting.date <= span.last]
    return (within[0], within[-1]) if within else None
