"""Areas, their organisations and their partnerships."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.dates import MONTHS
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from coprod.common.text import plain

MINIMUM_SLIPS = (3, 4, 5)
APRIL = 4


def new_key() -> str:
    return get_random_string(32)


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
    requires_second_factor = models.BooleanField(
        _("coordinators need a second step to sign in"),
        default=False,
        help_text=_("Beside the emailed code, an authenticator app or a passkey."),
    )
    months_kept = models.PositiveSmallIntegerField(
        _("months for which former members are kept"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("After that, people who left are erased automatically. Tables stay."),
    )
    year_start_month = models.PositiveSmallIntegerField(
        _("the area’s year starts in"),
        choices=list(MONTHS.items()),
        default=APRIL,
        help_text=_("For the area’s trends. Each partnership has a year of its own."),
    )

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(condition=models.Q(months_kept__range=(1, 120)), name="area_keeps_1_to_120_months"),
            models.CheckConstraint(
                condition=models.Q(year_start_month__range=(1, 12)), name="area_year_starts_in_a_month"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partnerships:area", args=[self.slug])


class Organisation(models.Model):
    """A partner body."""

    class Sector(models.TextChoices):
        STATUTORY = "statutory", _("Statutory")
        COMMUNITY = "community", _("Community and voluntary")
        BUSINESS = "business", _("Business")
        ELECTED = "elected", _("Elected")
        RESIDENTS = "residents", _("Residents")

    area = models.ForeignKey(Area, models.CASCADE, related_name="organisations", verbose_name=_("area"))
    name = models.CharField(_("name"), max_length=200, validators=[plain])
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
                violation_error_code="name",
                violation_error_message=_("The area has an organisation of this name already."),
            ),
            models.CheckConstraint(
                condition=models.Q(sector__in=["statutory", "community", "business", "elected", "residents"]),
                name="organisation_sector_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Partnership(models.Model):
    class Kind(models.TextChoices):
        BOARD = "board", _("Board")
        THEMATIC = "thematic", _("Thematic group")
        LOCALITY = "locality", _("Locality group")
        STEERING = "steering", _("Steering group")
        PANEL = "panel", _("Panel")

    area = models.ForeignKey(Area, models.PROTECT, related_name="partnerships", verbose_name=_("area"))
    name = models.CharField(_("name"), max_length=160, validators=[plain])
    slug = models.SlugField(_("short name in addresses"), max_length=160, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("reports to")
    )
    threshold = models.PositiveSmallIntegerField(
        _("slips a table needs"),
        default=5,
        choices=[(n, str(n)) for n in MINIMUM_SLIPS],
        help_text=_(
            "5, unless the partnership itself decided on 3 or 4. A meeting keeps the number it had "
            "when its scoring opened."
        ),
    )

    # Stands in the address of the partnership's calendar, which opens without signing in.
    calendar_key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    year_start_month = models.PositiveSmallIntegerField(
        _("year begins in"), default=APRIL, choices=[(number, name) for number, name in MONTHS.items()]
    )

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
                violation_error_code="name",
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
            models.CheckConstraint(
                condition=models.Q(year_start_month__range=(1, 12)), name="partnership_year_starts_in_a_month"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.slug = self.slug or self._free_slug()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("partnerships:detail", args=[self.slug])

    def _free_slug(self) -> str:
        """From the name; where another partnership has that already, from the area's name too."""
        name = slugify(self.name)[:100] or "partnership"
        longer = f"{name}-{self.area.slug[:50]}"
        taken = set(Partnership.objects.filter(slug__in=[name, longer]).values_list("slug", flat=True))
        return next((s for s in (name, longer) if s not in taken), f"{name}-{get_random_string(8).lower()}")

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
