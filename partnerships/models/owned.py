"""What somebody sees to by a day."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.models.areas import Organisation
from partnerships.models.members import Member


class Owned(models.Model):
    """A member's, for their organisation; or an organisation's as a whole; or nobody's yet."""

    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="%(class)ss", verbose_name=_("organisation")
    )
    member = models.ForeignKey(
        Member, models.SET_NULL, null=True, blank=True, related_name="%(class)ss", verbose_name=_("member")
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_done(self) -> bool:
        return self.done_on is not None

    @property
    def has_owner(self) -> bool:
        return self.organisation_id is not None or self.member_id is not None

    @property
    def owner(self) -> str:
        """Member and organisation, or whichever is known; nothing where neither is."""
        names = [str(each) for each in (self.member, self.organisation) if each]
        return ", ".join(names)

    @property
    def owner_in_public(self) -> str:
        """Whose it is without anybody's name: residents may stand for nobody but themselves."""
        if self.organisation is None:
            return ""
        if self.organisation.sector == Organisation.Sector.RESIDENTS:
            return gettext("a resident")
        return self.organisation.name
