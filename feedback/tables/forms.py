"""The form for paper tables."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from partnerships.people.imports.forms import ImportForm


class TablesForm(ImportForm):
    """Tables that were kept on paper: a file, or cells pasted from a spreadsheet."""

    too_large = _("This file is too large. Leave out what is not about the tables, or split it.")
