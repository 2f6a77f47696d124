from feedback.models.assessments import JointAssessment
from feedback.models.changes import ChartNote, Practice
from feedback.models.rounds import Phase, Round, SingleUseCode, Slip
from feedback.models.suggestions import Outcome, Suggestion
from feedback.models.tables import Standing, Table, TablePdf
from feedback.models.workshops import PackPdf, Workshop

__all__ = [
    "ChartNote",
    "JointAssessment",
    "Outcome",
    "PackPdf",
    "Phase",
    "Practice",
    "Round",
    "SingleUseCode",
    "Slip",
    "Standing",
    "Suggestion",
    "Table",
    "TablePdf",
    "Workshop",
]
