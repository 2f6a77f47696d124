from partnerships.models.accounts import User
from partnerships.models.areas import Area, Organisation, Partnership
from partnerships.models.meetings import AgendaItem, FeedbackItem, Meeting
from partnerships.models.members import Coordinator, Member
from partnerships.models.record import Act, Entry
from partnerships.models.sessions import Session

__all__ = [
    "Act",
    "AgendaItem",
    "Area",
    "Coordinator",
    "Entry",
    "FeedbackItem",
    "Meeting",
    "Member",
    "Organisation",
    "Partnership",
    "Session",
    "User",
]
