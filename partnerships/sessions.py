"""The session engine: who is signed in on what, since when, and for how long."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_used
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.models import Coordinator, Session, User
from partnerships.models.sessions import DEVICE, LONG, SHORT, SIGNED_IN_AT, SessionStore  # noqa: F401  (SESSION_ENGINE)

# In the session's data: whether the box beside the code was ticked, and what the row repeats.
REMEMBER = "remember"
SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

# The first that is found counts: every browser also names those it wants to be taken for.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> str:
    """A few words by which people know their own device: "Chrome on Android"."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), _("A browser"))
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), _("an unknown device"))
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}


@receiver(user_logged_in, dispatch_uid="partnerships.begin_session")
def begin(sender: type[User], request: HttpRequest, user: User, **kwargs) -> None:
    """A session ends at a time fixed when it begins: using it makes it no longer."""
    now, wished = timezone.now(), request.session.pop(REMEMBER, False)
    privileged = user.is_staff or user.coordinates.exists()
    request.session.set_expiry(now + (LONG if wished and not privileged else SHORT))
    request.session[DEVICE] = device_of(request.headers.get("User-Agent", ""))
    request.session[SIGNED_IN_AT] = now.isoformat()
    today = timezone.localdate(now)
    user.memberships.current().filter(signed_in_on__isnull=True).update(signed_in_on=today)
    user.coordinates.filter(signed_in_on__isnull=True).update(signed_in_on=today)


@receiver(authenticator_used, dispatch_uid="partnerships.forget_wish")
def forget_wish(sender: type[Authenticator], request: HttpRequest, passwordless: bool, **kwargs) -> None:
    """The box stands beside the code. A passkey in place of the code does not ask, so an old wish does not count."""
    if passwordless:
        request.session.pop(REMEMBER, None)


@receiver(post_save, sender=Coordinator, dispatch_uid="partnerships.end_long_coordinator")
def end_long_of_coordinator(sender: type[Coordinator], instance: Coordinator, **kwargs) -> None:
    Session.objects.long().filter(user=instance.user_id).delete()


@receiver(post_save, sender=User, dispatch_uid="partnerships.end_long_administrator")
def end_long_of_administrator(sender: type[User], instance: User, **kwargs) -> None:
    if instance.is_staff:
        instance.sessions.long().delete()


@receiver(authenticator_added, dispatch_uid="partnerships.first_second_step")
def end_sessions_without(
    sender: type[Authenticator], request: HttpRequest, user: User, authenticator: Authenticator, **kwargs
) -> None:
    """Permissions ask whether the account has a second step, not whether this session used it: the others end."""
    if authenticator.type not in SECOND_STEPS:
        return
    if Authenticator.objects.filter(user=user, type__in=SECOND_STEPS).count() > 1:
        return
    user.sessions.exclude(session_key=request.session.session_key).delete()
    # So do addresses for spreadsheets: who made them had shown the code by email alone.
    user.data_tokens.all().delete()
    # It has just been shown once; the recovery codes come next, and would ask for it again.
    record_authentication(request, user, "mfa", type=authenticator.type, reauthenticated=True)
