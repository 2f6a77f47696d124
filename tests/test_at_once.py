"""Many at once. On real connections, so that the database itself keeps the order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone

from feedback.anonymity.phone_keys import hash_of, new_key
from feedback.anonymity.seals import SlipContent
from feedback.models import Round, Slip, Suggestion, Table
from feedback.rounds import comments as reading
from feedback.rounds import lifecycle as scoring
from feedback.rounds.phases import WrongPhase
from feedback.suggestions.ledger import raise_suggestion
from partnerships import deliveries as mails
from partnerships.meetings.agendas import Agenda, ChangedMeanwhile, Line, save_agenda
from partnerships.models import (
    Aim,
    Coordinator,
    Delivery,
    Entry,
    Mailing,
    Member,
    Objective,
    PlanOutcome,
    User,
    Year,
)
from partnerships.people import imports, membership
from partnerships.plans import service as plans
from tests.actors.phones import Phone, all_, open_
from tests.factories import CoordinatorFactory, MemberFactory, OrganisationFactory, PartnershipFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Runs all at the same moment, each on a connection of its own, and returns what each returned."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            start.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_twenty_taps_on_one_phone_are_one_slip_and_twenty_receipts(round):
    phone = Phone(open_(round)).load()
    answers = at_once([lambda: phone.send(all_("yes")).status_code] * 20)
    assert answers == [302] * 20
    assert Slip.objects.count() == 1


def test_of_revisions_in_any_order_the_highest_stays(round):
    open_(round)
    key = new_key(round.code)

    def send(revision: int) -> None:
        content = SlipContent({}, {"comment": str(revision)})
        with suppress(scoring.ChangedElsewhere):
            record(round, key, revision, content)

    at_once([partial(send, n) for n in range(1, 13)])
    slip = Slip.objects.get()
    assert slip.revision == 12
    assert round.seal().open(slip.sealed).comments == {"comment": "12"}


def test_slips_that_race_a_stop_are_each_counted_or_refused(round):
    open_(round)

    def send() -> bool:
        try:
            record(round, new_key(round.code), 1, SlipContent({}, {}))
        except WrongPhase:
            return False
        return True

    answers = at_once([send] * 8 + [lambda: scoring.stop_round(round_id=round.pk)] + [send] * 8)
    assert Slip.objects.count() == answers.count(True)
    assert Round.objects.get().stage == "stopped"


def test_phones_that_race_a_stop_are_told_what_became_of_their_slip(round):
    phones = [Phone(open_(round)).load() for _ in range(12)]
    send = [lambda phone=phone: phone.send(all_("yes")).status_code for phone in phones]
    told = at_once([*send[:6], lambda: scoring.stop_round(round_id=round.pk), *send[6:]])
    receipts = {
        phone.client.cookies["slip"].value
        for phone, code in zip(phones, told[:6] + told[7:], strict=True)
        if code == 302
    }
    assert {*told} <= {302, 409, None}
    assert {bytes(each) for each in Slip.objects.values_list("key_hash", flat=True)} == {*map(hash_of, receipts)}


def test_two_who_collate_at_once_make_one_table(round):
    open_(round)
    for _ in range(5):
        record(round, new_key(round.code), 1, SlipContent(all_("yes"), {}))
    scoring.stop_round(round_id=round.pk)
    reading.show_comments(round_id=round.pk)
    at_once([lambda: scoring.collate(round_id=round.pk)] * 4)
    assert Table.objects.get().slips == 5
    assert Slip.objects.count() == 0


def test_phones_that_open_a_round_at_its_time_all_count(round):
    Round.objects.update(opens_at=timezone.now() - timedelta(hours=1))
    scored = Round.objects.get()
    answers = at_once([lambda: record(scored, new_key(scored.code), 1, SlipContent({}, {}))] * 6)
    assert answers == [None] * 6
    assert Slip.objects.count() == 6


def test_two_who_appoint_the_same_person_appoint_them_once(partnership, cast):
    def appoint() -> bool:
        return membership.appoint(area=partnership.area, email="dara@example.org", name="Dara", by=cast.carol)[1]

    assert at_once([appoint] * 4).count(True) == 1
    assert Entry.objects.filter(act="coordinator_added").count() == 1


def test_of_the_last_two_coordinators_who_remove_each_other_one_stays(partnership, cast):
    dara = CoordinatorFactory(area=partnership.area, signed_in_on="2026-06-01")
    carol = cast.carol.coordinates.get()
    type(carol).objects.filter(pk=carol.pk).update(signed_in_on="2026-06-01")

    def dismiss(coordinator: Coordinator) -> bool:
        try:
            membership.dismiss(coordinator=coordinator, by=cast.carol)
        except membership.LastCoordinator:
            return False
        return True

    assert at_once([partial(dismiss, each) for each in (dara, carol)]).count(True) == 1
    assert partnership.area.coordinators.count() == 1


def test_a_change_that_races_a_removal_brings_nobody_back(partnership, cast):
    for number in range(5):
        member = MemberFactory(partnership=partnership, name=f"Una {number}", email=f"una{number}@example.org")
        stale = Member.objects.get(pk=member.pk)
        stale.role = "chair"

        def change(stale: Member = stale) -> None:
            with suppress(membership.Gone):
                membership.change(member=stale, by=cast.alice)

        at_once([change, partial(membership.leave, member=member, by=cast.alice)])
        assert Member.objects.get(pk=member.pk).left_on is not None


def test_a_change_that_races_an_erasure_leaves_nobody_without_an_account(partnership, cast):
    other = PartnershipFactory()
    for number in range(5):
        email = f"una{number}@example.org"
        member = MemberFactory(partnership=partnership, email=email, user=User.objects.for_email(email))
        elsewhere = MemberFactory.build(
            partnership=other, organisation=OrganisationFactory(area=other.area), email=email
        )
        at_once(
            [
                partial(membership.erase, member=member, by=cast.carol),
                partial(membership.add, member=elsewhere, by=cast.eve),
            ]
        )
        kept = Member.objects.get(email=email)
        assert (kept.partnership, kept.user) == (other, User.objects.get(email=email))


def test_the_same_import_agreed_to_three_times_at_once_happens_once(partnership, cast):
    lines = [imports.Line(2, name="Una", organisation="Libraries", sector="statutory", email="una@example.org")]
    agreed = imports.make_plan(partnership.area, lines, partnership=partnership).fingerprint

    def agree() -> bool:
        try:
            imports.carry_out(partnership.area, lines, partnership=partnership, agreed=agreed, by=cast.carol)
        except imports.Changed:
            return False
        return True

    assert at_once([agree] * 3).count(True) == 1
    assert Member.objects.filter(name="Una").count() == 1


def record(round: Round, key: str, revision: int, content: SlipContent) -> None:
    scoring.record_slip(
        round_id=round.pk,
        code=round.code,
        instrument=round.instrument,
        key_hash=hash_of(key),
        revision=revision,
        content=content,
    )


def test_of_two_who_save_an_agenda_at_once_one_is_told(meeting, cast):
    def save(title: str) -> str:
        line = Line(pk=None, values={"title": title, "purpose": "discussion"})
        agenda = Agenda(lines=[line], feedback_minutes=10, reflects=False)
        try:
            save_agenda(meeting_id=meeting.pk, version=0, agenda=agenda, by=cast.alice)
        except ChangedMeanwhile:
            return "told"
        return title

    answers = at_once([partial(save, "Mine"), partial(save, "Yours")])
    assert answers.count("told") == 1
    assert [item.title for item in meeting.items.all()] == [answer for answer in answers if answer != "told"]


def test_ten_presses_at_once_are_one_mail_to_each_member(meeting, cast):
    def press() -> bool:
        mailing = mails.begin(occasion=meeting, kind=Mailing.Kind.NOTES, seen=0, by=cast.alice)
        return mails.go_on(mailing, lambda member: EmailMessage("Notes", "Notes", to=[member.email]))

    assert at_once([press] * 10) == [True] * 10
    assert sorted(message.to for message in mail.outbox) == [["alice@example.org"], ["bob@example.org"]]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_a_suggestion_raised_ten_times_at_once_is_one(meeting, cast):
    def press() -> bool:
        return raise_suggestion(meeting=meeting, text="Speak up", from_comment=True, by=cast.alice)

    assert sorted(map(bool, at_once([press] * 10))) == [False] * 9 + [True]
    assert Suggestion.objects.count() == 1


def test_an_aim_added_ten_times_at_once_is_one(partnership, cast):
    def press() -> int | None:
        year = Year(partnership=partnership, number=2026)
        aim = Aim(year=year, text="A greener city")
        plans.add(year=year, row=aim, by=cast.alice)
        return aim.pk

    assert set(at_once([press] * 10)) == {Aim.objects.get().pk}
    assert Entry.objects.filter(act="plan_changed").count() == 1


def test_nobody_takes_the_last_place_in_a_plan_twice(partnership, cast):
    year = Year.objects.create(partnership=partnership, number=2026)
    Aim.objects.bulk_create(Aim(year=year, order=n, text=f"Number {n}") for n in range(Aim.most - 1))

    def press(number: int) -> bool:
        try:
            plans.add(year=year, row=Aim(year=year, text=f"The last, {number}"), by=cast.alice)
        except plans.Refused:
            return False
        return True

    assert at_once([partial(press, number) for number in range(5)]).count(True) == 1
    assert Aim.objects.count() == Aim.most


def test_what_is_left_over_is_taken_over_once_by_all_who_press_at_once(partnership, cast):
    last, this = (Year.objects.create(partnership=partnership, number=number) for number in (2025, 2026))
    outcome = PlanOutcome.objects.create(aim=Aim.objects.create(year=last, order=1, text="A"), order=1, text="B")
    Objective.objects.create(outcome=outcome, order=1, text="C")
    answers = at_once([lambda: plans.take_over(year=this, by=cast.alice)] * 5)
    assert (answers.count((1, 0)), answers.count((0, 0))) == (1, 4)
    assert Objective.objects.count() == 2
