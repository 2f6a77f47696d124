from feedback.models.rounds import Phase, Round, Slip
from feedback.models.tables import Table, TablePdf

__all__ = ["Phase", "Round", "Slip", "Table", "TablePdf"]
