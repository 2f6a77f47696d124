"""What members need to take part. Data about health: asked with consent, and gone with the membership.

Not in the admin, and never in the record of what was done.
"""

from __future__ import annotations

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models.meetings import Meeting
from partnerships.models.members import Member


def random_id() -> int:
    return secrets.randbelow(10**18)


class AccessNeed(models.Model):
    """One thing that one member needs, told by themselves."""

    class Kind(models.TextChoices):
        WHEELCHAIR = "wheelchair", _("Step-free access, room for a wheelchair")
        HEARING_LOOP = "hearing_loop", _("Hearing loop")
        INTERPRETER = "interpreter", _("Interpreter")
        BREAKS = "breaks", _("Breaks")
        FORMATS = "formats", _("Papers in another format")
        TIMING = "timing", _("A certain time of day")
        OTHER = "other", _("Something else")

    # A running number would show on the checklist which needs were told together.
    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    member = models.ForeignKey(Member, models.CASCADE, related_name="access_needs", verbose_name=_("member"))
    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    detail = models.CharField(_("more about it"), max_length=200, blank=True)
    shows_name = models.BooleanField(_("the minute-taker may see whose it is"), default=False)
    consented_on = models.DateField(_("agreed on"), default=timezone.localdate)

    class Meta:
        default_permissions = ()
        ordering = ("kind", "pk")
        constraints = [
            models.UniqueConstraint(fields=["member", "kind"], name="access_need_once_for_a_member"),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["wheelchair", "hearing_loop", "interpreter", "breaks", "formats", "timing", "other"]
                ),
                name="access_need_known",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Arrangement(models.Model):
    """For this meeting, this need has been seen to."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="arrangements")
    need = models.ForeignKey(AccessNeed, models.CASCADE, related_name="arrangements")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["meeting", "need"], name="need_arranged_once_for_a_meeting")]

    def __str__(self) -> str:
        return f"{self.meeting}: {self.need}"
