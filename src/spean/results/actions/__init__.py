"""Writes of the results: the indicators are worked out, a facility's month is closed."""

from spean.results.actions.indicators import freeze, write_tables
from spean.results.actions.reports import ClosedAlready, MonthNotOver, close_report

__all__ = ["ClosedAlready", "MonthNotOver", "close_report", "freeze", "write_tables"]
