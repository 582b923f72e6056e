"""The house rules that no tool holds for us."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles

import pytest

from tests.support.tree import ROOT, files, relative

FORBIDDEN_NAMES = {"utils", "helpers", "common", "base", "manager", "misc", "core", "data", "info"}
UNWANTED_IN_TESTS = {
    "unittest.mock": "pass a fake instead of patching",
    "mock.patch": "pass a fake instead of patching",
    "pytest.skip": "a test that does not run proves nothing",
    "pytest.importorskip": "a test that does not run proves nothing",
    "pytest.xfail": "a test that may fail proves nothing",
    "pytest.mark.skip": "a test that does not run proves nothing",
    "pytest.mark.skipif": "a test that does not run proves nothing",
    "pytest.mark.xfail": "a test that may fail proves nothing",
}
# Written in two halves, so that this file does not carry what it looks for.
ADDRESSES = [
    "pypi" + r"\.org",
    "python" + r"hosted\.org",
    "registry" + r"\.(npmjs|yarnpkg)\.",
    "crates" + r"\.io",
    "proxy" + r"\.golang\.org",
    "--(extra-)?" + "index-url",
    "--find" + "-links",
    r'"resolved"' + r":\s*",
]


def python_files() -> list[Path]:
    """Our modules that have something in them; a migration is one list of statements and may be long."""
    return [
        path
        for path in files(".py")
        if path.stat().st_size and not relative(path).rpartition("/")[0].endswith("/migrations")
    ]


def line_count(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def test_no_file_is_longer_than_400_lines() -> None:
    long = {relative(path): line_count(path) for path in python_files() if line_count(path) > 400}

    assert not long


def test_most_files_are_short() -> None:
    lengths = [line_count(path) for path in python_files()]

    assert median(lengths) <= 120
    assert quantiles(lengths, n=10)[-1] <= 250


def test_every_init_file_is_empty() -> None:
    full = [relative(path) for path in files("__init__.py") if path.read_text("utf-8")]

    assert not full


def test_no_module_or_package_has_a_name_that_says_nothing() -> None:
    modules = set(files(".py")) | {path.parent for path in files("__init__.py")}

    assert not [relative(path) for path in modules if path.stem in FORBIDDEN_NAMES]


def test_no_file_names_a_package_index_or_a_download_address() -> None:
    pattern = re.compile("|".join(ADDRESSES))
    texts = ((path, path.read_bytes().decode("utf-8", "replace")) for path in files())

    found = [f"{relative(path)}: {hit[0]}" for path, text in texts if (hit := pattern.search(text))]

    assert not found


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_each_locked_requirement_has_a_version_and_hashes(path: Path) -> None:
    requirements = re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n?", "", path.read_text("utf-8"), flags=re.M))

    loose = [r for r in requirements if r and not re.match(r"[\w.\[\]-]+==\S+.*--hash=sha256:", r, re.DOTALL)]

    assert requirements
    assert not loose


def test_what_builds_the_project_is_locked_as_the_rest_is() -> None:
    locks = {path.stem: _locked(path.read_text("utf-8")) for path in (ROOT / "requirements").glob("*.txt")}
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    installs = re.findall(r"pip\b.* (?:--editable|wheel) .*", (ROOT / "Makefile").read_text("utf-8"), re.I)

    build = locks["build"]

    assert set(wanted) <= build.keys()
    assert len(installs) == 2
    assert all("--no-deps --no-build-isolation" in install for install in installs)
    for beside in ("runtime", "dev"):  # installed together
        shared = build.keys() & locks[beside].keys()
        assert {name: build[name] for name in shared} == {name: locks[beside][name] for name in shared}


def test_each_dependency_says_what_it_is_for() -> None:
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    project = tomllib.loads("\n".join(lines))
    wanted = set(project["project"]["dependencies"]).union(*project["dependency-groups"].values())

    explained = {
        match[1] for line in lines if (match := re.fullmatch(r'\s+"(.+)",\s+# \S.{3,}', line)) is not None
    }

    assert not wanted - explained


def test_the_import_contracts_hold() -> None:
    tool = Path(sys.executable).with_name("lint-imports")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}

    outcome = subprocess.run(
        [tool, "--no-cache"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_no_test_patches_or_is_skipped() -> None:
    found = [
        f"{relative(path)}:{line}: {name}, {UNWANTED_IN_TESTS[name]}"
        for path in files(".py")
        for line, name in dotted_names(ast.parse(path.read_text("utf-8")))
        if name in UNWANTED_IN_TESTS
    ]

    assert not found


def dotted_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every name that is imported or reached by dots, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def test_a_patch_would_be_found() -> None:
    tree = ast.parse("import unittest.mock\nfrom unittest import mock\nmark = pytest.mark.skipif(True)")

    names = {name for _, name in dotted_names(tree)}

    assert {"unittest.mock", "pytest.mark.skipif"} <= names


def test_the_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))]

    assert numbers[0] == 1
    assert all(after == before + 1 for before, after in pairwise(numbers))


def _locked(text: str) -> dict[str, str]:
    """The version of each package in a lock."""
    return dict(re.findall(r"^([\w.-]+)(?:\[[^]]*])?==([^\s;]+)", text, flags=re.MULTILINE))
