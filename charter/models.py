"""Who adopted the charter: partnerships, organisations through who represents them, people for themselves."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from charter import texts
from charter.texts import Wording
from partnerships.models import Meeting, Member, Organisation, Partnership, User


def new_token() -> str:
    return get_random_string(32)


class PartnershipAdoption(models.Model):
    """A partnership decided to adopt one version of the charter. `token`: where it is published, if it is."""

    partnership = models.ForeignKey(
        Partnership, models.CASCADE, related_name="charter_adoptions", verbose_name=_("partnership")
    )
    version = models.PositiveSmallIntegerField(_("version"))
    adopted_on = models.DateField(_("adopted on"))
    meeting = models.ForeignKey(
        Meeting, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("meeting")
    )
    decision = models.CharField(_("the decision"), max_length=500)
    token = models.CharField(max_length=32, null=True, unique=True, editable=False)  # noqa: DJ001  (unique where set)

    class Meta:
        verbose_name = _("adoption by a partnership")
        verbose_name_plural = _("adoptions by partnerships")
        ordering = ("-version",)
        constraints = [
            models.UniqueConstraint(fields=["partnership", "version"], name="charter_adopted_once_by_a_partnership"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="partnership_adopted_a_version"),
            models.CheckConstraint(condition=~models.Q(token=""), name="partnership_adoption_token_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.partnership}, {self.adopted_on}"

    @property
    def wording(self) -> Wording:
        return texts.WORDINGS[self.version]

    @property
    def is_of_earlier_wording(self) -> bool:
        return self.version < texts.VERSION

    @property
    def public_address(self) -> str:
        """Where everybody can read it; nothing where it is not published."""
        return reverse("charter:public", args=[self.token]) if self.token else ""


class Level(models.TextChoices):
    PERSON = "person", _("personally")
    ORGANISATION = "organisation", _("for the organisation")


class AdoptionQuerySet(models.QuerySet["Adoption"]):
    def in_(self, partnership: Partnership) -> Self:
        return self.filter(member__partnership=partnership)

    def standing(self) -> Self:
        """Of today's wording, by people who are on the partnership still, for whom they represent still."""
        represented = models.Q(level=Level.PERSON) | models.Q(organisation=models.F("member__organisation"))
        return self.filter(represented, version=texts.VERSION, member__left_on__isnull=True)


class Adoption(models.Model):
    """A member adopted one version, personally or on behalf of an organisation. It goes with the member."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="charter_adoptions", verbose_name=_("member"))
    level = models.CharField(_("how"), max_length=12, choices=Level)
    # Whom the member represented then.
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    version = models.PositiveSmallIntegerField(_("version"))
    adopted_on = models.DateField(_("adopted on"))
    signed_name = models.CharField(_("signed as"), max_length=120)
    on_paper = models.BooleanField(_("on paper"), default=False)
    entered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("typed in by")
    )

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("adoption")
        verbose_name_plural = _("adoptions")
        ordering = ("adopted_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "level", "version"], name="charter_adopted_once_by_a_member_at_a_level"
            ),
            models.CheckConstraint(
                condition=models.Q(level="person", organisation__isnull=True)
                | models.Q(level="organisation", organisation__isnull=False),
                name="adoption_is_a_persons_or_an_organisations",
            ),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="adoption_of_a_version"),
            models.CheckConstraint(condition=~models.Q(signed_name=""), name="adoption_is_signed"),
            models.CheckConstraint(
                condition=models.Q(on_paper=True) | models.Q(entered_by__isnull=True),
                name="adoption_entered_by_somebody_was_on_paper",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_level_display()}"
