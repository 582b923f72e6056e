"""The repository's own files, without what tools leave behind."""

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {
    "gevinst_shared": ROOT / "shared" / "gevinst_shared",
    "gevinst_portfolio": ROOT / "services" / "portfolio" / "gevinst_portfolio",
    "gevinst_benefits": ROOT / "services" / "benefits" / "gevinst_benefits",
    "gevinst_notifications": ROOT / "services" / "notifications" / "gevinst_notifications",
}
_MADE_BY_TOOLS = {"node_modules", "build", "dist", "__pycache__"}


def files(*suffixes: str) -> Iterator[Path]:
    """Our files, sorted: all, or those with one of `suffixes`. Hidden folders but `.ci` are left out."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if _is_ours(name))
        for name in sorted(names):
            if not suffixes or name.endswith(suffixes):
                yield Path(folder, name)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _is_ours(folder: str) -> bool:
    is_hidden = folder.startswith(".") and folder != ".ci"
    return not is_hidden and folder not in _MADE_BY_TOOLS and not folder.endswith(".egg-info")
