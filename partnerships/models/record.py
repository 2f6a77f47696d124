"""The record of what was done in an area, for its coordinators. It grows, and nobody edits it.

It never holds who scored, nor a comment's text; and no name or address of its own: people are links,
so that whoever is erased is gone from here too.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models.accounts import User
from partnerships.models.areas import Area, Partnership
from partnerships.models.meetings import Meeting
from partnerships.models.members import Member
from partnerships.models.years import Year


class Act(models.TextChoices):
    AREA_CHANGED = "area_changed", _("changed the area’s settings")
    COORDINATOR_ADDED = "coordinator_added", _("added a coordinator")
    COORDINATOR_REMOVED = "coordinator_removed", _("removed a coordinator")
    PARTNERSHIP_ADDED = "partnership_added", _("added the partnership")
    PARTNERSHIP_CHANGED = "partnership_changed", _("changed the partnership’s settings")
    ORGANISATION_CHANGED = "organisation_changed", _("changed an organisation’s name or sector")
    MEMBER_ADDED = "member_added", _("added a member")
    MEMBER_CHANGED = "member_changed", _("changed a member’s details")
    MEMBER_INVITED = "member_invited", _("sent an invitation")
    ROLE_CHANGED = "role_changed", _("changed a role")
    MEMBER_LEFT = "member_left", _("recorded that a member left")
    MEMBER_REPLACED = "member_replaced", _("recorded a new representative")
    MEMBER_ERASED = "member_erased", _("erased a person")
    ERASURE_ASKED = "erasure_asked", _("asked to be erased")
    ERASURE_WITHDRAWN = "erasure_withdrawn", _("took back the request to be erased")
    RETENTION = "retention", _("Former members erased, their time being up")
    IMPORTED = "imported", _("imported members")
    EXPORTED = "exported", _("downloaded the list of members")
    MEETING_PLANNED = "meeting_planned", _("planned a meeting")
    MEETING_CHANGED = "meeting_changed", _("changed a meeting’s day, time or venue")
    CALLED_OFF = "called_off", _("called a meeting off")
    CALENDAR_RENEWED = "calendar_renewed", _("made a new address for the calendar")
    AGENDA_CHANGED = "agenda_changed", _("changed the agenda")
    AGENDA_SENT = "agenda_sent", _("sent the agenda")
    CALLED_OFF_SENT = "called_off_sent", _("told the members that the meeting is called off")
    NOTES_SENT = "notes_sent", _("sent the notes of the meeting")
    SCORING_SENT = "scoring_sent", _("sent all members the link to score")
    ACTION_CHANGED = "action_changed", _("recorded, changed or removed a decision")
    SUGGESTION_RAISED = "suggestion_raised", _("raised a suggestion")
    SUGGESTION_WITHDRAWN = "suggestion_withdrawn", _("took a suggestion away")
    SUGGESTION_ANSWERED = "suggestion_answered", _("answered a suggestion")
    SCHEDULED = "scheduled", _("set when scoring opens by itself")
    OPENED = "opened", _("opened scoring")
    STOPPED = "stopped", _("stopped scoring")
    CODES_ON = "codes_on", _("chose single-use codes")
    CODES_OFF = "codes_off", _("chose to score without single-use codes")
    CODES_PRINTED = "codes_printed", _("printed single-use codes")
    PAPER_TYPED = "paper_typed", _("typed in, corrected or removed paper slips")
    COMMENTS_SHOWN = "comments_shown", _("read the comments")
    WITHHELD = "withheld", _("withheld a comment")
    BLACKED_OUT = "blacked_out", _("blacked out words of a comment")
    COMMENT_RELEASED = "comment_released", _("let a comment be printed as it was written")
    COLLATED = "collated", _("made the table")
    ENDED = "ended", _("Scoring ended without a table, its time being up")
    ASSESSMENT_BEGUN = "assessment_begun", _("prepared the yearly assessment")
    JOINT_ANSWERED = "joint_answered", _("recorded the partnership’s own assessment")
    WORKSHOP_PLANNED = "workshop_planned", _("planned the yearly workshop")
    PACK_SENT = "pack_sent", _("sent the facilitator a link to the pack")
    PACK_REVOKED = "pack_revoked", _("ended the facilitator’s link")
    PACK_OPENED = "pack_opened", _("The facilitator opened the pack")
    PLAN_CHANGED = "plan_changed", _("changed the year’s plan")
    CHARTER_ADOPTED = "charter_adopted", _("recorded that the partnership adopted the charter")
    CHARTER_SIGNED = "charter_signed", _("adopted the charter")
    CHARTER_ON_PAPER = "charter_on_paper", _("typed in an adoption on paper")
    CHARTER_WITHDRAWN = "charter_withdrawn", _("took back an adoption")
    CHARTER_PUBLISHED = "charter_published", _("published the adoption of the charter")
    CHARTER_HIDDEN = "charter_hidden", _("took the published adoption back")
    CHARTER_ASKED = "charter_asked", _("asked those who have not adopted the charter yet")
    TABLES_IMPORTED = "tables_imported", _("put in tables that were kept on paper")
    TABLE_REMOVED = "table_removed", _("removed a table that was kept on paper")
    CHART_NOTED = "chart_noted", _("wrote, changed or removed a note on the charts")
    LIMITS_RESET = "limits_reset", _("changed from when on what is usual is worked out")
    PRACTICE_SHARED = "practice_shared", _("shared what worked with all areas")
    PRACTICE_WITHDRAWN = "practice_withdrawn", _("stopped sharing what worked")


class EntryQuerySet(models.QuerySet["Entry"]):
    def about(self, person: User) -> EntryQuerySet:
        """What the person did, and what was done about them."""
        return self.filter(models.Q(by=person) | models.Q(person=person) | models.Q(member__user=person))

    def write(
        self,
        act: Act,
        *,
        by: User | None,
        area: Area | None = None,
        partnership: Partnership | None = None,
        meeting: Meeting | None = None,
        year: Year | None = None,
        member: Member | None = None,
        person: User | None = None,
        detail: str = "",
        times: int = 1,
    ) -> None:
        """Notes one act, or as many of a kind as `times` says.

        What is named implies what it belongs to: a meeting or a year its partnership, that its area.
        `by` None: the site by itself. `detail` holds no name, no address and nothing anybody wrote.
        """
        belongs = meeting or year or member
        partnership = partnership or (belongs.partnership if belongs else None)
        area = area or (partnership.area if partnership else None)
        assert area
        Entry.objects.bulk_create(
            Entry(
                act=act,
                by=by,
                area=area,
                partnership=partnership,
                meeting=meeting,
                year=year,
                member=member,
                person=person,
                detail=detail,
            )
            for _each in range(times)
        )


class Entry(models.Model):
    """One act: who did what, where and when."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="record", verbose_name=_("area"))
    act = models.CharField(_("what"), max_length=24, choices=Act)
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("who"))
    partnership = models.ForeignKey(Partnership, models.SET_NULL, null=True, related_name="+")
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, related_name="+")
    year = models.ForeignKey(Year, models.SET_NULL, null=True, related_name="+")
    # Whom it was about: somebody on a partnership, or a coordinator.
    member = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+")
    person = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    detail = models.CharField(_("more"), max_length=200, blank=True)

    # The name of whoever did it, if the area still knows it; filled by the page.
    who = ""

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry in the record")
        verbose_name_plural = _("record")
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=["area", "-at"], name="entry_by_time")]
        constraints = [
            models.CheckConstraint(condition=models.Q(act__in=[act.value for act in Act]), name="entry_act_known")
        ]

    def __str__(self) -> str:
        return self.get_act_display()

    @property
    def is_by_itself(self) -> bool:
        """Done by time, not by a person."""
        return self.act in {Act.RETENTION, Act.ENDED, Act.PACK_OPENED}
