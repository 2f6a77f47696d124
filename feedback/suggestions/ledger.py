"""What happens to a suggestion: raised, considered, agreed, declined or carried over; and who is told."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback.models import Outcome, Suggestion
from feedback.models.suggestions import hash_of
from partnerships.models import Act, Action, Entry, Meeting, Member, Organisation, User

LONGEST_DECISION = 500
# On the slip: what happened to the last meeting's suggestions, in a line each.
MOST_ON_A_SLIP = 3


class AnsweredAlready(Exception):
    """Somebody else has considered the suggestion since the page was loaded."""


@transaction.atomic
def raise_suggestion(*, meeting: Meeting, text: str, from_comment: bool, by: User) -> bool:
    """Notes a suggestion about this meeting. Whether it is new: the same words are one suggestion."""
    _suggestion, is_new = Suggestion.objects.get_or_create(
        meeting=meeting, text_hash=hash_of(text), defaults={"text": text, "from_comment": from_comment}
    )
    if is_new:
        Entry.objects.write(Act.SUGGESTION_RAISED, by=by, meeting=meeting)
    return is_new


@transaction.atomic
def withdraw(*, suggestion_id: int, by: User) -> None:
    """Takes a suggestion away that was raised by mistake. Raises AnsweredAlready."""
    suggestion = _locked(suggestion_id)
    if suggestion.outcome != Outcome.RAISED:
        raise AnsweredAlready
    suggestion.delete()
    Entry.objects.write(Act.SUGGESTION_WITHDRAWN, by=by, meeting=suggestion.meeting)


@transaction.atomic
def answer(
    *,
    suggestion_id: int,
    considered_at: Meeting,
    seen: str,
    outcome: Outcome,
    words: str,
    member: Member | None = None,
    organisation: Organisation | None = None,
    due_on: datetime.date | None = None,
    by: User,
) -> None:
    """Puts the answer down, in place of an earlier one. What is agreed becomes an action of that meeting.

    Raises AnsweredAlready where the outcome is not the one that was `seen`.
    """
    suggestion = _locked(suggestion_id)
    if suggestion.outcome != seen:
        raise AnsweredAlready
    before, suggestion.action = suggestion.action, None
    if outcome == Outcome.AGREED:
        action = before or Action()
        action.meeting, action.nothing_to_do = considered_at, False
        action.decided = (words or suggestion.text)[:LONGEST_DECISION]
        action.member, action.organisation, action.due_on = member, organisation, due_on
        action.save()
        suggestion.action = action
    suggestion.outcome, suggestion.answer, suggestion.considered_at = outcome, words, considered_at
    suggestion.save()
    if before and suggestion.action is None:
        before.delete()
    Entry.objects.write(Act.SUGGESTION_ANSWERED, by=by, meeting=considered_at)


def _locked(pk: int) -> Suggestion:
    found = Suggestion.objects.select_for_update(of=("self",), no_key=True)
    return found.select_related("meeting__partnership__area", "action").get(pk=pk)


def to_consider(meeting: Meeting) -> list[Suggestion]:
    """At this meeting: what is open from it and those before, oldest first, and what was answered at it already."""
    so_far = Q(meeting__in=Meeting.objects.before(meeting).order_by()) | Q(meeting=meeting)
    found = Suggestion.objects.of(meeting.partnership).filter(so_far)
    open_or_here = Q(outcome__in=[Outcome.RAISED, Outcome.CARRIED]) | Q(considered_at=meeting)
    return list(found.filter(open_or_here).for_ledger().order_by("meeting__date", "meeting__pk", "pk"))


def answers_before(meeting: Meeting) -> Sequence[Suggestion]:
    """Of the last earlier meeting whose suggestions were considered: those, what was done first."""
    found = list(Suggestion.objects.about_meetings_before(meeting).answered().for_ledger()[:100])
    last = [each for each in found if each.meeting_id == found[0].meeting_id]
    weight = {Outcome.AGREED: 1, Outcome.DECLINED: 2, Outcome.CARRIED: 3}
    return sorted(last, key=lambda each: (0 if each.is_done else weight[Outcome(each.outcome)], each.pk))


def in_short(suggestion: Suggestion) -> str:
    """What became of it, for people without an account: nobody's name, not even where it stands for an organisation."""
    action = suggestion.action
    words = [f"{suggestion.standing}: {suggestion.answer}" if suggestion.answer else suggestion.standing]
    if action and action.organisation and action.organisation.sector != Organisation.Sector.RESIDENTS:
        words.append(str(action.organisation))
    if action and action.due_on and not action.is_done:
        words.append(_("by %(date)s") % {"date": date_format(action.due_on, "j F Y")})
    return ", ".join(words)
