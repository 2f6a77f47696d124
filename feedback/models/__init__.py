from feedback.models.assessments import JointAssessment
from feedback.models.rounds import Phase, Round, SingleUseCode, Slip
from feedback.models.suggestions import Outcome, Suggestion
from feedback.models.tables import Table, TablePdf
from feedback.models.workshops import PackPdf, Workshop

__all__ = [
    "JointAssessment",
    "Outcome",
    "PackPdf",
    "Phase",
    "Round",
    "SingleUseCode",
    "Slip",
    "Suggestion",
    "Table",
    "TablePdf",
    "Workshop",
]
