"""Sessions that know whose they are: so that a person can see and end them, and a change of role can."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from partnerships.models.accounts import User

# In the session's data: what its row repeats.
DEVICE, SIGNED_IN_AT = "device", "signed_in_at"
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
        return SessionStore

    @property
    def handle(self) -> str:
        """Names the session on a page. The key itself would sign anybody in who read it there."""
        return salted_hmac("partnerships.Session", self.session_key, algorithm="sha256").hexdigest()[:24]


class SessionStore(db.SessionStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict) -> Session:
        session = cast(Session, super().create_model_instance(data))
        session.user_id = data.get(SESSION_KEY)
        session.device = data.get(DEVICE, "")
        signed_in_at = data.get(SIGNED_IN_AT)
        session.signed_in_at = datetime.fromisoformat(signed_in_at) if signed_in_at else None
        return session
