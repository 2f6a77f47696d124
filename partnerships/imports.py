"""Members from a spreadsheet: first a plan of what would happen row by row, then, once agreed, the doing.

A row is matched to a current member of its partnership by email address, or by name and organisation
where one of the two has no address. So the same sheet twice changes nothing, and nobody is ever removed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerships.models import Act, Area, Entry, Member, Organisation, Partnership, User
from partnerships.names import plain, tidy
from partnerships.organisations import Organisations, WrongSector
from partnerships.sheets import Sheet, Unreadable

# What the columns may be called; the first is what the download of members writes.
HEADINGS = {
    "partnership": ("partnership", "group", "board"),
    "name": ("name", "full name", "member", "representative"),
    "email": ("email", "e-mail", "email address", "e-mail address"),
    "organisation": ("organisation", "organization", "organisation name", "partner"),
    "sector": ("sector",),
    "role": ("role",),
}
_KNOWN = {heading: column for column, headings in HEADINGS.items() for heading in headings}
# Beside each sector's own name, what people write.
_SECTORS = {"community": "community", "voluntary": "community", "community & voluntary": "community"} | {
    "public": "statutory",
    "private": "business",
    "resident": "residents",
}
_ROLES = {"minute taker": "minute_taker", "minutes": "minute_taker", "secretary": "minute_taker"}


class Outcome(models.TextChoices):
    ADD = "add", gettext_lazy("New")
    CHANGE = "change", gettext_lazy("Changed")
    SAME = "same", gettext_lazy("As it is")
    WRONG = "wrong", gettext_lazy("Problem")


@dataclass(frozen=True)
class Line:
    """One row as it was written. `number` is the row's in the sheet."""

    number: int
    partnership: str = ""
    name: str = ""
    email: str = ""
    organisation: str = ""
    sector: str = ""
    role: str = ""


@dataclass
class Step:
    """What will happen to one row, and why; `member` is saved by `carry_out`."""

    line: Line
    outcome: Outcome = Outcome.ADD
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    member: Member | None = None


