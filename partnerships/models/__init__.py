from partnerships.models.access_needs import AccessNeed, Arrangement
from partnerships.models.accounts import User
from partnerships.models.actions import Action
from partnerships.models.agendas import AgendaItem, FeedbackItem, Paper, Term
from partnerships.models.areas import Area, Organisation, Partnership
from partnerships.models.mailings import Delivery, Mailing
from partnerships.models.meetings import Meeting
from partnerships.models.members import Coordinator, Member
from partnerships.models.plans import Aim, Objective, PlanOutcome, PlanRow
from partnerships.models.record import Act, Entry
from partnerships.models.sessions import Session
from partnerships.models.tokens import DataToken
from partnerships.models.years import Year

__all__ = [
    "AccessNeed",
    "Act",
    "Action",
    "AgendaItem",
    "Aim",
    "Area",
    "Arrangement",
    "Coordinator",
    "DataToken",
    "Delivery",
    "Entry",
    "FeedbackItem",
    "Mailing",
    "Meeting",
    "Member",
    "Objective",
    "Organisation",
    "Paper",
    "Partnership",
    "PlanOutcome",
    "PlanRow",
    "Session",
    "Term",
    "User",
    "Year",
]
