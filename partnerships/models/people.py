"""Areas, their partnerships, and the people in them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

MINIMUM_SLIPS = (3, 4, 5)


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

    def for_email(self, email: str) -> User:
        """The account of an address, made if there is none."""
        return self.filter(email__iexact=email.strip()).first() or self.create_user(email)


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

    def has_perm(self, permission: str, thing: object = None) -> bool:
        """Of the admin, a site administrator may do everything and nobody else anything."""
        return self.is_active and self.is_staff

    has_module_perms = has_perm


class Area(models.Model):
    """A council's community planning area: nobody outside may look in."""

    class Colour(models.TextChoices):
        # Each stands against white with at least 7:1; the values are in static/src/_colours.scss.
        BLUE = "blue", _("Blue")
        GREEN = "green", _("Green")
        PURPLE = "purple", _("Purple")
        RED = "red", _("Red")
        SLATE = "slate", _("Slate")
        TEAL = "teal", _("Teal")

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("short name in addresses"), max_length=120, unique=True)
    colour = models.CharField(_("colour"), max_length=10, choices=Colour, default=Colour.BLUE)
    is_demonstration = models.BooleanField(
        _("demonstration"),
        default=False,
        help_text=_("Every page and PDF says that its people and scores are invented."),
    )

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A partner body."""

    class Sector(models.TextChoices):
        STATUTORY = "statutory", _("Statutory")
        COMMUNITY = "community", _("Community and voluntary")
        BUSINESS = "business", _("Business")
        ELECTED = "elected", _("Elected")
        RESIDENTS = "residents", _("Residents")

    area = models.ForeignKey(Area, models.CASCADE, related_name="organisations", verbose_name=_("area"))
    name = models.CharField(_("name"), max_length=200)
    sector = models.CharField(_("sector"), max_length=12, choices=Sector)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                "area",
                Lower("name"),
                name="organisation_named_once_in_an_area",
                violation_error_message=_("The area has an organisation of this name already."),
            ),
            models.CheckConstraint(
                condition=models.Q(sector__in=["statutory", "community", "business", "elected", "residents"]),
                name="organisation_sector_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    def visible_to(self, user: User) -> PartnershipQuerySet:
        """Those the person is a member of, or coordinates the area of."""
        return self.filter(
            models.Exists(Member.objects.filter(partnership=models.OuterRef("pk"), user=user))
            | models.Exists(Coordinator.objects.filter(area=models.OuterRef("area"), user=user))
        )


class Partnership(models.Model):
    class Kind(models.TextChoices):
        BOARD = "board", _("Board")
        THEMATIC = "thematic", _("Thematic group")
        LOCALITY = "locality", _("Locality group")
        STEERING = "steering", _("Steering group")
        PANEL = "panel", _("Panel")

    area = models.ForeignKey(Area, models.PROTECT, related_name="partnerships", verbose_name=_("area"))
    name = models.CharField(_("name"), max_length=160)
    slug = models.SlugField(_("short name in addresses"), max_length=160, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("reports to")
    )
    threshold = models.PositiveSmallIntegerField(
        _("slips a table needs"),
        default=5,
        choices=[(n, str(n)) for n in MINIMUM_SLIPS],
        help_text=_("5, unless the partnership itself decided on 3 or 4. Fixed for a meeting when its scoring opens."),
    )

    objects = PartnershipQuerySet.as_manager()

    # What the person who looks at it may do; filled by the loaders of partnerships.permissions.
    rights: frozenset[str] = frozenset()

    class Meta:
        verbose_name = _("partnership")
        verbose_name_plural = _("partnerships")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                "area",
                Lower("name"),
                name="partnership_named_once_in_an_area",
                violation_error_message=_("The area has a partnership of this name already."),
            ),
            models.CheckConstraint(
                condition=models.Q(threshold__in=MINIMUM_SLIPS), name="partnership_threshold_3_to_5"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["board", "thematic", "locality", "steering", "panel"]),
                name="partnership_kind_known",
            ),
            models.CheckConstraint(condition=~models.Q(parent=models.F("pk")), name="partnership_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partnerships:detail", args=[self.slug])

    def clean(self) -> None:
        """Refuses a parent in another area, or one that reports back to this partnership."""
        above, seen = self.parent, {self.pk}
        if above and above.area_id != self.area_id:
            raise ValidationError({"parent": _("Choose a partnership of the same area.")})
        while above:
            if above.pk in seen:
                raise ValidationError({"parent": _("Choose one that does not itself report to this partnership.")})
            seen.add(above.pk)
            above = above.parent


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
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("email address"), blank=True)
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.MEMBER)
    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="memberships", verbose_name=_("account")
    )

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                "partnership",
                Lower("email"),
                condition=~models.Q(email=""),
                name="member_email_once_in_a_partnership",
                violation_error_message=_("Somebody on this partnership has this email address already."),
            ),
            models.UniqueConstraint(
                fields=["partnership", "user"],
                condition=models.Q(user__isnull=False),
                name="member_account_once_in_a_partnership",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["member", "minute_taker", "chair"]), name="member_role_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

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

    class Meta:
        verbose_name = _("coordinator")
        verbose_name_plural = _("coordinators")
        constraints = [models.UniqueConstraint(fields=["area", "user"], name="coordinator_once_in_an_area")]

    def __str__(self) -> str:
        return f"{self.user}, {self.area}"
