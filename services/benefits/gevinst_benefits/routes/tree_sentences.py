"""What is said of benefit trees in the reader's language, out of the package's `texts/benefit_tree/`."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from uuid import UUID

from gevinst_benefits.domain.benefit_tree.checks import Finding, TreeFinding
from gevinst_benefits.domain.benefit_tree.tree import BenefitTree, NodeKind, cycle_text
from gevinst_benefits.domain.benefit_tree.unions import UnitedTrees
from gevinst_benefits.domain.tree_picture.svg import Words
from gevinst_benefits.schemas.benefit_trees import TreeFindingOut


@cache
def read_sentences(language: str) -> Mapping[str, str]:
    """The sentences of one language, by code."""
    text = (files("gevinst_benefits") / "texts" / "benefit_tree" / f"{language}.json").read_text("utf-8")
    found: Mapping[str, str] = json.loads(text)
    return found


def said_findings(tree: BenefitTree, findings: Sequence[TreeFinding], language: str) -> list[TreeFindingOut]:
    """Each finding with its sentence."""
    return [_said(tree, finding, language) for finding in findings]


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


def picture_words(language: str, title: str, name: str) -> Words:
    """The words of a picture; `title` is the code of its heading."""
    sentences = read_sentences(language)
    return Words(
        language=language,
        title=sentences[title].format(name=name),
        kinds={kind: sentences[kind.value] for kind in NodeKind},
        described=sentences["described"],
        counted=sentences["counted"],
        disbenefit=sentences["disbenefit"],
        percent=sentences["percent"],
    )


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
