"""Every table, loaded: what migrations compare with the database."""

from gevinst_portfolio.tables import (
    capacity,
    concepts,
    criteria,
    organisations,
    projects,
    releases,
    runs,
    scenarios,
)
from gevinst_portfolio.tables.shared import metadata

__all__ = [
    "capacity",
    "concepts",
    "criteria",
    "metadata",
    "organisations",
    "projects",
    "releases",
    "runs",
    "scenarios",
]
