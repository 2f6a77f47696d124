"""The yearly workshop, and the link under which its facilitator opens the year's pack."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coprod.common.text import mailable, plain
from partnerships.models import Year
from partnerships.models.tokens import hash_of

# How long after the workshop the link still opens, unless somebody ends it.
OPENS_AFTERWARDS = timedelta(days=14)
_TOKEN_BYTES = 24


class WorkshopQuerySet(models.QuerySet["Workshop"]):
    def opened_by(self, token: str) -> WorkshopQuerySet:
        """The one whose link has this token and has not expired; none for a token that was guessed or revoked."""
        today = timezone.localdate()
        found = self.filter(token_hash=hash_of(token), link_ends_on__gte=today)
        return found.select_related("year__partnership__area")


class Workshop(models.Model):
    """When a partnership looks back on a year and plans the next, and who, from outside, facilitates it."""

    year = models.OneToOneField(Year, models.CASCADE, related_name="workshop", verbose_name=_("year"))
    date = models.DateField(_("date"))
    facilitator = models.CharField(_("facilitator"), max_length=120, validators=[plain])
    organisation = models.CharField(_("the facilitator’s organisation"), max_length=200, blank=True, validators=[plain])
    email = models.EmailField(_("the facilitator’s email address"), validators=[mailable])
    # Of the link, which is in the mail alone: whoever has the database cannot open it.
    token_hash = models.CharField(max_length=64, null=True, blank=True, unique=True, editable=False)
    link_ends_on = models.DateField(_("link opens until"), null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(_("link sent at"), null=True, blank=True, editable=False)

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(token_hash__isnull=True, link_ends_on__isnull=True)
                | models.Q(token_hash__isnull=False, link_ends_on__isnull=False),
                name="workshop_link_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {_('workshop')}"

    @property
    def who(self) -> str:
        """Whoever facilitates it, and their organisation; or what of it is still known."""
        return ", ".join(filter(None, (self.facilitator, self.organisation)))

    @property
    def has_link(self) -> bool:
        """Whether a link opens the pack today."""
        return self.link_ends_on is not None and self.link_ends_on >= timezone.localdate()

    def new_token(self) -> str:
        """Makes another link, so that earlier ones open nothing; it is nowhere but in what this returns."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        self.token_hash = hash_of(token)
        self.set_end()
        return token

    def set_end(self) -> None:
        """Until when the link opens, where there is one."""
        self.link_ends_on = max(self.date, timezone.localdate()) + OPENS_AFTERWARDS if self.token_hash else None

    def drop_token(self) -> None:
        self.token_hash = self.sent_at = None
        self.set_end()


class PackPdf(models.Model):
    """The year's pack as a PDF, kept while it says the same: making one takes seconds."""

    year = models.OneToOneField(Year, models.CASCADE, related_name="pack_pdf")
    made_from = models.CharField(max_length=64)
    # How far it is, of the steps that a document takes, and when that was last told; empty content until the last.
    step = models.PositiveSmallIntegerField(default=0)
    told_at = models.DateTimeField(default=timezone.now)
    has_failed = models.BooleanField(default=False)
    content = models.BinaryField(default=b"")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.year}.pdf"
