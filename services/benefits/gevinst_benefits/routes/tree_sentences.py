"""What is said of benefit trees in the reader's language, out of the package's `texts/benefit_tree/`."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from uuid import UUID

from gevinst_benefits.domain.benefit_tree.checks import Finding, TreeFinding
from gevinst_benefits.domain.benefit_tree.tree import BenefitTree, cycle_text
from gevinst_benefits.domain.benefit_tree.unions import UnitedTrees
from gevinst_benefits.domain.charts.benefit_tree import Problem
from gevinst_benefits.schemas.benefit_trees import TreeFindingOut
from gevinst_benefits.usecases.drawing import SayFindings


@cache
def read_sentences(language: str) -> Mapping[str, str]:
    """The sentences of one language, by code."""
    text = (files("gevinst_benefits") / "texts" / "benefit_tree" / f"{language}.json").read_text("utf-8")
    found: Mapping[str, str] = json.loads(text)
    return found


def said_findings(tree: BenefitTree, findings: Sequence[TreeFinding], language: str) -> list[TreeFindingOut]:
    """Each finding with its sentence."""
    return [_said(tree, finding, language) for finding in findings]


def saying(language: str) -> SayFindings:
    """What tells a tree's findings in a language."""
    return lambda tree, findings: problems_of(said_findings(tree, findings, language))


def said_united(
    whole: UnitedTrees, projects: Mapping[UUID, str], findings: Sequence[TreeFinding], language: str
) -> list[TreeFindingOut]:
    """The same for united trees, where projects are named (B12)."""
    found = []
    for finding in findings:
        names: dict[str, str] = {}
        if finding.finding is Finding.COUNTED_TWICE:
            key = finding.keys[0]
            names["projects"] = ", ".join(sorted(projects[one] for one in whole.project_ids(key)))
            names["owner"] = projects.get(whole.counted_in(key), "–")
        found.append(_said(whole.tree, finding, language, **names))
    return found


def problems_of(said: Sequence[TreeFindingOut]) -> list[Problem]:
    """The same for a picture."""
    return [Problem(tuple(one.keys), one.text) for one in said]


def _said(tree: BenefitTree, finding: TreeFinding, language: str, **values: str) -> TreeFindingOut:
    names = [tree.nodes[tree.place_of[key]].name for key in finding.keys]
    is_cycle = finding.finding is Finding.CYCLE
    text = read_sentences(language)[f"finding-{finding.finding.value}"].format(
        name=names[0],
        other=names[-1],
        names=cycle_text(tuple(names)) if is_cycle else ", ".join(names),
        total="" if finding.total is None else f"{finding.total * 100:.4f}".rstrip("0").rstrip("."),
        **values,
    )
    return TreeFindingOut(finding=finding.finding, keys=list(finding.keys), text=text)
