"""LibreOffice, without a window: opens a workbook, calculates every formula anew, and saves it."""

import shutil
import subprocess
import sys
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


def program() -> str:
    """Its path; installed where it is missing."""
    found = shutil.which("soffice")
    if found is None and packages.may_install():
        packages.install("libreoffice-calc-nogui")
        found = shutil.which("soffice")
    if found is None:
        sys.exit("The tests open workbooks in LibreOffice, and there is none: install it (soffice).")
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
