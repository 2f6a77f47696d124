"""Writing an agenda: in one transaction, against the version that the writer saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction

from partnerships.meetings.abbreviations import abbreviations
from partnerships.meetings.agenda_templates import Template
from partnerships.meetings.papers import throw_away
from partnerships.meetings.reflection import SOURCE, next_number, question
from partnerships.meetings.timetable import timetable
from partnerships.models import Act, Action, AgendaItem, Entry, Meeting, Objective, Paper, Term, User
from partnerships.models.agendas import agenda_of
from partnerships.models.years import current_number

MOST_ITEMS = 100
# Of the meeting itself, what an agenda brings along.
_OWN = ("start", "end", "venue", "venue_access", "feedback_minutes", "reflection", "shows_plan", "sequence")
_COPIED = ("title", "lead", "minutes", "purpose", "guidance", "resources")


class ChangedMeanwhile(Exception):
    """Somebody else has saved the agenda since it was loaded; `version` is the stored one."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


@dataclass(frozen=True)
class NewPaper:
    """A link, or a file with its kind."""

    title: str
    kind: Paper.Kind
    url: str = ""
    file: UploadedFile | None = None


@dataclass(frozen=True)
class Line:
    """One item as it is to stand. `pk` None: a new one; `values`: those of AgendaItem's fields."""

    pk: int | None
    values: Mapping[str, Any]
    papers: Sequence[NewPaper] = ()
    papers_to_remove: Sequence[int] = ()


@dataclass(frozen=True)
class Agenda:
    """All that the page of an agenda holds. `meanings`: {word: what it means} of
    those that were changed, "" to explain one no more."""

    lines: Sequence[Line]
    feedback_minutes: int
    reflects: bool
    shows_plan: bool = False
    meanings: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def save_agenda(*, meeting_id: int, version: int, agenda: Agenda, by: User) -> None:
    """Items in the order given; those that are left out go, with their papers. Raises ChangedMeanwhile."""
    meeting = _lock(meeting_id, version)
    meeting.feedback_minutes = agenda.feedback_minutes
    meeting.shows_plan = agenda.shows_plan
    if agenda.reflects != (meeting.reflection is not None):
        meeting.reflection = next_number(_last_reflection(meeting)) if agenda.reflects else None
    _write_items(meeting, agenda.lines)
    _explain(meeting, agenda.meanings)
    _written(meeting, by)


def stands(meeting_id: int, agenda: Agenda) -> bool:
    """Whether all of it is stored just so already, as after a double click."""
    meeting = Meeting.objects.get(pk=meeting_id)
    stored = [{name: getattr(item, name) for name in _COPIED} for item in meeting.items.all()]
    asks_for_more = agenda.meanings or any(line.papers or line.papers_to_remove for line in agenda.lines)
    around = (meeting.feedback_minutes, meeting.reflection is not None, meeting.shows_plan)
    return (
        not asks_for_more
        and around == (agenda.feedback_minutes, agenda.reflects, agenda.shows_plan)
        and stored == [dict(line.values) for line in agenda.lines]
    )


@transaction.atomic
def copy_agenda(*, meeting_id: int, version: int, source: Meeting | Template, by: User) -> None:
    """Adds the items of an earlier meeting, or of a template, after those that are there; papers are not copied.

    Times and venue are taken over where the meeting has none. Raises ChangedMeanwhile.
    """
    meeting = _lock(meeting_id, version)
    last = meeting.items.aggregate(last=models.Max("order"))["last"] or 0
    room = max(0, MOST_ITEMS - meeting.items.count())
    items = source.items.all() if isinstance(source, Meeting) else source.items
    for order, item in enumerate(list(items)[:room], last + 1):
        values = {name: getattr(item, name) for name in _COPIED}
        # A template's words are lazy: they are written down in the language of whoever takes them.
        values = {name: str(value) if not isinstance(value, int | None) else value for name, value in values.items()}
        AgendaItem.objects.create(meeting=meeting, order=order, **values)
    before = (meeting.start, meeting.venue)
    if meeting.start is None:
        meeting.start, meeting.end = source.start, source.end
    if isinstance(source, Meeting):
        meeting.venue = meeting.venue or source.venue
        meeting.venue_access = meeting.venue_access or source.venue_access
    if before != (meeting.start, meeting.venue):
        meeting.sequence += 1
    _written(meeting, by)


