"""Files as Envoy reads them: by name, or copied into its configuration."""

import base64
from importlib.resources import files
from pathlib import Path
from typing import Any


def file_source(file: Path, *, is_copied: bool) -> dict[str, Any]:
    if not is_copied:
        return {"filename": str(file)}
    content = file.read_bytes()
    try:
        return {"inline_string": content.decode()}
    except UnicodeDecodeError:
        return {"inline_bytes": base64.b64encode(content).decode()}


def watched_source(file: Path) -> dict[str, Any]:
    """A file that is read again whenever another is moved into its place."""
    return {"filename": str(file), "watched_directory": {"path": str(file.parent)}}


def own_file(name: str) -> Path:
    """A file of ours that a browser gets as it is."""
    return Path(str(files("gevinst_shared.cli.gateway"))) / "docs" / name
