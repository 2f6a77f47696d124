"""The page on which an agenda is written: one form a row, and what stands around the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coprod.common.text import tidy
from partnerships.meetings.abbreviations import abbreviations
from partnerships.meetings.agendas import MOST_ITEMS, Agenda, Line, NewPaper
from partnerships.meetings.papers import NotAPaper, kind_of
from partnerships.meetings.timetable import Row as Due
from partnerships.meetings.timetable import timetable
from partnerships.models import AgendaItem, Meeting, Paper, Term
from partnerships.models.agendas import LONGEST_ITEM, agenda_of

EMPTY_ROWS = 3
_SPARE = 10
_MINUTES = gettext_lazy("Type a number up to 600")


class _Text(forms.CharField):
    """Text over several lines, which may be empty."""

    def __init__(self, label: Any, longest: int, **options: Any) -> None:
        too_long = gettext_lazy("Shorten this to %(limit_value)s characters or fewer")
        super().__init__(
            label=label, max_length=longest, required=False, error_messages={"max_length": too_long}, **options
        )


class ItemForm(forms.Form):
    """One item. A row in which nothing is typed is no item."""

    title = _Text(gettext_lazy("Title"), 200)
    lead = _Text(gettext_lazy("Who leads it"), 200)
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        required=False,
        min_value=0,
        max_value=LONGEST_ITEM,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _MINUTES),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "app-minutes"}),
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("What for"),
        choices=AgendaItem.Purpose.choices,
        required=False,
        initial=AgendaItem.Purpose.DISCUSSION,
    )
    guidance = _Text(
        gettext_lazy("Notes for whoever leads it"),
        1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Only minute-taker, chair and coordinators see them."),
    )
    resources = _Text(gettext_lazy("To bring"), 300)
    off = forms.BooleanField(label=gettext_lazy("Take this item off the agenda"), required=False)
    paper_title = _Text(gettext_lazy("Title of the paper"), 200)
    paper_url = forms.URLField(
        label=gettext_lazy("Link to it"),
        required=False,
        max_length=500,
        assume_scheme="https",
        error_messages={"invalid": gettext_lazy("Type a whole web address, for example https://example.org/paper")},
    )
    paper_file = forms.FileField(
        label=gettext_lazy("Or a file"),
        required=False,
        help_text=gettext_lazy("PDF, ODT, DOCX, ODS or XLSX, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.odt,.docx,.ods,.xlsx"}),
        error_messages={"empty": gettext_lazy("This file is empty. Choose another one.")},
    )

    def __init__(
        self,
        name: str,
        data: QueryDict | None = None,
        files: MultiValueDict | None = None,
        *,
        item: AgendaItem | None = None,
        papers: Sequence[Paper] = (),
        due: Due[Any] | None = None,
    ) -> None:
        initial = {field: getattr(item, field) for field in self.base_fields if hasattr(item, field)} if item else {}
        super().__init__(data, files, prefix=name, initial=initial)
        self.name, self.item, self.papers = name, item, papers
        # When the item is due, as it is saved.
        self.due = due
        self.dropped = set(data.getlist(f"{name}-drop")) if data is not None else set()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("title", "lead", "resources", "paper_title"):
            if name in cleaned:
                cleaned[name] = tidy(cleaned[name])
        if not cleaned.get("title") and "title" not in self.errors and not self.is_blank and not cleaned.get("off"):
            self.add_error("title", ValidationError(_("Give this item a title, or clear its other fields")))
        self._check_paper(cleaned)
        return cleaned

    def _check_paper(self, cleaned: dict[str, Any]) -> None:
        file, url = cleaned.get("paper_file"), cleaned.get("paper_url")
        if file and url:
            self.add_error("paper_url", _("Give a link or a file, not both"))
        elif file:
            try:
                self.kind = kind_of(file)
            except NotAPaper as refused:
                self.add_error("paper_file", str(refused))
        elif cleaned.get("paper_title") and not url and not {"paper_url", "paper_file"} & self.errors.keys():
            self.add_error("paper_url", _("Give the link to this paper, or choose its file"))

    @property
    def is_blank(self) -> bool:
        """Nothing but the choice that every row has is filled in."""
        typed = (name for name in self.fields if name not in {"purpose", "off"})
        return not any(self._typed(name) for name in typed)

    def _typed(self, name: str) -> Any:
        """As it came; nothing where only blanks did."""
        typed = self.fields[name].widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        return typed.strip() if isinstance(typed, str) else typed

    @property
    def is_item(self) -> bool:
        return not (self.is_blank or self.cleaned_data["off"])

    @property
    def is_open(self) -> bool:
        """Whether the less common fields are to be seen at once."""
        return bool(self.is_bound and self.errors.keys() - {"title", "lead", "minutes"})

    @property
    def line(self) -> Line:
        """Only of a valid form."""
        values = {name: self.cleaned_data[name] for name in ("title", "lead", "minutes", "guidance", "resources")}
        values["purpose"] = self.cleaned_data["purpose"] or AgendaItem.Purpose.DISCUSSION
        return Line(
            pk=self.item.pk if self.item else None,
            values=values,
            papers=self._papers(),
            papers_to_remove=[paper.pk for paper in self.papers if str(paper.pk) in self.dropped],
        )

    def _papers(self) -> list[NewPaper]:
        said = self.cleaned_data
        if file := said["paper_file"]:
            title = said["paper_title"] or tidy(PurePath(file.name).stem)[:200] or _("Paper")
            return [NewPaper(title=title, kind=self.kind, file=file)]
        if said["paper_url"]:
            return [
                NewPaper(
                    title=said["paper_title"] or said["paper_url"][:200], kind=Paper.Kind.LINK, url=said["paper_url"]
                )
            ]
        return []


class AroundForm(forms.Form):
    """What the agenda has beside its items."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    feedback_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes for “Feedback on this meeting”, the last item"),
        min_value=1,
        max_value=120,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), gettext_lazy("Type a number of minutes from 1 to 120")
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "app-minutes"}),
    )
    reflects = forms.BooleanField(
        label=gettext_lazy("End with a question for reflection"),
        required=False,
        help_text=gettext_lazy("One of seven, in turn: to talk about, never to be scored."),
    )
    shows_plan = forms.BooleanField(
        label=gettext_lazy("Show how far the year’s plan is"),
        required=False,
        help_text=gettext_lazy("Its objectives before the items, overdue ones first. None while the plan is empty."),
    )


