"""Files as Envoy reads them: by name, or copied into its configuration."""

import base64
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
