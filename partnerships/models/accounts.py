"""Accounts: an email address that codes are sent to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Accounts have an email address and no password: people sign in with an emailed code."""

    def create_user(self, email: str, **fields) -> User:
        user = self.model(email=email, **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> User:
        """A site administrator. A password is taken because createsuperuser offers one, and is not kept."""
        return self.create_user(email, is_staff=True, **fields)

    def idle(self, since: datetime) -> models.QuerySet[User]:
        """Accounts that are on no partnership and look after nothing, and have not signed in since."""
        return self.filter(
            models.Q(last_login__isnull=True) | models.Q(last_login__lt=since),
            memberships__isnull=True,
            coordinates__isnull=True,
            is_staff=False,
        )

    def for_email(self, email: str) -> User:
        """The account of an address, made if there is none."""
        return self.filter(email__iexact=email.strip()).first() or self.create_user(email)

    def for_emails(self, emails: Collection[str]) -> dict[str, User]:
        """The accounts of addresses in lower case, made where there are none."""
        known = set(self.filter(email__in=emails).values_list("email", flat=True))
        self.bulk_create(self.model(email=email, password=make_password(None)) for email in sorted(set(emails) - known))
        return {user.email: user for user in self.filter(email__in=emails)}


class User(AbstractBaseUser):
    email = models.EmailField(_("email address"), unique=True)
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
