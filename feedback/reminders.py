"""The link to score, by mail to all members alike when scoring opens. It is the same for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.models import Phase, Round
from partnerships import mailing as mails
from partnerships.mailing import Compose, Progress
from partnerships.mails import about, composer, named
from partnerships.models import Mailing, User

# A mailing that was left alone for longer is not taken up again by itself: somebody should look first.
_TAKEN_UP_WITHIN = timedelta(days=1)


def is_wanted(round: Round) -> bool:
    """Whether anybody can be written to; where phones need a code from a slip of paper, the link is of no use."""
    if round.phase != Phase.OPEN or round.uses_codes or round.meeting.called_off_on:
        return False
    return round.meeting.partnership.members.current().exclude(email="").exists()


def begin(round: Round, *, by: User | None) -> Mailing:
    """Once a meeting, however often scoring is opened again."""
    return mails.begin(meeting_id=round.meeting_id, kind=Mailing.Kind.SCORING, seen=0, by=by)


def scoring_mail(round: Round, *, base: str) -> Compose:
    meeting = round.meeting
    subject = _("How did the meeting go? %(name)s, %(date)s") % named(meeting)
    score = f"{base}{reverse('feedback:score', args=[round.code])}"
    return about(meeting, base=base, subject=subject, template="feedback/email/scoring.txt", context={"score": score})


def send_waiting(*, base: str) -> Iterator[tuple[Mailing, Progress]]:
    """Goes on with what is begun and not finished, and tells that scoring opened by itself. Yields what it sent of."""
    now = timezone.now()
    for round in Round.objects.running().with_meeting().exclude(meeting__mailings__kind=Mailing.Kind.SCORING):
        if is_wanted(round) and round.began_at and round.began_at > now - _TAKEN_UP_WITHIN:
            begin(round, by=None)
    unfinished = Mailing.objects.filter(started_at__gt=now - _TAKEN_UP_WITHIN, deliveries__state="waiting").distinct()
    for mailing in unfinished.select_related("meeting__partnership__area"):
        compose = _compose(mailing, base=base)
        if compose is None:
            mails.drop_waiting(mailing)
            continue
        while mails.go_on(mailing, compose) and not Progress.of(mailing).is_over:
            pass
        yield mailing, Progress.of(mailing)


def _compose(mailing: Mailing, *, base: str) -> Compose | None:
    """What the mailing says; None where it would not be true any more."""
    if mailing.kind == Mailing.Kind.SCORING:
        round = Round.objects.with_meeting().get(meeting=mailing.meeting)
        return scoring_mail(round, base=base) if is_wanted(round) else None
    if mailing.meeting.called_off_on and mailing.kind != Mailing.Kind.CALLED_OFF:
        return None
    return composer(mailing, mailing.meeting, base=base)
