"""The form with which a sheet is uploaded or pasted."""

from __future__ import annotations

from typing import Any, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coprod.common.sheets import MOST_BYTES, Sheet, Unreadable, read, read_text
from partnerships.models import Area, Partnership


class LinesOf[Line](Protocol):
    def __call__(self, sheet: Sheet, *, needs_partnership: bool) -> tuple[list[Line], list[str]]: ...


class ImportForm(forms.Form):
    """A list of members: a file, or cells pasted from a spreadsheet."""

    too_large = _("This file is too large. Leave out what is not about members, or split it.")

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("CSV, ODS or XLSX, at most 2 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.ods,.xlsx"}),
        error_messages={"empty": _("This file is empty. Choose another one.")},
    )
    rows = forms.CharField(
        label=_("Or paste the cells"),
        required=False,
        strip=False,
        help_text=_("Copy them in your spreadsheet, headings too. Or type a line for each row, with ; between cells."),
        widget=forms.Textarea,
    )
    partnership = forms.ModelChoiceField(
        label=_("Partnership"),
        queryset=Partnership.objects.none(),
        required=False,
        empty_label=_("As the column “Partnership” says"),
    )

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partnership = self.fields["partnership"]
        assert isinstance(partnership, forms.ModelChoiceField)
        partnership.queryset = area.partnerships.all()

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            raise ValidationError(self.too_large)
        return file

    def clean(self) -> dict[str, Any]:
        """Adds `sheet`, and puts its cells into the box, where they can be mended and sent again."""
        cleaned = super().clean() or {}
        file, rows = cleaned.get("file"), cleaned.get("rows", "")
        if self.errors:
            return cleaned
        if not file and not rows.strip():
            self.add_error("file", _("Choose a file, or paste the cells."))
            return cleaned
        try:
            cleaned["sheet"] = read(file.read()) if file else read_text(rows)
        except Unreadable as unreadable:
            self.add_error("file" if file else "rows", str(unreadable))
        return cleaned

    def lines[Line](self, lines_of: LinesOf[Line]) -> tuple[list[Line] | None, list[str]]:
        """The rows as `lines_of` reads them, and the headings that are not used; None, and an error at the rows, where
        it cannot, or where the form is not valid."""
        if not self.is_valid():
            return None, []
        try:
            return lines_of(self.cleaned_data["sheet"], needs_partnership=self.cleaned_data["partnership"] is None)
        except Unreadable as unreadable:
            self.add_error("rows", str(unreadable))
            return None, []
