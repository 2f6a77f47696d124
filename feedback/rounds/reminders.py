"""The link to score, by mail to all members alike when scoring opens. It is the same for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.models import Phase, Round
from partnerships import deliveries as mails
from partnerships.deliveries import Compose, Progress
from partnerships.meetings.mails import about, composer, named
from partnerships.models import Mailing, User

# A mailing that was left alone for longer is not taken up again by itself: somebody should look first.
_TAKEN_UP_WITHIN = timedelta(days=1)


def is_wanted(round: Round) -> bool:
    """Whether anybody can be written to; where phones need a code from a slip of paper, the link is of no use."""
    if round.phase != Phase.OPEN or round.uses_codes or (round.meeting and round.meeting.called_off_on):
        return False
    return round.partnership.members.current().exclude(email="").exists()


def begin(round: Round, *, by: User | None) -> Mailing:
    """Once a meeting or year, however often scoring is opened again."""
    return mails.begin(occasion=round.occasion, kind=Mailing.Kind.SCORING, seen=0, by=by)


def scoring_mail(round: Round, *, base: str) -> Compose:
    ask = (
        _("How did the meeting go? %(name)s, %(date)s")
        if round.meeting
        else _("How did our year go? %(name)s, %(date)s")
    )
    subject = ask % named(round.occasion)
    context = {"score": f"{base}{reverse('feedback:score', args=[round.code])}", "instrument": round.instrument}
    return about(
        round.occasion, base=base, subject=subject, template="feedback/rounds/email/scoring.txt", context=context
    )


def send_waiting(*, base: str) -> Iterator[tuple[Mailing, Progress]]:
    """Goes on with what is begun and not finished, and tells that scoring opened by itself. Yields what it sent of."""
    now = timezone.now()
    told = Mailing.objects.filter(kind=Mailing.Kind.SCORING)
    untold = Round.objects.running().exclude(meeting__in=told.exclude(meeting=None).values("meeting"))
    untold = untold.exclude(year__in=told.exclude(year=None).values("year"))
    for round in untold.with_occasion():
        if is_wanted(round) and round.began_at and round.began_at > now - _TAKEN_UP_WITHIN:
            begin(round, by=None)
    unfinished = Mailing.objects.filter(started_at__gt=now - _TAKEN_UP_WITHIN, deliveries__state="waiting").distinct()
    for mailing in unfinished.select_related("meeting__partnership__area", "year__partnership__area"):
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
        round = Round.objects.with_occasion().get(meeting=mailing.meeting, year=mailing.year)
        return scoring_mail(round, base=base) if is_wanted(round) else None
    assert mailing.meeting
    if mailing.meeting.called_off_on and mailing.kind != Mailing.Kind.CALLED_OFF:
        return None
    return composer(mailing, mailing.meeting, base=base)
