"""Finding an area's organisation by the name that somebody typed."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from django.utils.translation import gettext as _

from partnerships.models import Area, Organisation


class WrongSector(Exception):
    """The sector is missing for a new organisation, unknown, or not that of a known one."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Organisations:
    """The organisations of one area, by name in any case. New ones are made up, not stored."""

    def __init__(self, area: Area) -> None:
        self.area = area
        self._known = {each.name.casefold(): each for each in area.organisations.all()}

    def __iter__(self) -> Iterator[Organisation]:
        return iter(self._known.values())

    def like(self, name: str) -> Organisation | None:
        """A known one whose name is nearly the same, for who may have mistyped it."""
        known = [key for key, each in self._known.items() if each.pk]
        close = get_close_matches(name.casefold(), known, n=1, cutoff=0.85)
        return self._known[close[0]] if close else None

    def find(self, name: str, sector: str = "") -> Organisation:
        """The organisation of this name; a new one, once for all who name it, if a sector (its key) is given.

        Raises WrongSector.
        """
        organisation = self._known.get(name.casefold())
        if organisation is None:
            if not sector:
                raise WrongSector(_("“%(name)s” is new here: give its sector too.") % {"name": name})
            organisation = self._known[name.casefold()] = Organisation(area=self.area, name=name, sector=sector)
        elif sector and sector != organisation.sector:
            known = organisation.get_sector_display()
            raise WrongSector(
                _("“%(name)s” is here already, as %(sector)s. Give that sector, or none.")
                % {"name": organisation.name, "sector": known}
            )
        return organisation