@dataclass
class Plan:
    area: Area
    steps: list[Step]

    def count(self, outcome: Outcome) -> int:
        return sum(step.outcome == outcome for step in self.steps)

    @property
    def wrong(self) -> list[Step]:
        return [step for step in self.steps if step.outcome == Outcome.WRONG]

    @property
    def changes_something(self) -> bool:
        return any(step.outcome in {Outcome.ADD, Outcome.CHANGE} for step in self.steps)

    @property
    def fingerprint(self) -> str:
        """Stands for what was agreed to: it changes when the rows do, or whom they would meet."""
        told = [
            (step.line, step.outcome.value, step.notes, step.member.pk if step.member else None) for step in self.steps
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def lines_of(sheet: Sheet, *, needs_partnership: bool) -> tuple[list[Line], list[str]]:
    """The rows below the headings, and the headings that are not used.

    Raises Unreadable where a needed heading is missing, stands twice, or no row follows.
    """
    head = [tidy(cell).casefold() for cell in sheet.rows[0].cells]
    columns = [_KNOWN.get(cell, "") for cell in head]
    needed = [*(["partnership"] if needs_partnership else []), "name", "organisation"]
    if missing := [column.capitalize() for column in needed if column not in columns]:
        raise Unreadable(
            _("The first row must name the columns. Not found: %(missing)s.") % {"missing": ", ".join(missing)}
        )
    if twice := {column.capitalize() for column in columns if column and columns.count(column) > 1}:
        raise Unreadable(_("Two columns are called %(heading)s. Rename one.") % {"heading": ", ".join(sorted(twice))})
    if len(sheet.rows) == 1:
        raise Unreadable(_("There is no row below the headings."))
    unused = [cell for cell, column in zip(sheet.rows[0].cells, columns, strict=True) if cell and not column]
    return [_line(row.number, row.cells, columns) for row in sheet.rows[1:]], unused


def _line(number: int, cells: Sequence[str], columns: Sequence[str]) -> Line:
    named = {column: tidy(cell) for column, cell in zip(columns, cells, strict=False) if column}
    return Line(number=number, **named)


def make_plan(area: Area, lines: Sequence[Line], *, partnership: Partnership | None = None) -> Plan:
    """What would happen, row by row; nothing is stored. With a partnership, all rows are its members."""
    planner = _Planner(area, partnership)
    return Plan(area, [planner.step(line) for line in lines])


class _Planner:
    def __init__(self, area: Area, partnership: Partnership | None) -> None:
        self.partnership = partnership
        self.partnerships = {each.name.casefold(): each for each in area.partnerships.all()}
        self.organisations = Organisations(area)
        self.by_email: dict[tuple[int, str], Member] = {}
        self.by_name: dict[tuple[int, str, str], Member] = {}
        self.lines: dict[int, int] = {}
        members = Member.objects.current().filter(partnership__area=area)
        for member in members.select_related("organisation", "partnership"):
            self._know(member)

    def _know(self, member: Member) -> None:
        if member.email:
            self.by_email[member.partnership_id, member.email.lower()] = member
        self.by_name[_named(member)] = member

    def step(self, line: Line) -> Step:
        step = Step(line)
        partnership, organisation = self._partnership(step), self._organisation(step)
        role = self._choice(step, line.role, Member.Role, _ROLES, _("“%(typed)s” is no role. Use one of: %(choices)s."))
        self._check_text(step)
        if step.problems or partnership is None or organisation is None:
            step.outcome = Outcome.WRONG
            return step
        wanted = Member(
            partnership=partnership, organisation=organisation, name=line.name, email=line.email.lower(), role=role
        )
        self._meet(step, wanted)
        return step

    def _check_text(self, step: Step) -> None:
        line = step.line
        if not line.name:
            step.problems.append(_("The name is missing."))
        for typed, longest in ((line.name, 120), (line.organisation, 200)):
            try:
                plain(typed)
            except ValidationError as error:
                step.problems += error.messages
            if len(typed) > longest:
                step.problems.append(
                    _("“%(start)s…” is too long: at most %(n)s characters.") % {"start": typed[:20], "n": longest}
                )
        try:
            validate_email(line.email or "nobody@example.org")
        except ValidationError:
            step.problems.append(_("“%(typed)s” is no email address.") % {"typed": line.email})

    def _partnership(self, step: Step) -> Partnership | None:
        typed = step.line.partnership
        if self.partnership:
            return self.partnership
        if not typed:
            step.problems.append(_("The partnership is missing."))
            return None
        if found := self.partnerships.get(typed.casefold()):
            return found
        step.problems.append(_("No partnership here is called “%(typed)s”.") % {"typed": typed})
        if close := get_close_matches(typed.casefold(), self.partnerships, n=1):
            step.problems.append(_("Did you mean “%(name)s”?") % {"name": self.partnerships[close[0]]})
        return None

    def _organisation(self, step: Step) -> Organisation | None:
        words = _("“%(typed)s” is no sector. Use one of: %(choices)s.")
        sector = self._choice(step, step.line.sector, Organisation.Sector, _SECTORS, words)
        if not step.line.organisation:
            step.problems.append(_("The organisation is missing."))
        if step.problems:
            return None
        try:
            return self.organisations.find(step.line.organisation, sector)
        except WrongSector as wrong:
            step.problems.append(wrong.message)
            return None

    def _choice(
        self, step: Step, typed: str, choices: type[models.TextChoices], also: dict[str, str], words: str
    ) -> str:
        """The key of a choice, typed as its label, its key or another word for it."""
        known = {str(label).casefold(): value for value, label in choices.choices}
        known |= {value: value for value in choices.values} | also
        if typed and typed.casefold() not in known:
            step.problems.append(words % {"typed": typed, "choices": ", ".join(map(str, choices.labels))})
        return known.get(typed.casefold(), "")

    def _meet(self, step: Step, wanted: Member) -> None:
        """Compares with whoever is here already, or stands in an earlier row."""
        found = self._same_person(wanted, step)
        if found is None:
            wanted.role = wanted.role or Member.Role.MEMBER
            step.member = wanted
            self._know(wanted)
        elif id(found) in self.lines:
            step.outcome = Outcome.WRONG
            step.problems.append(_("The same person stands in row %(n)s.") % {"n": self.lines[id(found)]})
            return
        else:
            step.member = found
            step.notes += _take_over(found, wanted)
            step.outcome = Outcome.CHANGE if step.notes else Outcome.SAME
        self.lines[id(step.member)] = step.line.number

    def _same_person(self, wanted: Member, step: Step) -> Member | None:
        namesake = self.by_name.get(_named(wanted))
        if not wanted.email:
            return namesake
        if found := self.by_email.get((wanted.partnership_id, wanted.email)):
            return found
        if namesake and namesake.email:
            step.notes.append(
                _("Somebody of this name is here with another address: this row becomes a second person.")
            )
            return None
        return namesake


def _named(member: Member) -> tuple[int, str, str]:
    return member.partnership_id, member.name.casefold(), member.organisation.name.casefold()


def _take_over(member: Member, wanted: Member) -> list[str]:
    """Puts what the row says into the member; empty cells change nothing. What changed, in words."""
    notes = []
    if wanted.name != member.name:
        notes.append(_("Name: %(old)s → %(new)s") % {"old": member.name, "new": wanted.name})
        member.name = wanted.name
    if wanted.email and wanted.email != member.email.lower():
        notes.append(_("Email address added"))
        member.email = wanted.email
    if wanted.organisation != member.organisation:
        notes.append(_("Organisation: %(old)s → %(new)s") % {"old": member.organisation, "new": wanted.organisation})
        member.organisation = wanted.organisation
    if wanted.role and wanted.role != member.role:
        notes.append(
            _("Role: %(old)s → %(new)s") % {"old": member.get_role_display(), "new": wanted.get_role_display()}
        )
        member.role = wanted.role
    return notes


@transaction.atomic
def carry_out(plan: Plan, *, by: User) -> None:
    """Does what the plan says, all of it or nothing: a plan with a problem is not for this.

    Raises IntegrityError where somebody else has just added one of the same people.
    """
    due = [(step, step.member) for step in plan.steps if step.member and step.outcome != Outcome.SAME]
    accounts = User.objects.for_emails({member.email for _step, member in due if member.email})
    for step, member in due:
        if member.organisation.pk is None:
            member.organisation.save()
        member.organisation = member.organisation  # takes its number over
        member.user = accounts.get(member.email.lower())
        is_new = step.outcome == Outcome.ADD
        role_before = "" if is_new else Member.objects.values_list("role", flat=True).get(pk=member.pk)
        member.save()
        if is_new and member.role != Member.Role.MEMBER:
            Entry.objects.write(Act.MEMBER_ADDED, by=by, member=member, detail=member.get_role_display())
        elif role_before and role_before != member.role:
            detail = f"{Member.Role(role_before).label} → {member.get_role_display()}"
            Entry.objects.write(Act.ROLE_CHANGED, by=by, member=member, detail=detail)
    Entry.objects.write(Act.IMPORTED, by=by, area=plan.area, detail=told(plan))


def told(plan: Plan) -> str:
    """What an import does or did, in a few words."""
    added, changed = plan.count(Outcome.ADD), plan.count(Outcome.CHANGE)
    return ", ".join(
        [
            ngettext("%(n)s new member", "%(n)s new members", added) % {"n": added},
            ngettext("%(n)s changed", "%(n)s changed", changed) % {"n": changed},
        ]
    )
