"""Each rule that a service keeps is named by a test of it."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from tests.support.tree import ROOT

RULES = {
    "portfolio": (*(f"P{number}" for number in range(1, 13)), "M2", "M4", "E1", "X1", "X3", "X4"),
    "benefits": (
        *(f"G{number}" for number in range(1, 12)),
        *(f"C{number}" for number in range(1, 8)),
        *(f"B{number}" for number in range(1, 16)),
        *("M1", "M3", "E1", "E2", "X4"),
    ),
    "notifications": (*(f"N{number}" for number in range(1, 6)), "E1", "E3"),
}


def _told_by_tests(service: str) -> Iterator[tuple[str, str]]:
    """Each test of the service, and what its name and docstring say."""
    for path in sorted((ROOT / "tests" / service).glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                words = node.name.replace("_", " ").upper()
                yield f"{path.name}::{node.name}", f"{words} {ast.get_docstring(node)}"


@cache
def _told(service: str) -> Mapping[str, str]:
    return dict(_told_by_tests(service))


@pytest.mark.parametrize(
    ("service", "rule"), [(service, rule) for service, rules in RULES.items() for rule in rules]
)
def test_each_rule_is_named_by_a_test(service: str, rule: str) -> None:
    named = [test for test, told in _told(service).items() if re.search(rf"\b{rule}\b", told)]

    assert named
