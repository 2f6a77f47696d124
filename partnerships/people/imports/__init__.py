"""Members from a spreadsheet: first a plan of what would happen row by row, then, once agreed, the doing.

Sheet -> lines.lines_of -> plan.make_plan -> (a person agrees) -> carry_out
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from partnerships.models import Act, Area, Entry, Member, Partnership, User
from partnerships.people import membership
from partnerships.people.imports.lines import HEADINGS, Line, lines_of
from partnerships.people.imports.plan import Outcome, Plan, Step, make_plan, told

__all__ = ["HEADINGS", "Changed", "Line", "Plan", "carry_out", "lines_of", "make_plan", "told"]


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
