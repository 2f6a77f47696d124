"""Members from a spreadsheet: first a plan of what would happen row by row, then, once agreed, the doing.

A row is matched to a current member of its partnership by email address, or by name and organisation
where one of the two has no address. So the same sheet twice changes nothing, and nobody is ever removed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerships import membership
from partnerships.models import Act, Area, Entry, Member, Organisation, Partnership, User
from partnerships.names import FORMULA_STARTS, mailable, plain, tidy
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


MOST_GUESSES = 20


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

    @property
    def cells(self) -> list[str]:
        """In the order of HEADINGS."""
        return [getattr(self, column) for column in HEADINGS]


@dataclass
class Step:
    """What will happen to one row, and why; `member` is saved by `carry_out`."""

    line: Line
    outcome: Outcome = Outcome.ADD
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    member: Member | None = None
    role_before: str = ""


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
    def new_organisations(self) -> int:
        made = (step.member.organisation for step in self.steps if step.member)
        return len({id(organisation) for organisation in made if organisation.pk is None})

    @property
    def changes_something(self) -> bool:
        return any(step.outcome in {Outcome.ADD, Outcome.CHANGE} for step in self.steps)

    @property
    def fingerprint(self) -> str:
        """Stands for what was agreed to: it changes when the rows do, or whom they would meet."""
        told = [
            (step.line.cells, step.outcome.value, step.notes)
            + ((step.member.pk, step.member.partnership_id) if step.member else ())
            for step in self.steps
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
        raise Unreadable(_without_headings(sheet.rows[0].cells, missing, needs_partnership))
    if twice := {column.capitalize() for column in columns if column and columns.count(column) > 1}:
        raise Unreadable(_("Two columns are called %(heading)s. Rename one.") % {"heading": ", ".join(sorted(twice))})
    if len(sheet.rows) == 1:
        raise Unreadable(_("There is no row below the headings."))
    unused = [cell for cell, column in zip(sheet.rows[0].cells, columns, strict=True) if cell and not column]
    return [_line(row.number, row.cells, columns) for row in sheet.rows[1:]], unused


def _without_headings(found: Sequence[str], missing: Sequence[str], needs_partnership: bool) -> str:
    told = _("The first row must name the columns. It says: %(found)s. Not among them: %(missing)s.")
    words = told % {"found": ", ".join(found)[:200], "missing": ", ".join(missing)}
    if needs_partnership and "Partnership" in missing:
        words += " " + _("Instead of a column Partnership you can choose one partnership for all rows.")
    return words


def _line(number: int, cells: Sequence[str], columns: Sequence[str]) -> Line:
    named = {column: tidy(_bare(cell)) for column, cell in zip(columns, cells, strict=False) if column}
    return Line(number=number, **named)


def _bare(cell: str) -> str:
    """Without the apostrophe that the download puts before what a spreadsheet would run."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


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
        self.by_name: dict[tuple[int, str, str], list[Member]] = defaultdict(list)
        self.alike: dict[str, list[str]] = {}
        self.lines: dict[int, int] = {}
        self.told: set[int] = set()
        members = Member.objects.current().filter(partnership__area=area)
        for member in members.select_related("organisation", "partnership"):
            self._know(member)

    def _know(self, member: Member) -> None:
        if member.email:
            self.by_email[member.partnership_id, member.email.lower()] = member
        if member not in (namesakes := self.by_name[_named(member)]):
            namesakes.append(member)

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
            mailable(line.email or "nobody@example.org")
        except ValidationError:
            step.problems.append(_("“%(typed)s” is no email address that we can use.") % {"typed": line.email})

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
        if alike := self._like(typed.casefold()):
            step.problems.append(_("Did you mean “%(name)s”?") % {"name": self.partnerships[alike[0]]})
        return None

    def _like(self, typed: str) -> list[str]:
        """The partnership that is nearly called so. Looking takes long: for the first few that are wrong only."""
        if typed not in self.alike:
            few = len(self.alike) < MOST_GUESSES
            self.alike[typed] = get_close_matches(typed, self.partnerships, n=1) if few else []
        return self.alike[typed]

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
        if step.problems:
            step.outcome = Outcome.WRONG
            return
        if found is None:
            wanted.role = wanted.role or Member.Role.MEMBER
            step.member = wanted
            self._know(wanted)
            self._point_out(step, wanted.organisation)
        elif id(found) in self.lines:
            step.outcome = Outcome.WRONG
            by_email = wanted.email and wanted.email == found.email
            words = _("Row %(n)s has the same email address.") if by_email else _("Row %(n)s has the same person.")
            step.problems.append(words % {"n": self.lines[id(found)]})
            return
        else:
            step.member = found
            role_before = found.role
            changes = _take_over(found, wanted)
            if found.role != role_before:
                step.role_before = role_before
            self._know(found)
            step.notes += changes
            step.outcome = Outcome.CHANGE if changes else Outcome.SAME
            self._point_out(step, found.organisation)
        self.lines[id(step.member)] = step.line.number

    def _point_out(self, step: Step, organisation: Organisation) -> None:
        """A new organisation may be an old one mistyped."""
        if organisation.pk is None and id(organisation) not in self.told:
            self.told.add(id(organisation))
            step.notes.append(_("“%(name)s” is a new organisation.") % {"name": organisation})
            if like := self.organisations.like(organisation.name):
                step.notes.append(_("Or did you mean “%(name)s”?") % {"name": like})

    def _same_person(self, wanted: Member, step: Step) -> Member | None:
        namesakes = self.by_name.get(_named(wanted), [])
        if found := self.by_email.get((wanted.partnership_id, wanted.email)):
            return found
        unmailed = [each for each in namesakes if not (wanted.email and each.email)]
        if namesakes and not unmailed:
            step.notes.append(
                _("Somebody of this name is here with another address: this row becomes a second person.")
            )
        if len(unmailed) > 1:
            step.problems.append(_("Several people have this name and organisation: give the email address too."))
        return unmailed[0] if unmailed else None


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