def shown(meeting: Meeting) -> dict[str, Any]:
    """What every agenda shows, be it a page, a mail or a PDF: the same in all of them."""
    items = list(meeting.items.prefetch_related("papers"))
    terms, unexplained = glossary(meeting, items)
    return {
        "meeting": meeting,
        "timetable": timetable(agenda_of(meeting, items), start=meeting.start, minutes=meeting.minutes),
        "papers": [(item, paper) for item in items for paper in item.papers.all()],
        "terms": terms,
        "unexplained": unexplained,
        "question": question(meeting.reflection),
        "reflection_source": SOURCE,
        "actions": list(Action.objects.open_at(meeting).for_agenda()),
        "plan": planned(meeting),
    }


def planned(meeting: Meeting) -> list[Objective]:
    """What the plan of the meeting's year says that it will do, as far as it is today; nothing if it is not asked."""
    if not meeting.shows_plan:
        return []
    number = current_number(meeting.partnership, meeting.date)
    return list(Objective.objects.in_year(meeting.partnership, number).for_plan())


def glossary(meeting: Meeting, items: Sequence[AgendaItem]) -> tuple[list[Term], list[str]]:
    """Of the words in capitals on the agenda: those explained, in alphabetical order, and those that are not."""
    words = abbreviations(text for item in items for text in (item.title, item.lead))
    terms = list(Term.objects.filter(partnership=meeting.partnership_id, word__in=words))
    explained = {term.word for term in terms}
    return terms, [word for word in words if word not in explained]


def _lock(meeting_id: int, version: int) -> Meeting:
    meeting = Meeting.objects.locked().select_related("partnership__area").get(pk=meeting_id)
    if meeting.agenda_version != version:
        raise ChangedMeanwhile(meeting.agenda_version)
    return meeting


def _written(meeting: Meeting, by: User) -> None:
    meeting.agenda_version += 1
    meeting.save(update_fields=["agenda_version", *_OWN])
    Entry.objects.write(Act.AGENDA_CHANGED, by=by, meeting=meeting)


def _last_reflection(meeting: Meeting) -> int | None:
    earlier = Meeting.objects.before(meeting).filter(reflection__isnull=False)
    return earlier.values_list("reflection", flat=True).first()


def _write_items(meeting: Meeting, lines: Sequence[Line]) -> None:
    """Old items change in three statements however many they are; each new one takes one, to have its key."""
    stored = {item.pk: item for item in meeting.items.all()}
    kept = {line.pk for line in lines if line.pk}
    _remove(Paper.objects.filter(item__meeting=meeting).exclude(item__in=kept))
    meeting.items.exclude(pk__in=kept).delete()
    # Out of the way first: two items may not stand in one place even for a moment.
    highest = max((item.order for item in stored.values()), default=0)
    changed = []
    for order, line in enumerate(lines, 1):
        item = stored.get(line.pk or 0)
        if item is None:
            item = AgendaItem(meeting=meeting, order=highest + MOST_ITEMS + order)
        for name, value in line.values.items():
            setattr(item, name, value)
        if item.pk is None:
            item.save()
        changed.append((item, line))
    items = [item for item, _line in changed]
    for offset in (highest + 2 * MOST_ITEMS, 0):
        for order, item in enumerate(items, 1):
            item.order = offset + order
        AgendaItem.objects.bulk_update(items, ["order", *_COPIED])
    _write_papers(meeting, changed)


def _write_papers(meeting: Meeting, changed: Sequence[tuple[AgendaItem, Line]]) -> None:
    unwanted = {pk for _item, line in changed for pk in line.papers_to_remove}
    if unwanted:
        _remove(Paper.objects.filter(item__meeting=meeting, pk__in=unwanted))
    for item, line in changed:
        for paper in line.papers:
            stored = Paper(item=item, title=paper.title, kind=paper.kind, url=paper.url)
            if paper.file:
                stored.file.save(paper.title, paper.file, save=False)
            stored.save()


def _remove(papers: models.QuerySet[Paper]) -> None:
    """Rows now, files when it is certain that the rows are gone."""
    names = list(papers.exclude(file="").values_list("file", flat=True))
    papers.delete()
    if names:
        transaction.on_commit(lambda: throw_away(names))


def _explain(meeting: Meeting, meanings: Mapping[str, str]) -> None:
    terms = Term.objects.filter(partnership=meeting.partnership_id)
    if dropped := [word for word, meaning in meanings.items() if not meaning]:
        terms.filter(word__in=dropped).delete()
    Term.objects.bulk_create(
        [
            Term(partnership_id=meeting.partnership_id, word=word, meaning=meaning)
            for word, meaning in meanings.items()
            if meaning
        ],
        update_conflicts=True,
        unique_fields=["partnership", "word"],
        update_fields=["meaning"],
    )
