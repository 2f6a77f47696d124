"""The yearly assessment: its round is prepared, and the partnership says together how it sees itself."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from feedback.models import JointAssessment, Phase, Round
from feedback.rounds.phases import lock
from feedback.scores.instruments import MEMBERS, MEMBERS_WITH_STEPS, Instrument
from partnerships.models import Act, Entry, Mailing, Meeting, Partnership, User, Year


class ChangedMeanwhile(Exception):
    """Somebody else has saved other answers since the page was loaded; `version` is the stored one."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


@transaction.atomic
def prepare(*, partnership: Partnership, number: int, with_steps: bool, by: User) -> Round:
    """The round of the year, with a code of its own, not open yet; whether it asks about the twelve steps too can be
    chosen anew until it opens. One that ended without figures gives way to a new one. Preparing twice is preparing
    once. Raises WrongPhase where it has opened and asks something else."""
    year = Year.objects.held(partnership, number)
    instrument = MEMBERS_WITH_STEPS if with_steps else MEMBERS
    for before in Round.objects.filter(year=year).select_related("table"):
        if before.is_fruitless:
            before.delete()
            year.mailings.filter(kind=Mailing.Kind.SCORING).delete()  # members get the new link too
    round, is_new = Round.objects.get_or_create(year=year, defaults={"instrument_slug": instrument.slug})
    if is_new:
        Entry.objects.write(Act.ASSESSMENT_BEGUN, by=by, year=year)
    elif round.instrument_slug != instrument.slug:
        lock(round.pk, Phase.PLANNED)
        Round.objects.filter(pk=round.pk).update(instrument_slug=instrument.slug)
        Entry.objects.write(Act.ASSESSMENT_BEGUN, by=by, year=year)
    return round


@transaction.atomic
def record_joint(
    *,
    partnership: Partnership,
    number: int,
    version: int,
    instrument: Instrument,
    answers: Mapping[str, str],
    notes: Mapping[str, str],
    meeting: Meeting | None,
    by: User,
) -> None:
    """Puts the partnership's own answers to this instrument down, in place of earlier ones; the same again changes
    nothing.

    `version`: that of the answers which the page showed. Raises ChangedMeanwhile.
    """
    year = Year.objects.held(partnership, number)
    joint = JointAssessment.objects.filter(year=year).first() or JointAssessment(year=year)
    if (joint.answers, joint.notes, joint.meeting) == (answers, notes, meeting) and joint.pk:
        return
    if joint.version != version:
        raise ChangedMeanwhile(joint.version)
    joint.answers, joint.notes, joint.meeting = dict(answers), dict(notes), meeting
    joint.instrument_slug, joint.version = instrument.slug, joint.version + 1
    joint.save()
    Entry.objects.write(Act.JOINT_ANSWERED, by=by, year=year)
