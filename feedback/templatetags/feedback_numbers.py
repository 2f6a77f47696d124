"""Numbers as templates show them."""

from __future__ import annotations

from fractions import Fraction
from itertools import zip_longest

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from feedback.scores.collation import Row, Tally
from feedback.scores.gap import Gap
from feedback.scores.instruments import MEETING_FEEDBACK
from feedback.scores.rounding import NONE, hundredth, percent, tenth
from feedback.scores.verdicts import REASONS
from feedback.trends import svg as charts
from feedback.trends.history import Plotted

register = template.Library()

for _filter in (tenth, hundredth, percent):
    register.filter(_filter)


@register.filter
def difference_in_words(gap: Gap) -> str:
    """How the members' average stands to the partnership's own answer, as it is rounded."""
    if gap.difference is None:
        return NONE
    words = hundredth(abs(gap.difference))
    if words == hundredth(Fraction()):
        return _("the same")
    by = _("members %(points)s lower") if gap.difference > 0 else _("members %(points)s higher")
    return by % {"points": words}


@register.filter
def with_shares(row: Row) -> list[tuple[Tally, Fraction | None]]:
    """Each count with its part of the answers; nothing for a hidden row."""
    return list(zip_longest(row.tallies, row.shares))


@register.filter
def in_cells(row: Row) -> list[str]:
    """What stands under each answer: how many gave it, or which part of all where only that is known, or a dash."""
    counts = [str(tally.count) for tally in row.tallies]
    return counts or [percent(share) for share in row.shares] or [NONE] * len(MEETING_FEEDBACK.scale)


@register.filter
def special(point: Plotted) -> str:
    """Why a point is more than the usual ups and downs, and which way it goes; a dash where it is not."""
    if point.cause is None:
        return NONE
    way = _("up") if point.direction > 0 else _("down")
    return f"{way}: {REASONS[point.cause]}"


@register.filter
def gap_chart(gap: Gap) -> SafeString:
    """Both sides on one scale, as a picture."""
    points = [option.points for option in MEETING_FEEDBACK.scale]
    sentence = _("%(statement)s: members %(average)s, the partnership %(answer)s") % {
        "statement": gap.statement.text,
        "average": hundredth(gap.members),
        "answer": gap.ours.label if gap.ours else _("left open"),
    }
    ours = gap.ours.points if gap.ours else None
    picture = charts.beside(sentence, members=gap.members, ours=ours, lowest=min(points), highest=max(points))
    return mark_safe(picture)  # noqa: S308  (its only text is the sentence, which it escapes)
