"""The keys with which a spreadsheet or a reporting tool reads what its owner may read."""

from __future__ import annotations

import hashlib
import secrets
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models.accounts import User

MOST_TOKENS = 10


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class DataTokenQuerySet(models.QuerySet["DataToken"]):
    def make(self, *, user: User, name: str) -> str:
        """A new one's secret, which is told once and not stored."""
        secret = secrets.token_urlsafe(32)
        self.create(user=user, name=name, token_hash=hash_of(secret))
        return secret

    def opened_by(self, secret: str) -> Self:
        return self.filter(token_hash=hash_of(secret), user__is_active=True).select_related("user")


class DataToken(models.Model):
    """It reads, with its owner's rights of that moment, and changes nothing."""

    user = models.ForeignKey(User, models.CASCADE, related_name="data_tokens")
    name = models.CharField(_("what it is for"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_on = models.DateField(_("made on"), default=timezone.localdate)
    used_on = models.DateField(_("last used on"), null=True, blank=True)

    objects = DataTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("address for spreadsheets")
        verbose_name_plural = _("addresses for spreadsheets")
        default_permissions = ()
        ordering = ("pk",)
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="data_token_says_what_for")]

    def __str__(self) -> str:
        return self.name

    def note_use(self) -> None:
        """The day alone: a report that is refreshed every minute writes once."""
        today = timezone.localdate()
        if self.used_on != today:
            DataToken.objects.filter(pk=self.pk).update(used_on=today)
