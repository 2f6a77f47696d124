from feedback.models.rounds import Phase, Round, SingleUseCode, Slip
from feedback.models.tables import Table, TablePdf

__all__ = ["Phase", "Round", "SingleUseCode", "Slip", "Table", "TablePdf"]
