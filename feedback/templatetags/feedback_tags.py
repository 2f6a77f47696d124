"""What pages of other rooms show of feedback. Each tag takes the whole list: never one query a row."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from feedback.models import Phase, Round, Table, Workshop
from feedback.rounds.redaction import Reason
from feedback.year.overview import Assessment
from partnerships.models import Meeting, Partnership, Year
from partnerships.permissions import Right

register = template.Library()
_JUST_BEGUN = timedelta(days=92)


@register.filter
def in_words(detail: str) -> str:
    """What the record keeps of an act: a reason for editing a comment in words, all else as it is."""
    return str(Reason(detail).label) if detail in Reason else detail


@register.simple_tag
def address(round: Round, step: str) -> str:
    """Of one of the desk's pages, for a meeting's round and a year's alike."""
    return round.address(step)


@register.simple_tag
def comment_items(question: str, texts: Sequence[str], raised: Collection[str] | None) -> SafeString:
    """Comments as list items: a template's loop takes three times as long, and a large meeting writes hundreds.

    With `raised`, the texts that are suggestions, each has a button that makes it one, or says that it is.
    """
    if raised is None:
        return format_html_join("\n", '<li class="app-typed"><span dir="auto">{}</span></li>', zip(texts))
    tag = format_html('<strong class="app-tag">{}</strong>', _("Suggestion"))
    button = format_html(
        '<button class="app-link-button app-raise" name="comment" value="{}-{{}}">{}'
        '<span class="govuk-visually-hidden">: {} {{}}</span></button>',
        question,
        _("Make it a suggestion"),
        _("comment"),
    )
    parts = (
        (text, tag if text in raised else mark_safe(button.format(place, place + 1)))  # noqa: S308  (two numbers)
        for place, text in enumerate(texts)
    )
    return format_html_join("\n", '<li class="app-typed"><span dir="auto">{}</span> {}</li>', parts)


@register.simple_tag
def from_paper(table: Table) -> str:
    """Where an imported table comes from, and what it lacks, in one or two sentences."""
    assert table.imported_on
    day = date_format(table.imported_on, "j F Y")
    words = _("From a table that was kept on paper, put in on %(date)s.") % {"date": day}
    if table.measures is None:
        return words
    if any("average" in measure for measure in table.measures.values()):
        return f"{words} {_('Only averages are known: they are in no sum.')}"
    return f"{words} {_('Only percentages are known: they are in no sum.')}"


@register.inclusion_tag("feedback/rounds/_meeting_list.html")
def meeting_list(meetings: Sequence[Meeting], partnership: Partnership) -> dict[str, object]:
    rounds = {round.meeting_id: round for round in Round.objects.filter(meeting__in=meetings).select_related("table")}
    return {
        "partnership": partnership,
        "entries": [
            {
                "meeting": meeting,
                "standing": _("Called off.") if meeting.called_off_on else standing_of(rounds[meeting.pk]),
                "has_table": rounds[meeting.pk].phase == Phase.COLLATED,
            }
            for meeting in meetings
        ],
    }


@register.inclusion_tag("feedback/rounds/_meeting_feedback.html")
def meeting_feedback(meeting: Meeting) -> dict[str, object]:
    round = Round.objects.select_related("table").get(meeting=meeting)
    return {
        "meeting": meeting,
        "round": round,
        "standing": standing_of(round),
        "code": round.spaced_code if round.phase in {Phase.PLANNED, Phase.OPEN} else "",
        "is_open": round.phase == Phase.OPEN,
        "has_table": round.phase == Phase.COLLATED,
        "may_run": Right.RUN_FEEDBACK in meeting.partnership.rights,
    }


@register.inclusion_tag("feedback/year/_year_feedback.html")
def year_feedback(year: Year) -> dict[str, object]:
    assessment = Assessment.of(year)
    round = assessment.round
    return {
        "year": year,
        "partnership": year.partnership,
        "assessment": assessment,
        "round": round,
        "standing": standing_of(round) if round else "",
        "is_open": bool(round and round.phase == Phase.OPEN),
        "has_table": bool(round and round.phase == Phase.COLLATED and not round.is_fruitless),
        "may_prepare": round is None or round.is_fruitless,
        "looking_back_on": _looking_back_on(year),
        "has_begun": year.span.first <= timezone.localdate(),
        "workshop": Workshop.objects.filter(year=year.pk).first() if year.pk else None,
        "may_run": Right.RUN_FEEDBACK in year.partnership.rights,
    }


def _looking_back_on(year: Year) -> Year | None:
    """Last year, while its workshop is to come, or where this one has only just begun."""
    today, span = timezone.localdate(), year.span
    if not span.first <= today <= span.last:
        return None
    last = year.beside(-1)
    to_come = last.pk is not None and Workshop.objects.filter(year=last, date__gte=today).exists()
    return last if to_come or today < span.first + _JUST_BEGUN else None


def standing_of(round: Round) -> str:
    """How feedback stands, in one sentence."""
    if round.phase == Phase.PLANNED and round.opens_at:
        when = date_format(timezone.localtime(round.opens_at), "j F Y, H:i")
        return _("Scoring opens by itself on %(when)s.") % {"when": when}
    if round.phase == Phase.COLLATED and round.table.imported_on:
        return _("Its table was kept on paper.")
    if round.phase == Phase.COLLATED and round.table.is_too_small:
        return _("Scoring has finished: too few slips came in to show any figures.")
    return {
        Phase.PLANNED: _("Scoring is not open yet."),
        Phase.OPEN: _("Scoring is open."),
        Phase.STOPPED: _("Scoring has stopped. The table is not made yet."),
        Phase.COMMENTS: _("Scoring has stopped. The table is not made yet."),
        Phase.COLLATED: _("Scoring has finished and the table is made."),
        Phase.ENDED: _("Scoring ended without a table."),
    }[round.phase]
