"""What is on a meeting's agenda, the papers that belong to it, and the words that need explaining."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.crypto import get_random_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partnerships.models.areas import Partnership
from partnerships.models.meetings import Meeting

LONGEST_ITEM = 600


class AgendaItem(models.Model):
    class Purpose(models.TextChoices):
        DISCUSSION = "discussion", _("For discussion")
        DECISION = "decision", _("For decision")
        INFORMATION = "information", _("For information")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items", verbose_name=_("meeting"))
    order = models.PositiveIntegerField(_("order"))
    title = models.CharField(_("title"), max_length=200)
    lead = models.CharField(_("lead"), max_length=200, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes allotted"), null=True, blank=True, validators=[MaxValueValidator(LONGEST_ITEM)]
    )
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose, default=Purpose.DISCUSSION)
    # For whoever leads the item: not on the agenda that members get.
    guidance = models.CharField(_("notes for whoever leads it"), max_length=1000, blank=True)
    resources = models.CharField(_("to bring"), max_length=300, blank=True)

    # Always empty here: see FeedbackItem.
    note = ""

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ("order",)
        constraints = [
            models.UniqueConstraint(fields=["meeting", "order"], name="agenda_item_order_once_in_a_meeting"),
            models.CheckConstraint(
                condition=models.Q(purpose__in=["discussion", "decision", "information"]),
                name="agenda_item_purpose_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title


@dataclass(frozen=True)
class FeedbackItem:
    """The last item of every agenda. It is no row, so that nobody can delete or move it."""

    minutes: int
    title: str | Promise = _("Feedback on this meeting")
    lead: str | Promise = _("All")
    # Within it: what the Guide asks for.
    note: str | Promise = _("What we said last time, what became of it, and scoring this meeting")
    get_purpose_display: str = ""


def agenda_of(meeting: Meeting, items: Iterable[AgendaItem] | None = None) -> Sequence[AgendaItem | FeedbackItem]:
    """All items in order, loaded or given. The last is always feedback on the meeting."""
    stored = meeting.items.all() if items is None else items
    return [*stored, FeedbackItem(minutes=meeting.feedback_minutes)]


class PapersStorage(FileSystemStorage):
    """A folder without an address of its own: a view hands papers out to those who may see the meeting."""

    def __init__(self) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @property
    def location(self) -> str:
        return os.path.abspath(settings.PAPERS_DIR)


def papers_storage() -> FileSystemStorage:
    return PapersStorage()


def _random_name(paper: Paper, filename: str) -> str:
    """Where a paper lies tells nothing of what it is called, nor can its name lead anywhere."""
    return f"{get_random_string(32).lower()}.{paper.kind}"


class Paper(models.Model):
    """A paper for an item: a link, or a file that was uploaded."""

    class Kind(models.TextChoices):
        LINK = "link", _("Link")
        PDF = "pdf", "PDF"
        ODT = "odt", "ODT"
        DOCX = "docx", "DOCX"
        ODS = "ods", "ODS"
        XLSX = "xlsx", "XLSX"

    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="papers", verbose_name=_("agenda item"))
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    url = models.URLField(_("link"), max_length=500, blank=True)
    file = models.FileField(_("file"), storage=papers_storage, upload_to=_random_name, blank=True, max_length=60)

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="link", file="") & ~models.Q(url="")
                | models.Q(kind__in=["pdf", "odt", "docx", "ods", "xlsx"], url="") & ~models.Q(file=""),
                name="paper_is_a_link_or_a_file",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Term(models.Model):
    """A word in capitals and what it means: explained once, printed wherever an agenda uses it."""

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="terms", verbose_name=_("partnership"))
    word = models.CharField(_("word"), max_length=40)
    meaning = models.CharField(_("meaning"), max_length=200)

    class Meta:
        verbose_name = _("explained word")
        verbose_name_plural = _("explained words")
        ordering = ("word",)
        constraints = [
            models.UniqueConstraint(fields=["partnership", "word"], name="term_explained_once_in_a_partnership")
        ]

    def __str__(self) -> str:
        return self.word
