"""Every table, loaded: what migrations compare with the database."""

from gevinst_benefits.tables import benefits, business_cases, gates, indicators, projects, verifications
from gevinst_benefits.tables.shared import metadata

__all__ = ["benefits", "business_cases", "gates", "indicators", "metadata", "projects", "verifications"]
