"""Accounts: an email address that codes are sent to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from coprod.common.text import mailable


class UserQuerySet(models.QuerySet["User"]):
    def unused(self) -> UserQuerySet:
        """Accounts that are on no partnership, past or present, look after no area and administer nothing."""
        return self.filter(memberships__isnull=True, coordinates__isnull=True, is_staff=False)

    def not_since(self, moment: datetime) -> UserQuerySet:
        """Accounts that nobody has signed in to since then, if ever."""
        return self.filter(models.Q(last_login__isnull=True) | models.Q(last_login__lt=moment))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Accounts have an email address and no password: people sign in with an emailed code."""

    def create_user(self, email: str, **fields) -> User:
        user = self.model(email=email, **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> User:
        """A site administrator. A password is taken because createsuperuser offers one, and is not kept."""
        return self.create_user(email, is_staff=True, **fields)

    def for_email(self, email: str) -> User:
        """The account of an address, made if there is none. In a transaction, nobody closes it until that ends."""
        address = email.strip().lower()
        return self.for_emails({address})[address]

    def for_emails(self, emails: Collection[str]) -> dict[str, User]:
        """The accounts of addresses in lower case, made where there are none, and kept from being closed.

        An address is the same only letter for letter: databases differ in what else they take for equal.
        """
        found: dict[str, User] = {}
        with transaction.atomic():
            while missing := sorted(set(emails) - set(found)):  # again, if one was being closed just now
                made = [self.model(email=email, password=make_password(None)) for email in missing]
                self.bulk_create(made, ignore_conflicts=True)
                kept = self.select_for_update(no_key=True).filter(email__in=missing).order_by("pk")
                found |= {user.email: user for user in kept}
        return found


class User(AbstractBaseUser):
    email = models.EmailField(_("email address"), unique=True, validators=[mailable])
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("site administrator"), default=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_in_lower_case"),
        ]

    def save(self, *args, **kwargs) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    def has_usable_password(self) -> bool:
        """There are none, not even an empty one: allauth would ask for it before a change to the second step."""
        return False

    def has_perm(self, permission: str, thing: object = None) -> bool:
        """Of the admin, a site administrator may do everything and nobody else anything."""
        return self.is_active and self.is_staff

    has_module_perms = has_perm
