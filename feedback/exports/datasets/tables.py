"""Every meeting's table, one row a statement."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

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
from feedback.exports.lines import TableLine, table_lines
from feedback.scores.rounding import ten_thousandth
from feedback.trends.history import KEYS

TABLES = DataSet[TableLine](
    name="tables",
    title=_("Collated tables"),
    says=_(
        "One row for each meeting that was scored and each of the seven statements. A meeting with too few slips to "
        "show any figure has one row, so that nobody takes it for one that was not scored."
    ),
    columns=(
        *OF_WHOM,
        Column("meeting_date", DATE, _("The day of the meeting."), lambda line: line.table.round.meeting.date),  # type: ignore[union-attr]
        Column(
            "meeting_id",
            WHOLE,
            _("The number of the meeting in its address."),
            lambda line: line.table.round.meeting_id,
        ),
        Column(
            "statement_number",
            WHOLE,
            _("1 to 7, in the order of the Guide. Empty in the row of a meeting with too few slips."),
            lambda line: KEYS.index(line.row.statement.key) + 1 if line.row else None,
        ),
        Column(
            "statement_key",
            TEXT,
            _("A short name of the statement that does not change. Empty as above."),
            lambda line: line.row.statement.key if line.row else None,
        ),
        Column(
            "statement",
            TEXT,
            _("The statement, word for word. Empty as above."),
            lambda line: line.row.statement.text if line.row else None,
        ),
        Column(
            "status",
            TEXT,
            _(
                "shown: all figures are there. hidden: too few people answered this statement, its figures are empty. "
                "averages_only: the paper table has averages or percentages alone, counts are empty. too_small: too "
                "few slips came in, there are no figures at all."
            ),
            lambda line: line.status,
        ),
        Column("yes", WHOLE, _("How many answered Yes."), lambda line: count(line.counted, "yes")),
        Column(
            "needs_improvement",
            WHOLE,
            _("How many answered Needs Improvement."),
            lambda line: count(line.counted, "ni"),
        ),
        Column("no", WHOLE, _("How many answered No."), lambda line: count(line.counted, "no")),
        Column(
            "blank",
            WHOLE,
            _("How many slips leave this statement blank. Blank is not zero: it is in no average."),
            lambda line: line.counted.blank if line.counted else None,
        ),
        Column(
            "answered",
            WHOLE,
            _("How many answered: yes + needs_improvement + no."),
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
            _("points divided by answered, 1 to 3; of averages_only as the paper has it."),
            lambda line: ten_thousandth(line.row.average) if line.row else None,
        ),
        Column(
            "share",
            DECIMAL,
            SHARE,
            lambda line: share(line.counted),
        ),
        Column("slips", WHOLE, _("How many slips came in at the meeting."), lambda line: line.table.slips),
        Column(
            "present",
            WHOLE,
            _("How many people were present. Empty where that was not recorded."),
            lambda line: line.table.present,
        ),
        Column(
            "source",
            TEXT,
            _("collated: made here from slips. paper: a table that was kept on paper, put in later."),
            lambda line: "paper" if line.table.imported_on else "collated",
        ),
    ),
    lines=table_lines,
)
