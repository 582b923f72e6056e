"""Every table, loaded: what migrations compare with the database."""

from gevinst_portfolio.tables import (
    analyses,
    boards,
    capacity,
    concepts,
    criteria,
    decisions,
    ideas,
    meetings,
    organisations,
    projects,
    releases,
    replans,
    runs,
    scenarios,
    uploads,
)
from gevinst_portfolio.tables.shared import metadata

__all__ = [
    "analyses",
    "boards",
    "capacity",
    "concepts",
    "criteria",
    "decisions",
    "ideas",
    "meetings",
    "metadata",
    "organisations",
    "projects",
    "releases",
    "replans",
    "runs",
    "scenarios",
    "uploads",
]
