"""Who is on a partnership, and who looks after an area."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coprod.common.text import mailable, plain
from partnerships.models.accounts import User
from partnerships.models.areas import Area, Organisation, Partnership


class MemberQuerySet(models.QuerySet["Member"]):
    def current(self) -> MemberQuerySet:
        return self.filter(left_on__isnull=True)

    def former(self) -> MemberQuerySet:
        return self.filter(left_on__isnull=False)


class Member(models.Model):
    """A person on one partnership, for one organisation, in one role. May have no account."""

    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        MINUTE_TAKER = "minute_taker", _("Minute-taker")
        CHAIR = "chair", _("Chair")

    partnership = models.ForeignKey(Partnership, models.CASCADE, related_name="members", verbose_name=_("partnership"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="members", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=120, validators=[plain])
    email = models.EmailField(_("email address"), blank=True, validators=[mailable])
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.MEMBER)
    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="memberships", verbose_name=_("account")
    )
    joined_on = models.DateField(_("joined on"), default=timezone.localdate)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    succeeds = models.OneToOneField(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="successor",
        verbose_name=_("represents the organisation after"),
    )
    invited_on = models.DateField(_("invited on"), null=True, blank=True)
    # The first time after they were put on the list: it tells nothing of what the account did elsewhere.
    signed_in_on = models.DateField(_("first signed in on"), null=True, blank=True)
    # The last mail about actions: one a week at most.
    actions_mailed_on = models.DateField(_("last mail about actions on"), null=True, blank=True, editable=False)
    # The last mail that asked them to adopt the charter: one a month at most.
    charter_asked_on = models.DateField(_("last asked to adopt the charter on"), null=True, blank=True, editable=False)
    erasure_asked_on = models.DateField(_("asked to be erased on"), null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                "partnership",
                Lower("email"),
                condition=~models.Q(email="") & models.Q(left_on__isnull=True),
                name="member_email_once_in_a_partnership",
                violation_error_code="email",
                violation_error_message=_("Somebody on this partnership has this email address already."),
            ),
            models.UniqueConstraint(
                fields=["partnership", "user"],
                condition=models.Q(user__isnull=False, left_on__isnull=True),
                name="member_account_once_in_a_partnership",
            ),
            models.UniqueConstraint(
                "partnership",
                "organisation",
                Lower("name"),
                condition=models.Q(email="", left_on__isnull=True),
                name="member_without_address_once_for_an_organisation",
                violation_error_code="name",
                violation_error_message=_(
                    "Somebody of this name and organisation is on this partnership already, without an address."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["member", "minute_taker", "chair"]), name="member_role_known"
            ),
            models.CheckConstraint(
                condition=models.Q(left_on__isnull=True) | models.Q(left_on__gte=models.F("joined_on")),
                name="member_left_after_joining",
            ),
            models.CheckConstraint(condition=~models.Q(succeeds=models.F("pk")), name="member_not_their_own_successor"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if self.organisation_id and self.partnership_id and self.organisation.area_id != self.partnership.area_id:
            raise ValidationError({"organisation": _("Choose an organisation of the partnership’s area.")})

    def link_account(self) -> None:
        """Lets the person sign in with the address; without one they have no account."""
        self.user = User.objects.for_email(self.email) if self.email else None


class Coordinator(models.Model):
    """A person responsible for all partnerships of one area."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="coordinators", verbose_name=_("area"))
    user = models.ForeignKey(User, models.CASCADE, related_name="coordinates", verbose_name=_("account"))
    name = models.CharField(_("name"), max_length=120, blank=True, validators=[plain])
    invited_on = models.DateField(_("invited on"), null=True, blank=True)
    signed_in_on = models.DateField(_("first signed in on"), null=True, blank=True)

    class Meta:
        verbose_name = _("coordinator")
        verbose_name_plural = _("coordinators")
        ordering = ("name", "user__email")
        constraints = [models.UniqueConstraint(fields=["area", "user"], name="coordinator_once_in_an_area")]

    def __str__(self) -> str:
        return self.name or self.user.email