def _one_line(text: str) -> str:
    return tidy(text.replace("\0", ""))


@dataclass(frozen=True)
class Explained:
    """A word in capitals and what was typed beside it."""

    word: str
    number: int
    meaning: str
    # What it meant when the page was loaded.
    before: str = ""


class AgendaEditor:
    """The whole page: rows in the order in which they stand on it."""

    def __init__(
        self, meeting: Meeting, data: QueryDict | None = None, files: MultiValueDict[str, UploadedFile] | None = None
    ) -> None:
        items = list(meeting.items.prefetch_related("papers"))
        self.meeting, self.data = meeting, data
        self.timetable = timetable(agenda_of(meeting, items), start=meeting.start, minutes=meeting.minutes)
        self._due = dict(zip((item.pk for item in items), self.timetable.rows, strict=False))
        self._items = {f"i{item.pk}": item for item in items}
        self.around = AroundForm(
            data.dict() if data is not None else None,
            initial={
                "version": meeting.agenda_version,
                "feedback_minutes": meeting.feedback_minutes,
                "reflects": meeting.reflection is not None,
                "shows_plan": meeting.shows_plan,
            },
        )
        self.rows = [self._row(name, data, files) for name in self._names(data)]
        if data is not None:
            self._move(data.get("do", ""))
        self.terms = self._terms(data)

    def _names(self, data: QueryDict | None) -> list[str]:
        if data is None:
            return [*self._items, *(f"n{number}" for number in range(EMPTY_ROWS))]
        return list(dict.fromkeys(data.getlist("row")))[: MOST_ITEMS + _SPARE]

    def _row(self, name: str, data: QueryDict | None, files: MultiValueDict | None) -> ItemForm:
        item = self._items.get(name)
        if item is None:
            return ItemForm(name, data, files)
        return ItemForm(name, data, files, item=item, papers=list(item.papers.all()), due=self._due[item.pk])

    @property
    def is_empty(self) -> bool:
        """No item is saved yet."""
        return not self._items

    def _move(self, button: str) -> None:
        """`up:NAME` and `down:NAME` swap a row with its neighbour."""
        way, _colon, name = button.partition(":")
        place = next((n for n, row in enumerate(self.rows) if row.name == name), None)
        if place is None or way not in {"up", "down"}:
            return
        other = place - 1 if way == "up" else place + 1
        if 0 <= other < len(self.rows):
            self.rows[place], self.rows[other] = self.rows[other], self.rows[place]

    def _terms(self, data: QueryDict | None) -> list[Explained]:
        known = dict(Term.objects.filter(partnership=self.meeting.partnership_id).values_list("word", "meaning"))
        if data is None:
            words = abbreviations(text for item in self._items.values() for text in (item.title, item.lead))
            return [Explained(word, n, known.get(word, ""), known.get(word, "")) for n, word in enumerate(words)]
        sent = zip(*(map(_one_line, data.getlist(name)) for name in ("word", "meaning", "before")), strict=False)
        real = [each for each in sent if abbreviations([each[0]]) == [each[0]]]
        return [Explained(word, n, meaning, before) for n, (word, meaning, before) in enumerate(real)]

    @property
    def long_meanings(self) -> list[Explained]:
        longest = Term._meta.get_field("meaning").max_length or 0
        return [term for term in self.terms if len(term.meaning) > longest]

    def is_valid(self) -> bool:
        return all(
            [self.around.is_valid(), *(row.is_valid() for row in self.rows), not self.too_many, not self.long_meanings]
        )

    @property
    def too_many(self) -> bool:
        return sum(not row.is_blank for row in self.rows) > MOST_ITEMS

    @property
    def problems(self) -> list[tuple[str, str]]:
        """(id of the field or "", message) for the summary on top."""
        if self.data is None:
            return []
        found = [
            (self.around[name].id_for_label, str(each)) for name, said in self.around.errors.items() for each in said
        ]
        for number, row in enumerate(self.rows, 1):
            for name, said in row.errors.items():
                words = _("Item %(number)s: %(message)s")
                found += [(row[name].id_for_label, words % {"number": number, "message": each}) for each in said]
        if self.too_many:
            found.append(("", _("An agenda has at most %(most)s items.") % {"most": MOST_ITEMS}))
        for term in self.long_meanings:
            found.append((f"meaning-{term.number}", _("Explain “%(word)s” in fewer words") % {"word": term.word}))
        return found

    @property
    def agenda(self) -> Agenda:
        """What was typed. Only of a valid page."""
        said = self.around.cleaned_data
        meanings = {term.word: term.meaning for term in self.terms if term.meaning != term.before}
        return Agenda(
            lines=[row.line for row in self.rows if row.is_item],
            feedback_minutes=said["feedback_minutes"],
            reflects=said["reflects"],
            shows_plan=said["shows_plan"],
            meanings=meanings,
        )

    @property
    def lost_files(self) -> bool:
        """Whether files were chosen that a page shown again cannot keep."""
        return any(row.files.get(row.add_prefix("paper_file")) for row in self.rows)

    def rebase(self, version: int) -> None:
        """Saved once more it replaces the version that somebody else has made meanwhile, but for items new in that."""
        self.around.data = {**self.around.data, "version": str(version)}
        seen = {row.name for row in self.rows}
        self.rows += [self._row(name, None, None) for name in self._items if name not in seen]