class Changed(Exception):
    """What would happen now is not what was agreed to."""


@transaction.atomic
def carry_out(area: Area, lines: Sequence[Line], *, partnership: Partnership | None, agreed: str, by: User) -> str:
    """Does what was agreed to, all of it or nothing, and says what. Raises Changed."""
    membership.lock(area.pk)
    plan = make_plan(area, lines, partnership=partnership)
    if plan.wrong or plan.fingerprint != agreed:
        raise Changed
    done = told(plan)
    due = [(step, step.member) for step in plan.steps if step.member and step.outcome != Outcome.SAME]
    accounts = User.objects.for_emails({member.email for _step, member in due if member.email})
    for step, member in due:
        membership.store_organisation(member)
        member.user = accounts.get(member.email)
        member.save()
        _note(step, member, by)
    Entry.objects.write(Act.IMPORTED, by=by, area=area, detail=done)
    return done


def _note(step: Step, member: Member, by: User) -> None:
    """One line for the whole import says enough, but for who was given a role."""
    if step.outcome == Outcome.ADD and member.role != Member.Role.MEMBER:
        Entry.objects.write(Act.MEMBER_ADDED, by=by, member=member, detail=member.get_role_display())
    elif step.role_before:
        detail = f"{Member.Role(step.role_before).label} → {member.get_role_display()}"
        Entry.objects.write(Act.ROLE_CHANGED, by=by, member=member, detail=detail)


def told(plan: Plan) -> str:
    """What an import does or did, in a few words."""
    added, changed, organisations = plan.count(Outcome.ADD), plan.count(Outcome.CHANGE), plan.new_organisations
    words = [
        (added, ngettext("%(n)s new member", "%(n)s new members", added)),
        (changed, ngettext("%(n)s member changed", "%(n)s members changed", changed)),
        (organisations, ngettext("%(n)s new organisation", "%(n)s new organisations", organisations)),
    ]
    return ", ".join(each % {"n": number} for number, each in words if number)
