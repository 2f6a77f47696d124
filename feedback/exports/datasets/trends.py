"""Every year of every partnership, one row a statement and one for the total."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from coprod.common.sheets import Value
from feedback.exports.datasets.columns import (
    DATE,
    DECIMAL,
    OF_WHOM,
    POINTS,
    SHARE,
    TEXT,
    WHOLE,
    Column,
    DataSet,
    count,
    share,
)
from feedback.exports.lines import TrendLine, trend_lines
from feedback.scores.collation import Tabulation
from feedback.scores.instruments import MEETING_FEEDBACK
from feedback.scores.rounding import ten_thousandth
from feedback.trends.history import KEYS, label_of

_OPTIONS = [option.key for option in MEETING_FEEDBACK.scale]


def _part(line: TrendLine, option: str) -> Value:
    """Which part of the answers this one is."""
    known = line.counted is not None and line.counted.shares
    return ten_thousandth(known[_OPTIONS.index(option)]) if known else None


def _average(line: TrendLine) -> Value:
    if isinstance(line.counted, Tabulation):
        return ten_thousandth(line.counted.average_total)
    return ten_thousandth(line.counted.average) if line.counted else None


def _direction(line: TrendLine) -> Value:
    if line.verdict is None or not line.verdict.is_known:
        return None
    return {1: "up", -1: "down", 0: "none"}[line.verdict.direction]


TRENDS = DataSet[TrendLine](
    name="trends",
    title=_("Yearly trends"),
    says=_(
        "One row for each year of a partnership and each of the seven statements, and one for their total. Sums are "
        "over meetings with counts alone: a meeting with too few slips is in none, nor is a paper table with averages "
        "only, nor is a statement at a meeting where too few answered it."
    ),
    columns=(
        *OF_WHOM,
        Column(
            "year",
            WHOLE,
            _("The calendar year in which the partnership’s own year begins."),
            lambda line: line.span.number,
        ),
        Column("year_from", DATE, _("The first day of that year."), lambda line: line.span.first),
        Column("year_to", DATE, _("The last day of that year."), lambda line: line.span.last),
        Column(
            "statement_number",
            WHOLE,
            _("1 to 7, in the order of the Guide. Empty in the row of the total."),
            lambda line: None if line.is_total else KEYS.index(line.key) + 1,
        ),
        Column(
            "statement_key",
            TEXT,
            _("A short name of the statement that does not change, or total."),
            lambda line: line.key,
        ),
        Column(
            "statement",
            TEXT,
            _("The statement, word for word, or TOTAL SCORE."),
            lambda line: label_of(line.key),
        ),
        Column(
            "meetings",
            WHOLE,
            _("How many meetings of the year were scored, those without figures too."),
            lambda line: len(line.meetings.tables),
        ),
        Column("meetings_in_sum", WHOLE, _("Of how many of them the row is the sum."), lambda line: line.in_sum),
        Column(
            "slips",
            WHOLE,
            _("How many slips came in at the year’s meetings with counts."),
            lambda line: line.meetings.slips,
        ),
        Column(
            "response_rate",
            DECIMAL,
            _("Slips divided by people present, over the meetings with counts at which people were counted."),
            lambda line: ten_thousandth(line.meetings.response),
        ),
        Column("yes", WHOLE, _("How many answers were Yes."), lambda line: count(line.counted, "yes")),
        Column(
            "needs_improvement", WHOLE, _("How many were Needs Improvement."), lambda line: count(line.counted, "ni")
        ),
        Column("no", WHOLE, _("How many were No."), lambda line: count(line.counted, "no")),
        Column(
            "answered",
            WHOLE,
            _("yes + needs_improvement + no."),
            lambda line: line.counted.answered if line.counted else None,
        ),
        Column(
            "points",
            WHOLE,
            POINTS,
            lambda line: line.counted.points if line.counted else None,
        ),
        Column(
            "average",
            DECIMAL,
            _(
                "Of a statement points divided by answered, 1 to 3, over the year’s summed answers, never an average "
                "of averages. Of the total the sum of the seven averages, 7 to 21; empty where one of them is."
            ),
            _average,
        ),
        Column(
            "share",
            DECIMAL,
            SHARE,
            lambda line: share(line.counted),
        ),
        Column("share_yes", DECIMAL, _("yes divided by answered; 0 to 1."), lambda line: _part(line, "yes")),
        Column(
            "share_needs_improvement",
            DECIMAL,
            _("needs_improvement divided by answered; 0 to 1."),
            lambda line: _part(line, "ni"),
        ),
        Column("share_no", DECIMAL, _("no divided by answered; 0 to 1."), lambda line: _part(line, "no")),
        Column(
            "verdict",
            TEXT,
            _(
                "Whether a change is real, in words, as of the year’s latest meeting with a figure of it. It is judged "
                "among all meetings up to then, by the rules that the page of trends explains."
            ),
            lambda line: line.verdict.words if line.verdict else None,
        ),
        Column(
            "verdict_cause",
            TEXT,
            _("Which rule says that it is real: outside, trend, two_in_three or shift. Else empty."),
            lambda line: line.verdict.cause if line.verdict else None,
        ),
        Column(
            "verdict_direction",
            TEXT,
            _("up or down for a real change, none for no real change. Empty where it is too soon to tell."),
            _direction,
        ),
        Column(
            "verdict_since",
            DATE,
            _("The day of the meeting with which a real change began. Else empty."),
            lambda line: line.verdict.since if line.verdict else None,
        ),
    ),
    lines=trend_lines,
)
