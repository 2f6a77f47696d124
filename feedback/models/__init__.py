from feedback.models.rounds import Phase, Round, Slip
from feedback.models.tables import Table

__all__ = ["Phase", "Round", "Slip", "Table"]
