"""Each refusal speaks five languages: English in the class, the others in the package's `texts/`."""

import importlib
import json
import pkgutil
from collections.abc import Iterator
from string import Formatter

import pytest

from gevinst_shared.values.refusal import Refusal
from tests.support.tree import PACKAGES

LANGUAGES = ("nb", "nn", "da", "sv")
EACH_TEXT = [(package, language) for package in PACKAGES for language in LANGUAGES]


def refusals(package: str) -> dict[str, type[Refusal]]:
    """Every refusal with a code that `package` defines, by code."""
    _import_all(package)
    found = [kind for kind in _below(Refusal) if kind.__module__.partition(".")[0] == package]
    with_code = [kind for kind in found if "code" in vars(kind)]
    by_code = {kind.code: kind for kind in with_code}
    assert len(by_code) == len(with_code), "two refusals share a code"
    return by_code


def _import_all(package: str) -> None:
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        if not module.name.endswith("__main__") and ".migrations." not in module.name:
            importlib.import_module(module.name)


def _below(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for below in kind.__subclasses__():
        yield below
        yield from _below(below)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("package", PACKAGES)
def test_each_refusal_has_a_stable_code_and_an_english_sentence(package: str) -> None:
    for code, kind in refusals(package).items():
        assert code.replace("-", "").isalnum(), code
        assert code == code.lower(), code
        assert kind.title, code
        assert not kind.title.endswith("."), code
        assert kind.detail.endswith((".", "}")), code


@pytest.mark.parametrize(("package", "language"), EACH_TEXT)
def test_each_refusal_is_translated_with_the_same_placeholders(package: str, language: str) -> None:
    kinds = refusals(package)
    file = PACKAGES[package] / "texts" / f"{language}.json"

    texts = json.loads(file.read_text("utf-8")) if file.exists() else {}

    assert texts.keys() == kinds.keys()
    for code, text in texts.items():
        assert text.keys() == {"title", "detail"}, code
        assert all(text.values()), code
        for part in ("title", "detail"):
            assert placeholders(text[part]) == placeholders(getattr(kinds[code], part)), (code, part)
