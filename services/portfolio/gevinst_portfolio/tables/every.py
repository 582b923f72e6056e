"""Every table, loaded: what migrations compare with the database."""

from gevinst_portfolio.tables import (
    capacity,
    criteria,
    organisations,
    projects,
    releases,
    runs,
    scenarios,
    uploads,
)
from gevinst_portfolio.tables.shared import metadata

__all__ = [
    "capacity",
    "criteria",
    "metadata",
    "organisations",
    "projects",
    "releases",
    "runs",
    "scenarios",
    "uploads",
]
