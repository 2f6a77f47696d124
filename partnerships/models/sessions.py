"""Sessions that know whose they are: so that a person can see and end them, and a change of role can."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from partnerships.models.accounts import User

SHORT = timedelta(hours=12)
LONG = timedelta(days=30)


class SessionQuerySet(models.QuerySet["Session"]):
    def current(self) -> SessionQuerySet:
        return self.filter(expire_date__gt=timezone.now())

    def long(self) -> SessionQuerySet:
        """Those that last longer than a coordinator's or a site administrator's may."""
        return self.filter(expire_date__gt=timezone.now() + SHORT)


class Session(AbstractBaseSession):
    """One browser. No network address and no raw user agent is kept: see docs/adr/0007."""

    user = models.ForeignKey(
        User, models.CASCADE, null=True, editable=False, related_name="sessions", verbose_name=_("account")
    )
    device = models.CharField(_("device"), max_length=60, blank=True, editable=False)
    signed_in_at = models.DateTimeField(_("signed in at"), null=True, editable=False)

    objects: ClassVar = BaseSessionManager.from_queryset(SessionQuerySet)()

    @classmethod
    def get_session_store_class(cls):
        from partnerships.sessions import SessionStore

        return SessionStore

    @property
    def handle(self) -> str:
        """Names the session on a page. The key itself would sign anybody in who read it there."""
        return salted_hmac("partnerships.Session", self.session_key, algorithm="sha256").hexdigest()[:24]
