from feedback.models.rounds import Phase, Round, SingleUseCode, Slip
from feedback.models.suggestions import Outcome, Suggestion
from feedback.models.tables import Table, TablePdf

__all__ = ["Outcome", "Phase", "Round", "SingleUseCode", "Slip", "Suggestion", "Table", "TablePdf"]
