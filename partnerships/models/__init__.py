from partnerships.models.meetings import AgendaItem, FeedbackItem, Meeting
from partnerships.models.people import (
    Area,
    Coordinator,
    Member,
    Organisation,
    Partnership,
    User,
)

__all__ = [
    "AgendaItem",
    "Area",
    "Coordinator",
    "FeedbackItem",
    "Meeting",
    "Member",
    "Organisation",
    "Partnership",
    "User",
]
