"""The two data sets that can be taken out, column by column.

The files, and the data dictionary that explains them, are made from these lists alone. Names stay: spreadsheets and
reports of other people are built on them. A new column goes to the end.
"""

from feedback.exports.datasets.columns import Column, DataSet
from feedback.exports.datasets.tables import TABLES
from feedback.exports.datasets.trends import TRENDS
from feedback.exports.lines import TableLine, TrendLine

__all__ = ["DATA_SETS", "TABLES", "TRENDS", "AnyDataSet", "Column", "DataSet"]

type AnyDataSet = DataSet[TableLine] | DataSet[TrendLine]
DATA_SETS: dict[str, AnyDataSet] = {TABLES.name: TABLES, TRENDS.name: TRENDS}
