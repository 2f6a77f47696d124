"""One row of the page on which slips on paper are typed in: as a form, and as the page shows it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cache

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.anonymity.seals import SlipContent
from feedback.scores.instruments import Instrument, OpenQuestion, Statement
from feedback.slips.forms import HIGHEST_REVISION, CommentField
from feedback.slips.paper import PaperSlip

_HIDDEN = ("name", "revision", "number")
# Stands for the name of each row that a script adds to the page.
NO_NAME = "0" * 64


class LetterField(forms.Field):
    """One statement's answer as it stands on paper: Y, NI or N, or its points. Cleaned it is the option's key."""

    def __init__(self, statement: Statement, instrument: Instrument) -> None:
        super().__init__(required=False)
        self.marks = instrument.marks
        letters = ", ".join(option.short for option in instrument.scale)
        self.named = {"statement": statement.text, "letters": letters}

    def to_python(self, value: object) -> str:
        typed = str(value or "").strip().lower()
        if typed and typed not in self.marks:
            raise ValidationError(_("“%(statement)s”: type %(letters)s, or nothing"), params=self.named)
        return self.marks[typed] if typed else ""


class PaperForm(forms.Form):
    """One slip on paper. Made for an instrument by `paper_form`."""

    instrument: Instrument

    name = forms.RegexField(r"\A[0-9a-f]{64}\Z", strip=False)
    revision = forms.IntegerField(min_value=1, max_value=HIGHEST_REVISION)
    # 0 until the row is stored.
    number = forms.IntegerField(min_value=0, max_value=HIGHEST_REVISION)
    # As it stands on the paper: compared with the row's points, and never stored.
    total = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=9999,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), gettext_lazy("Total on the paper: type a number, or nothing")
        ),
    )

    data: QueryDict

    def clean(self) -> None:
        out_of_date = [field for field in _HIDDEN if self.errors.pop(field, None)]
        if out_of_date:
            raise ValidationError(_("This page was out of date. Load it again."))
        if not self.errors and not self.content.answers and not self.content.comments:
            raise ValidationError(
                _("Nothing is left in this row. To take it away, press Remove.")
                if self.cleaned_data["number"]
                else _("Nothing is typed in this row yet.")
            )

    @property
    def row_name(self) -> str:
        """The row's name, also where something else is wrong; a new one if it came without."""
        return self.cleaned_data.get("name") or new_name()

    @property
    def asks_to_remove(self) -> bool:
        """Whether Remove was pressed: nothing but the row's name needs to be right then."""
        return "remove" in self.data and "name" in self.cleaned_data

    @property
    def content(self) -> SlipContent:
        """What was typed, blanks left out."""
        typed = self.cleaned_data
        return SlipContent(
            answers={s.key: typed[s.key] for s in self.instrument.statements if typed[s.key]},
            comments={q.key: typed[q.key] for q in self.instrument.questions if typed[q.key]},
            number=typed["number"],
        )


def _comment_field(question: OpenQuestion) -> CommentField:
    return CommentField(
        required=False,
        max_length=question.longest,
        error_messages={
            "max_length": gettext_lazy(
                "The comment is too long: %(show_value)s characters. Shorten it to %(limit_value)s or fewer."
            ),
            "null_characters_not_allowed": gettext_lazy("The comment holds a character that cannot be stored."),
        },
    )


@cache
def paper_form(instrument: Instrument) -> type[PaperForm]:
    """The form of an instrument: one box per statement, one text per open question."""
    fields: dict[str, forms.Field] = {s.key: LetterField(s, instrument) for s in instrument.statements}
    fields |= {q.key: _comment_field(q) for q in instrument.questions}
    return type("PaperForm", (PaperForm,), {**fields, "instrument": instrument})


def new_name() -> str:
    return secrets.token_hex(32)


@dataclass(frozen=True)
class Box:
    """What stands in one box of a row, and what is wrong with it."""

    key: str
    value: str
    problem: str = ""


@dataclass(frozen=True)
class Row:
    """A row as the page shows it. `revision` is that of its next change; `number` is 0 before it is stored."""

    name: str
    boxes: list[Box]
    comments: list[Box]
    total: Box = Box("total", "")
    revision: int = 1
    number: int = 0
    points: int | None = None
    # What is wrong with the row as a whole, beside what is wrong in its boxes.
    problems: tuple[str, ...] = ()
    # The key of the box in which typing goes on.
    focus: str = ""

    @classmethod
    def empty(cls, instrument: Instrument, *, name: str = "", focus: str = "") -> Row:
        boxes, comments = ([Box(part.key, "") for part in parts] for parts in _parts(instrument))
        return cls(name or new_name(), boxes, comments, focus=focus)

    @classmethod
    def stored(cls, instrument: Instrument, slip: PaperSlip, *, total: int | None = None) -> Row:
        said, short = slip.content, {option.key: option.short for option in instrument.scale}
        statements, questions = _parts(instrument)
        return cls(
            name=slip.name.hex(),
            boxes=[Box(s.key, short.get(said.answers.get(s.key, ""), "")) for s in statements],
            comments=[Box(q.key, said.comments.get(q.key, "")) for q in questions],
            total=Box("total", "" if total is None else str(total)),
            revision=slip.revision + 1,
            number=said.number,
            points=instrument.points_of(said.answers),
        )

    @classmethod
    def typed(cls, form: PaperForm) -> Row:
        """All that came in, right or wrong, and what is wrong with it."""
        boxes, comments = ([_typed(form, part.key) for part in parts] for parts in _parts(form.instrument))
        return cls(
            name=form.row_name,
            boxes=boxes,
            comments=comments,
            total=_typed(form, "total"),
            revision=form.cleaned_data.get("revision", 1),
            number=form.cleaned_data.get("number", 0),
            problems=tuple(str(problem) for problem in form.non_field_errors()),
            focus=next((key for key in form.errors if key in form.fields), boxes[0].key),
        )

    @property
    def id(self) -> str:
        """Short, because it stands in a row many times."""
        return self.name[:12]

    @property
    def wrong_boxes(self) -> list[Box]:
        return [box for box in (*self.boxes, self.total, *self.comments) if box.problem]

    @property
    def is_saved(self) -> bool:
        return self.points is not None

    @property
    def differs(self) -> bool:
        """Whether the paper says another total than the row's points."""
        return self.is_saved and self.total.value not in {"", str(self.points)}


def _parts(instrument: Instrument) -> tuple[tuple[Statement, ...], tuple[OpenQuestion, ...]]:
    return instrument.statements, instrument.questions


def _typed(form: PaperForm, key: str) -> Box:
    problem = " ".join(str(message) for message in form.errors.get(key, []))
    return Box(key, form.data.get(key, "").replace("\0", ""), problem)
