"""Analysing a scenario in a process of its own."""

from dataclasses import dataclass
from typing import Any

from gevinst_portfolio.domain.analyses import AnalysisAsked
from gevinst_portfolio.domain.scenario_analysis import analyse
from gevinst_portfolio.worker.calculation import Ear


@dataclass(frozen=True, slots=True)
class Analysed:
    wanted: AnalysisAsked
    result: dict[str, Any]


def analyse_scenario(ear: Ear, *, wanted: AnalysisAsked) -> Analysed:
    """The result; tells how far it is on the way."""
    result = analyse(
        wanted, progress=lambda share: ear.progress(share, "analysing"), is_cancelled=ear.shall_stop
    )
    return Analysed(wanted, result)
