"""What must be in place for a benefit, and what can keep it away."""

from enum import StrEnum


class PrerequisiteState(StrEnum):
    OPEN = "open"
    MET = "met"
    FAILED = "failed"


class RiskState(StrEnum):
    OPEN = "open"
    REDUCED = "reduced"
    OCCURRED = "occurred"
    CLOSED = "closed"


class Level(StrEnum):
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


_WEIGHT = {Level.LOW: 1, Level.MODERATE: 2, Level.HIGH: 3}


def risk_level(probability: Level, consequence: Level) -> Level:
    """How much a risk matters: probability × consequence, each 1 to 3; from 6 high, from 3 moderate.

    Check: a moderate probability of a high consequence is high, of a moderate one moderate.
    """
    product = _WEIGHT[probability] * _WEIGHT[consequence]
    return Level.HIGH if product >= 6 else Level.MODERATE if product >= 3 else Level.LOW


def is_pressing(level: str, state: str) -> bool:
    """Whether a risk is high, and neither reduced nor over."""
    return level == Level.HIGH and state in {RiskState.OPEN, RiskState.OCCURRED}
