"""Every table, loaded: what migrations compare with the database."""

from gevinst_portfolio.tables import (
    boards,
    capacity,
    concepts,
    criteria,
    ideas,
    organisations,
    projects,
    releases,
    runs,
    scenarios,
    uploads,
)
from gevinst_portfolio.tables.shared import metadata

__all__ = [
    "boards",
    "capacity",
    "concepts",
    "criteria",
    "ideas",
    "metadata",
    "organisations",
    "projects",
    "releases",
    "runs",
    "scenarios",
    "uploads",
]
