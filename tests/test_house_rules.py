"""Each rule that the benefits service keeps is named by a test of it."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.support.tree import ROOT

RULES = (
    *(f"G{number}" for number in range(1, 12)),
    *(f"C{number}" for number in range(1, 8)),
    *(f"B{number}" for number in range(1, 16)),
    *("M1", "M3", "E1", "E2"),
)


def told_by_tests() -> Iterator[tuple[str, str]]:
    """Each test of the benefits service, and what its docstring says."""
    for path in sorted((ROOT / "tests" / "benefits").glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                yield f"{path.name}::{node.name}", ast.get_docstring(node) or ""


TOLD = dict(told_by_tests())


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_is_named_by_a_test(rule: str) -> None:
    named = [test for test, told in TOLD.items() if re.search(rf"\b{rule}\b", told)]

    assert named
