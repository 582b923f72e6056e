"""Papers speak five languages: each package's `papers/sentences/` has every sentence that its papers say."""

import json
import re
from itertools import product
from string import Formatter

import pytest

from gevinst_shared.papers.wording import LANGUAGES, read_sentences
from tests.support.tree import PACKAGES

# The kit's own, and those of the services that write papers.
WITH_PAPERS = sorted(name for name, path in PACKAGES.items() if (path / "papers").exists())
SERVICES = [name for name in WITH_PAPERS if name != "gevinst_shared"]


def own(package: str, language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(
        (PACKAGES[package] / "papers" / "sentences" / f"{language}.json").read_text("utf-8")
    )
    return found


def source(package: str) -> str:
    folders = [PACKAGES["gevinst_shared"] / "papers", PACKAGES[package] / "papers"]
    return "\n".join(path.read_text("utf-8") for folder in folders for path in sorted(folder.rglob("*.py")))


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize(("package", "language"), list(product(WITH_PAPERS, LANGUAGES)))
def test_each_language_has_every_sentence_with_the_same_placeholders(package: str, language: str) -> None:
    english, sentences = own(package, "en"), own(package, language)

    assert list(sentences) == list(english)
    for code, sentence in sentences.items():
        assert sentence.strip() == sentence != "", code
        assert placeholders(sentence) == placeholders(english[code]), code


@pytest.mark.parametrize("package", SERVICES)
def test_every_sentence_that_is_said_is_there_and_every_one_there_is_said(package: str) -> None:
    text = source(package)
    said = set(re.findall(r'"([a-z][a-z0-9-]*)"', text))
    literal = set(re.findall(r'say\(\s*"([\w-]+)"', text))
    begun = tuple(re.findall(r'f"([a-z][a-z0-9-]*-)\{', text))
    lists = set(re.findall(r'term\(\s*"([\w-]+)"', text))

    known = read_sentences(package, "en").keys()

    assert literal <= known
    unsaid = {one for one in known if "." not in one and one not in said and not one.startswith(begun)}
    assert not unsaid
    assert {one.partition(".")[0] for one in known if "." in one} == lists


@pytest.mark.parametrize("package", SERVICES)
def test_no_service_says_otherwise_what_all_papers_say(package: str) -> None:
    assert not own(package, "en").keys() & own("gevinst_shared", "en").keys()
