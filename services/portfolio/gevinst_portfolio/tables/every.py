"""Every table, loaded: what migrations compare with the database."""

from gevinst_portfolio.tables import (
    capacity,
    criteria,
    decisions,
    meetings,
    organisations,
    projects,
    releases,
    replans,
    runs,
    scenarios,
)
from gevinst_portfolio.tables.shared import metadata

__all__ = [
    "capacity",
    "criteria",
    "decisions",
    "meetings",
    "metadata",
    "organisations",
    "projects",
    "releases",
    "replans",
    "runs",
    "scenarios",
]
