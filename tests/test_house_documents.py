"""The documents of the house say what is there."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from tests.support.tree import ROOT, files, relative

HEADINGS = ["Context", "Decision", "Consequences", "Alternatives", "Enforced by"]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


def sections(text: str) -> dict[str, str]:
    """The second-level headings with the text below each."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return {heading: body.strip() for heading, body in zip(parts[1::2], parts[2::2], strict=True)}


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_its_five_headings_and_what_enforces_it_exists(path: Path) -> None:
    text = path.read_text("utf-8")

    found = sections(text)
    enforced_by = re.findall(r"`([\w./-]+)`", found["Enforced by"])

    assert text.startswith(f"# {path.name[:4]}. ")
    assert list(found) == HEADINGS
    assert all(found.values())
    assert all(line.startswith(("- ", "  ")) for line in found["Alternatives"].splitlines())
    assert enforced_by
    assert [place for place in enforced_by if not (ROOT / place).exists()] == []


def test_the_glossary_has_each_word_once_with_its_norwegian_and_danish() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"
    ]

    vocabulary = [row for row in rows if row[0].startswith("**")]
    words = [row[0].strip("*`") for row in rows if row[0] not in ("Word", "Role") and row[0].strip("-")]

    assert len(words) == len(set(words))
    assert len(vocabulary) >= 25
    assert all(len(row) == 4 and all(row) for row in vocabulary)


def test_the_glossary_lists_each_role() -> None:
    from gevinst_shared.values.actor import Role  # noqa: PLC0415 - only this test needs the code

    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")

    assert set(re.findall(r"^\| `([\w-]+)` \|", text, flags=re.MULTILINE)) == set(Role)


@pytest.mark.parametrize("path", list(files(".md")), ids=relative)
def test_every_link_to_a_file_leads_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", path.read_text("utf-8"))

    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_the_licence_is_the_whole_eupl() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")

    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\nEUPL © the European Union 2007, 2016")
    assert [n for n in range(1, 16) if not re.search(rf"^{n}\.\s?\S", text, flags=re.MULTILINE)] == []
    assert "‘Compatible Licences’ according to Article 5 EUPL are:" in text


def test_the_picture_tells_its_content_to_those_who_cannot_see_it() -> None:
    picture = ElementTree.parse(ROOT / "docs" / "architecture.svg").getroot()
    svg = "{http://www.w3.org/2000/svg}"

    assert picture.get("role") == "img"
    assert picture.findtext(f"{svg}title")
    assert len(picture.findtext(f"{svg}desc") or "") > 100


def test_publiccode_has_what_the_standard_demands() -> None:
    # The mandatory keys, closed lists and lengths of version 0.4 of the standard, core schema.
    code = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))

    assert code["publiccodeYmlVersion"] == "0.4"
    assert {"name", "url", "platforms", "categories"} <= code.keys()
    assert code["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert code["softwareType"] == "standalone/backend"
    assert code["legal"] == {"license": "EUPL-1.2"}
    assert code["maintenance"]["type"] == "community"
    assert all(contact["name"] for contact in code["maintenance"]["contacts"])
    assert code["localisation"]["localisationReady"] is True
    assert set(code["localisation"]["availableLanguages"]) == {"nb", "nn", "da", "sv", "en"}
    for described in code["description"].values():
        assert 0 < len(described["shortDescription"]) <= 150
        assert 150 <= len(described["longDescription"]) <= 10_000
        assert all(len(feature) <= 100 for feature in described["features"])
