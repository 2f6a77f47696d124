"""What meetings decided, and who does it by when."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models.agendas import AgendaItem
from partnerships.models.areas import Partnership
from partnerships.models.meetings import Meeting
from partnerships.models.owned import Owned


class ActionQuerySet(models.QuerySet["Action"]):
    def of(self, partnership: Partnership) -> Self:
        return self.filter(meeting__partnership=partnership)

    def open(self) -> Self:
        """Somebody still has to do something."""
        return self.filter(done_on__isnull=True, nothing_to_do=False)

    def open_at(self, meeting: Meeting) -> Self:
        """What earlier meetings decided, and what was not done by the day of this one."""
        earlier = self.filter(meeting__in=Meeting.objects.before(meeting).order_by(), nothing_to_do=False)
        return earlier.filter(models.Q(done_on__isnull=True) | models.Q(done_on__gt=meeting.date))

    def for_agenda(self) -> Self:
        """Overdue ones first, those without a date last; with all that a list of them shows."""
        return self.select_related("meeting", "item", "member", "organisation").order_by(
            models.F("due_on").asc(nulls_last=True), "pk"
        )


class Action(Owned):
    """One decision of a meeting and, unless nothing needs to be done about it, whose it is and by when."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="actions", verbose_name=_("meeting"))
    item = models.ForeignKey(
        AgendaItem, models.SET_NULL, null=True, blank=True, related_name="actions", verbose_name=_("agenda item")
    )
    decided = models.CharField(_("what was decided"), max_length=500)
    nothing_to_do = models.BooleanField(_("nothing needs to be done about it"), default=False)

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(nothing_to_do=False)
                | models.Q(organisation__isnull=True, member__isnull=True, due_on__isnull=True, done_on__isnull=True),
                name="action_with_nothing_to_do_is_nobodys",
            ),
        ]

    def __str__(self) -> str:
        return self.decided

    @property
    def lacks_owner(self) -> bool:
        """Something is to be done, and nobody is named who does it: the charter's sixth step."""
        return not (self.nothing_to_do or self.has_owner)

    @property
    def is_overdue(self) -> bool:
        return self.done_on is None and self.due_on is not None and self.due_on < timezone.localdate()
