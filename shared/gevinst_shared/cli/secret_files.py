"""Secrets that are made once and kept in files that only their owner can read."""

import os
import secrets
from pathlib import Path


def secret(path: Path) -> str:
    """The secret in `path`; a missing one is made (256 bits, mode 0600)."""
    if path.exists():
        return path.read_text().strip()
    value = secrets.token_urlsafe(32)
    write_secret(path, value)
    return value


def write_secret(path: Path, value: str) -> None:
    """Put `value` into `path` in one step, so that a reader sees all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(value + "\n")
    draft.replace(path)
