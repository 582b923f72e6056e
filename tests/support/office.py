"""LibreOffice, without a window: recalculates and saves a workbook, or prints a Word document."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from tests.support import packages

# Without this it believes the figures in the file.
_ALWAYS_CALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""


# What Debian packs apart, and the file that tells that it is there.
_PARTS = {"calc": "libsclo.so", "writer": "libswlo.so"}
_DEBIAN = Path("/usr/lib/libreoffice/program")


def program(part: str = "calc") -> str:
    """Its path, with `calc` or `writer` in it; installed where it is missing."""
    found = packages.found(partial(_find, part), f"libreoffice-{part}-nogui")
    if found is None:
        sys.exit("The tests open files in LibreOffice, and there is none: install it (soffice).")
    return found


def recalculated(content: bytes, place: Path) -> bytes:
    """The workbook as LibreOffice saves it, in a profile of its own below `place`."""
    profile = place / "profile" / "user"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "registrymodifications.xcu").write_text(_ALWAYS_CALCULATE)
    source, target = place / "sent.xlsx", place / "saved"
    source.write_bytes(content)
    own = f"-env:UserInstallation={profile.parent.as_uri()}"
    kind = "xlsx:Calc MS Excel 2007 XML"
    command = [program(), own, "--headless", "--convert-to", kind, "--outdir", str(target), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    saved = target / "sent.xlsx"
    assert saved.exists(), done.stderr
    return saved.read_bytes()


def printed(content: bytes, place: Path) -> bytes:
    """A Word document as LibreOffice prints it to PDF, in a profile of its own below `place`."""
    return printed_together({"sent": content}, place)["sent"]


def printed_together(contents: Mapping[str, bytes], place: Path) -> dict[str, bytes]:
    """Word documents as LibreOffice prints them to PDF, by name, started once."""
    sources, target = [place / f"{name}.docx" for name in contents], place / "printed"
    for source, content in zip(sources, contents.values(), strict=True):
        source.write_bytes(content)
    own = f"-env:UserInstallation={(place / 'profile').as_uri()}"
    command = [program("writer"), own, "--headless", "--convert-to", "pdf", "--outdir", str(target)]
    done = subprocess.run([*command, *sources], capture_output=True, text=True, check=False, timeout=180)
    saved = {name: target / f"{name}.pdf" for name in contents}
    assert all(one.exists() for one in saved.values()), done.stderr
    assert "Error" not in done.stderr
    return {name: one.read_bytes() for name, one in saved.items()}


def _find(part: str) -> str | None:
    is_there = not _DEBIAN.exists() or (_DEBIAN / _PARTS[part]).exists()
    return shutil.which("soffice") if is_there else None
