"""What would happen to each row, and why; nothing is stored.

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
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coprod.common.text import mailable, plain
from partnerships.models import Area, Member, Organisation, Partnership
from partnerships.people.imports.lines import Line
from partnerships.people.organisations import Organisations, WrongSector

# Beside each sector's own name, what people write.
_SECTORS = {"community": "community", "voluntary": "community", "community & voluntary": "community"} | {
    "public": "statutory",
    "private": "business",
    "resident": "residents",
}
_ROLES = {"minute taker": "minute_taker", "minutes": "minute_taker", "secretary": "minute_taker"}


# Looking for what was meant compares with every name there is: for so many rows, and no more, there is time.
MOST_GUESSES = 20


class Outcome(models.TextChoices):
    ADD = "add", gettext_lazy("New")
    CHANGE = "change", gettext_lazy("Changed")
    SAME = "same", gettext_lazy("As it is")
    WRONG = "wrong", gettext_lazy("Problem")


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
        """The partnership that is nearly called so."""
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
            few = len(self.told) <= MOST_GUESSES
            if few and (like := self.organisations.like(organisation.name)):
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


def told(plan: Plan) -> str:
    """What an import does or did, in a few words."""
    added, changed, organisations = plan.count(Outcome.ADD), plan.count(Outcome.CHANGE), plan.new_organisations
    words = [
        (added, ngettext("%(n)s new member", "%(n)s new members", added)),
        (changed, ngettext("%(n)s member changed", "%(n)s members changed", changed)),
        (organisations, ngettext("%(n)s new organisation", "%(n)s new organisations", organisations)),
    ]
    return ", ".join(each % {"n": number} for number, each in words if number)
