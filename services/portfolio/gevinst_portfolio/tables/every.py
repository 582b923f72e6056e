"""Every table, loaded: what migrations compare with the database."""

from gevinst_portfolio.tables import organisations, projects, releases, runs, scenarios
from gevinst_portfolio.tables.shared import metadata

__all__ = ["metadata", "organisations", "projects", "releases", "runs", "scenarios"]
