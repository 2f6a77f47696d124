"""What became of the demonstration's comments: suggestions, answers, actions. Invented, like the scores."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils import timezone

from feedback.models import Outcome, Suggestion
from feedback.suggestions import ledger as suggesting
from partnerships.models import Action, Meeting, Organisation, Term, User

# Of the words in capitals on the real agendas, those that need no insider.
TERMS = {
    "A.O.B.": "Any other business",
    "DCSDC": "Derry City and Strabane District Council",
    "DfC": "Department for Communities",
    "HSCB": "Health and Social Care Board",
}


@dataclass(frozen=True)
class Answered:
    """A comment on meeting number `raised`, considered at meeting number `considered`, both counted from 0."""

    raised: int
    begins: str
    considered: int
    outcome: Outcome
    words: str
    body: str = ""
    due: datetime.date | None = None
    done: datetime.date | None = None


COUNCIL = "Derry City and Strabane District Council"
ANSWERS = (
    Answered(
        0,
        "Papers came two days before",
        1,
        Outcome.AGREED,
        "Papers go out seven days before each meeting",
        COUNCIL,
        datetime.date(2019, 9, 2),
        datetime.date(2019, 8, 29),
    ),
    Answered(
        0,
        "Please say what ODP means",
        1,
        Outcome.AGREED,
        "Every agenda explains its abbreviations",
        COUNCIL,
        datetime.date(2019, 9, 2),
        datetime.date(2019, 9, 2),
    ),
    Answered(0, "Too many presentations", 1, Outcome.CARRIED, "To be looked at with the yearly plan of meetings"),
    Answered(
        1,
        "People at the far end",
        2,
        Outcome.AGREED,
        "A portable loop is set up for each meeting",
        "Libraries NI",
        datetime.date(2020, 4, 1),
        datetime.date(2020, 3, 20),
    ),
)


def tell_afterwards(past: list[Meeting], today: Meeting, by: User) -> None:
    """Makes whatever of it is missing: three answered meetings, and one suggestion that still waits."""
    for word, meaning in TERMS.items():
        Term.objects.get_or_create(partnership=today.partnership, word=word, defaults={"meaning": meaning})
    for each in ANSWERS:
        _answer(past[each.raised], past[each.considered], each, by)
    soon = timezone.localdate() + datetime.timedelta(days=60)
    for each in (
        Answered(2, "Ran late again", 3, Outcome.AGREED, "No more than six items; the rest in writing", COUNCIL, soon),
        Answered(2, "Could we meet in Strabane", 3, Outcome.DECLINED, "The chamber there is booked until spring"),
    ):
        _answer(past[2], today, each, by)
    _raise(past[2], "Decisions were clear", by)
    _decide(past[2])


def _raise(meeting: Meeting, begins: str, by: User) -> Suggestion | None:
    """None where somebody has made the table without that comment."""
    comments = meeting.round.table.comments or {}
    for text in (text for texts in comments.values() for text in texts if text.startswith(begins)):
        suggesting.raise_suggestion(meeting=meeting, text=text, from_comment=True, by=by)
        return Suggestion.objects.get(meeting=meeting, text=text)
    return None


def _answer(meeting: Meeting, considered_at: Meeting, each: Answered, by: User) -> None:
    suggestion = _raise(meeting, each.begins, by)
    if suggestion is None or suggestion.outcome != Outcome.RAISED:
        return
    body = Organisation.objects.filter(area=meeting.partnership.area, name=each.body).first()
    suggesting.answer(
        suggestion_id=suggestion.pk,
        considered_at=considered_at,
        seen=suggestion.outcome,
        outcome=each.outcome,
        words=each.words,
        organisation=body,
        due_on=each.due,
        by=by,
    )
    Action.objects.filter(suggestion=suggestion).update(done_on=each.done)


def _decide(meeting: Meeting) -> None:
    """Two decisions of the last real agenda: one overdue, one that nobody was named for."""
    if meeting.actions.filter(item__isnull=False).exists():
        return
    items = {item.title: item for item in meeting.items.all()}
    budgeting = items["Participatory Budgeting Report & Recommendations"]
    housing = items["DfC Housing Policy Workshop"]
    body = Organisation.objects.filter(area=meeting.partnership.area, name="North West Community Network").first()
    due = timezone.localdate() - datetime.timedelta(days=10)
    decided = "Bring a plan for participatory budgeting in two wards"
    Action.objects.create(meeting=meeting, item=budgeting, decided=decided, organisation=body, due_on=due)
    Action.objects.create(meeting=meeting, item=housing, decided="Send two people to the workshop on housing policy")
