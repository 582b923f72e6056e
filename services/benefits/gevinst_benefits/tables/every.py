"""Every table, loaded: what migrations compare with the database."""

from gevinst_benefits.tables import (
    alarms,
    benefits,
    business_cases,
    conditions,
    gates,
    goals,
    handovers,
    indicators,
    phase_models,
    projects,
    reviews,
    thresholds,
    tolerances,
)
from gevinst_benefits.tables.shared import metadata

__all__ = [
    "alarms",
    "benefits",
    "business_cases",
    "conditions",
    "gates",
    "goals",
    "handovers",
    "indicators",
    "metadata",
    "phase_models",
    "projects",
    "reviews",
    "thresholds",
    "tolerances",
]
