"""What a coordinator chooses on the area's trends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coprod.common.spans import Span
from feedback.trends.area import Line, first_met
from partnerships.models import Area
from partnerships.people.forms import FindForm

# What lines can be narrowed to: whether something changed, whether scoring happens at all. Never by a score.
SHOWN: dict[str, Callable[[Line], bool]] = {
    "": lambda line: True,
    "changed": lambda line: bool(line.real),
    "improved": lambda line: any(verdict.direction > 0 for verdict in line.real),
    "dropped": lambda line: any(verdict.direction < 0 for verdict in line.real),
    "unscored": lambda line: line.unscored > 0,
    "low": lambda line: line.responds_little,
    "silent": lambda line: not line.this.tables,
}


class AreaTrendsForm(FindForm):
    """Every choice has a default, so that the page's plain address shows this year beside last year."""

    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)
    beside = forms.TypedChoiceField(label=_("Beside"), required=False, coerce=int, empty_value=None)
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("All partnerships")),
            ("changed", _("Where something really changed")),
            ("improved", _("Where something really improved")),
            ("dropped", _("Where something really dropped")),
            ("unscored", _("With meetings that were not scored")),
            ("low", _("With slips from fewer than half of those present")),
            ("silent", _("Without any scoring")),
        ],
    )
    order = forms.ChoiceField(
        label=_("Order"), required=False, choices=[("", _("By name")), ("tree", _("By who reports to whom"))]
    )
    field_order = ("year", "beside", "q", "kind", "show", "order")

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.month = area.year_start_month
        self.current = Span.around(timezone.localdate(), month=self.month).number
        first = Span.around(first_met(area) or timezone.localdate(), month=self.month).number
        years = [(n, str(self._span(n))) for n in range(self.current, min(first, self.current - 1) - 1, -1)]
        for name, blank in (("year", _("This year")), ("beside", _("The year before"))):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices = [("", blank), *years]

    @property
    def span(self) -> Span:
        return self._span(self._chosen("year") or self.current)

    @property
    def other(self) -> Span:
        return self._span(self._chosen("beside") or self.span.number - 1)

    @property
    def by_tree(self) -> bool:
        return self._chosen("order") == "tree"

    def fits(self, line: Line) -> bool:
        return SHOWN[self._chosen("show") or ""](line)

    @property
    def narrows(self) -> bool:
        return any(self._chosen(name) for name in ("q", "kind", "show"))

    def _chosen(self, name: str) -> Any:
        """Nothing where what was sent is no choice: a mistyped address shows the plain page."""
        self.is_valid()
        return self.cleaned_data.get(name)

    def _span(self, number: int) -> Span:
        return Span.numbered(number, month=self.month)
